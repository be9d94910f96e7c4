#include "program.h"

#include <algorithm>
#include <sstream>

#include "error.h"
#include "gradients.h"

namespace palabra {

namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

// The registers a step reads or writes.
std::vector<Register> used_by(const Step& step) {
  std::vector<Register> used;
  const auto add = [&](const std::vector<Register>& more) {
    used.insert(used.end(), more.begin(), more.end());
  };
  std::visit(Overloaded{
                 [&](const CallStep& s) {
                   for (const Operand& operand : s.operands) add(operand.registers);
                   add(s.results);
                 },
                 [&](const BackwardStep& s) { add(s.roots), add(s.gradients); },
                 [&](const GradientsStep& s) {
                   add(s.outputs), add(s.inputs), add(s.grad_outputs), add(s.results);
                 },
                 [&](const GetGradStep& s) { add({s.tensor, s.result}); },
                 [&](const SetGradStep& s) { add({s.tensor, s.grad}); },
                 [&](const RequiresGradStep& s) { add({s.tensor}); },
                 [&](const ModeStep&) {},
             },
             step);
  used.erase(std::remove(used.begin(), used.end(), kNoRegister), used.end());
  return used;
}

class Replay {
 public:
  explicit Replay(Registers registers) : registers_(std::move(registers)) {}

  void run(const CallStep& step) {
    stack_.clear();
    for (const Operand& operand : step.operands) stack_.push_back(value_of(operand));
    run_operator(*step.op, stack_);
    take_results(step);
    stack_.clear();
  }

  void run(const BackwardStep& step) {
    run_backward(tensors(step.roots), tensors(step.gradients), step.retain_graph,
                 step.create_graph);
  }

  void run(const GradientsStep& step) {
    const auto found =
        run_gradients(tensors(step.outputs), tensors(step.inputs), tensors(step.grad_outputs),
                      step.retain_graph, step.create_graph, step.allow_unused);
    for (size_t i = 0; i < found.size(); ++i) put(step.results[i], found[i]);
  }

  void run(const GetGradStep& step) { put(step.result, gradient_of(registers_[step.tensor])); }
  void run(const SetGradStep& step) { set_gradient(registers_[step.tensor], tensor(step.grad)); }
  void run(const RequiresGradStep& step) { registers_[step.tensor].requires_grad_(step.value); }
  void run(const ModeStep& step) { step.apply(); }

  void release(const std::vector<Register>& dead) {
    for (const Register reg : dead) registers_[reg].reset();
  }

  std::vector<at::Tensor> tensors(const std::vector<Register>& from) const {
    std::vector<at::Tensor> found;
    for (const Register reg : from) found.push_back(tensor(reg));
    return found;
  }

 private:
  at::Tensor tensor(Register reg) const {
    return reg == kNoRegister ? at::Tensor() : registers_[reg];
  }

  void put(Register reg, at::Tensor tensor) {
    if (reg != kNoRegister) registers_[reg] = std::move(tensor);
  }

  c10::IValue value_of(const Operand& operand) const {
    switch (operand.form) {
      case Operand::Form::kConstant: return operand.constant;
      case Operand::Form::kTensor: return registers_[operand.registers[0]];
      case Operand::Form::kTensors: return c10::List<at::Tensor>(tensors(operand.registers));
      case Operand::Form::kOptionalTensors: break;
    }
    c10::List<std::optional<at::Tensor>> list;
    for (const Register reg : operand.registers) {
      list.push_back(reg == kNoRegister ? std::nullopt
                                        : std::optional<at::Tensor>(registers_[reg]));
    }
    return list;
  }

  void take_results(const CallStep& step) {
    size_t next = 0;
    for (size_t i = 0; i < step.op->results.size(); ++i) {
      if (step.op->results[i].alias >= 0) continue;
      if (stack_[i].isTensor()) {
        put(step.results[next++], std::move(stack_[i]).toTensor());
      } else {
        for (const at::Tensor& item : stack_[i].toTensorVector())
          put(step.results.at(next++), item);
      }
    }
  }

  Registers registers_;
  torch::jit::Stack stack_;
};

std::string list_text(const std::vector<Register>& registers) {
  std::string text;
  for (const Register reg : registers) {
    text += (text.empty() ? "" : ", ") +
            (reg == kNoRegister ? std::string("none") : "%" + std::to_string(reg));
  }
  return text;
}

std::string operand_text(const Operand& operand) {
  if (operand.form == Operand::Form::kTensor) return list_text(operand.registers);
  if (operand.form != Operand::Form::kConstant) return "[" + list_text(operand.registers) + "]";
  if (operand.constant.isGenerator()) return "generator";
  std::ostringstream text;
  text << operand.constant;
  return text.str();
}

std::string call_text(const CallStep& step) {
  std::string text = step.results.empty() ? "" : list_text(step.results) + " = ";
  text += step.op->name + "(";
  for (size_t i = 0; i < step.operands.size(); ++i)
    text += (i ? ", " : "") + operand_text(step.operands[i]);
  return text + ")";
}

// The step's name, cheap enough for every step of every run.
void name_step(const Step& step, std::string& where) {
  if (const auto* call = std::get_if<CallStep>(&step)) {
    where = call->op->name;
  } else if (std::holds_alternative<BackwardStep>(step)) {
    where = "backward";
  } else {
    where = "program";
  }
}

}  // namespace

void plan_releases(Program& program) {
  std::vector<int64_t> last(program.register_count, -1);
  for (size_t i = 0; i < program.steps.size(); ++i) {
    for (const Register reg : used_by(program.steps[i])) last[reg] = static_cast<int64_t>(i);
  }
  for (const Register reg : program.outputs) {
    if (reg != kNoRegister) last[reg] = -1;
  }
  program.releases.assign(program.steps.size(), {});
  for (Register reg = 0; reg < program.register_count; ++reg) {
    if (last[reg] >= 0) program.releases[last[reg]].push_back(reg);
  }
}

std::vector<at::Tensor> replay(const Program& program, Registers registers,
                               const std::atomic<bool>& aborted, std::string& where) {
  Replay run(std::move(registers));
  for (size_t i = 0; i < program.steps.size(); ++i) {
    if (aborted.load(std::memory_order_relaxed)) {
      throw Error("PAL_ABORTED", "program: aborted before step " + std::to_string(i) + " of " +
                                     std::to_string(program.steps.size()) + ".");
    }
    name_step(program.steps[i], where);
    std::visit([&](const auto& step) { run.run(step); }, program.steps[i]);
    run.release(program.releases[i]);
  }
  return run.tensors(program.outputs);
}

std::string step_text(const Step& step) {
  return std::visit(
      Overloaded{
          [](const CallStep& s) { return call_text(s); },
          [](const BackwardStep& s) { return "backward(" + list_text(s.roots) + ")"; },
          [](const GradientsStep& s) {
            return list_text(s.results) + " = gradients(" + list_text(s.outputs) + "; " +
                   list_text(s.inputs) + ")";
          },
          [](const GetGradStep& s) {
            return list_text({s.result}) + " = grad(" + list_text({s.tensor}) + ")";
          },
          [](const SetGradStep& s) {
            return "grad(" + list_text({s.tensor}) + ") = " + list_text({s.grad});
          },
          [](const RequiresGradStep& s) {
            return "requiresGrad(" + list_text({s.tensor}) + ") = " + (s.value ? "true" : "false");
          },
          [](const ModeStep& s) { return s.name; },
      },
      step);
}

}  // namespace palabra
