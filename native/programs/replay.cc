#include "programs/replay.h"

#include "node/error.h"
#include "tensors/gradients.h"

namespace palabra {

namespace {

class Replay {
 public:
  Replay(Registers registers, const at::Generator& generator)
      : registers_(std::move(registers)), generator_(generator) {}

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
        compute_gradients(tensors(step.outputs), tensors(step.inputs), tensors(step.grad_outputs),
                          step.retain_graph, step.create_graph, step.allow_unused);
    for (size_t i = 0; i < found.size(); ++i) put(step.results[i], found[i]);
  }

  void run(const GetGradStep& step) { put(step.result, get_gradient(registers_[step.tensor])); }
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
      case Operand::Form::kGenerator: return generator_;
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
  const at::Generator& generator_;
  torch::jit::Stack stack_;
};

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

std::vector<at::Tensor> replay_graph(const Graph& graph, Registers registers,
                                     const at::Generator& generator, const ReplaySignals& signals,
                                     std::string& where) {
  Replay run(std::move(registers), generator);
  for (size_t i = 0; i < graph.steps.size(); ++i) {
    const bool ends = signals.stopped.load(std::memory_order_relaxed) ||
                      (i <= graph.first_change && signals.aborted.load(std::memory_order_relaxed));
    if (ends) {
      throw Error("PAL_ABORTED", "program: aborted before step " + std::to_string(i) + " of " +
                                     std::to_string(graph.steps.size()) + ".");
    }
    name_step(graph.steps[i], where);
    std::visit([&](const auto& step) { run.run(step); }, graph.steps[i]);
    run.release(graph.releases[i]);
  }
  return run.tensors(graph.outputs);
}

}  // namespace palabra
