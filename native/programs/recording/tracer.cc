#include "programs/recording/tracer.h"

#include "dispatch/environment.h"
#include "node/error.h"
#include "programs/passes/check_guards.h"
#include "programs/passes/plan_releases.h"
#include "tensors/gradients.h"
#include "tensors/slot_values.h"

namespace palabra {

Tracer::Tracer(Environment& environment, const std::vector<SlotId>& inputs)
    : environment_(environment),
      started_(environment.slots.clock()),
      ambient_generator_(environment.next_generator++),
      outer_generator_(environment.generator) {
  for (const SlotId id : inputs) {
    const at::Tensor& tensor = environment.slots.get(id);
    const Register reg = make_register();
    graph_.inputs.push_back(reg);
    registers_[id] = reg;
    add_bound(tensor, reg);
  }
  environment.generators.emplace(ambient_generator_, environment.generators.at(outer_generator_));
  environment.generator = ambient_generator_;
}

Tracer::~Tracer() {
  environment_.generators.erase(ambient_generator_);
  environment_.generator = environment_.generators.count(outer_generator_) ? outer_generator_ : 0;
}

void Tracer::add_bound(const at::Tensor& tensor, Register reg) {
  bound_.emplace(reg, graph_.guards.size());
  graph_.guards.push_back(make_guard(tensor));
  had_gradient_.push_back(get_gradient(tensor).defined());
  uses_.add(tensor);
}

void Tracer::note_look(SlotId id) {
  if (!registers_.count(id) && environment_.slots.born(id) <= started_) find_register(id);
}

void Tracer::note_gradient_look(SlotId id) {
  note_look(id);
  const auto known = registers_.find(id);
  if (known == registers_.end() || gradient_set_.count(known->second)) return;
  const auto bound = bound_.find(known->second);
  if (bound != bound_.end()) graph_.guards[bound->second].gradient = had_gradient_[bound->second];
}

bool Tracer::draws_from_environment(const Parameter& parameter, napi_value value) const {
  return parameter.kind == Kind::kGenerator && environment_.generator == ambient_generator_ &&
         (value == nullptr || js::is_absent(environment_.env, value));
}

Register Tracer::find_register(SlotId id) {
  if (const auto known = registers_.find(id); known != registers_.end()) return known->second;
  const at::Tensor& tensor = environment_.slots.get(id);
  const Register reg = make_register();
  registers_[id] = reg;
  if (environment_.slots.born(id) <= started_) {
    graph_.externals.emplace_back(id, reg);
    add_bound(tensor, reg);
  } else {
    graph_.constants.emplace_back(tensor.detach().clone().requires_grad_(tensor.requires_grad()),
                                  reg);
  }
  return reg;
}

std::vector<Register> Tracer::find_registers(const std::vector<SlotId>& ids) {
  std::vector<Register> found;
  for (const SlotId id : ids) found.push_back(find_register(id));
  return found;
}

std::vector<Register> Tracer::find_registers(const std::vector<std::optional<SlotId>>& ids) {
  std::vector<Register> found;
  for (const auto& id : ids) found.push_back(id ? find_register(*id) : kNoRegister);
  return found;
}

Operand Tracer::make_operand(const Parameter& parameter, napi_value value,
                             const c10::IValue& converted) {
  napi_env env = environment_.env;
  if (parameter.kind == Kind::kTensor && converted.isTensor()) {
    return {Operand::Form::kTensor, {}, {find_register(js::read_slot(env, value, parameter.name))}};
  }
  if (parameter.kind == Kind::kTensors && converted.isList()) {
    return {
        Operand::Form::kTensors, {}, find_registers(js::read_slots(env, value, parameter.name))};
  }
  if (parameter.kind == Kind::kOptionalTensors && converted.isList()) {
    Operand result{Operand::Form::kOptionalTensors, {}, {}};
    for (uint32_t i = 0; i < js::read_length(env, value, parameter.name); ++i) {
      napi_value item = js::read_element(env, value, i);
      result.registers.push_back(js::is_absent(env, item)
                                     ? kNoRegister
                                     : find_register(js::read_slot(env, item, parameter.name)));
    }
    return result;
  }
  if (converted.isGenerator() && draws_from_environment(parameter, value))
    return {Operand::Form::kGenerator, {}, {}};
  return {Operand::Form::kConstant, converted, {}};
}

void Tracer::begin_call(const Operator& op, const napi_value* args, size_t count,
                        const torch::jit::Stack& stack) {
  if (op.reads_values) refuse_while_recording(environment_, op.name.c_str());
  CallStep step{&op, {}, {}};
  for (size_t i = 0; i < op.arguments.size(); ++i) {
    step.operands.push_back(make_operand(op.arguments[i], i < count ? args[i] : nullptr, stack[i]));
  }
  uses_.note_call(op, stack);
  if (uses_.changed()) graph_.first_change = std::min(graph_.first_change, graph_.steps.size());
  graph_.differentiates |= op.accumulates;
  pending_ = std::move(step);
}

void Tracer::end_call(const Operator& op, const torch::jit::Stack& stack) {
  expected_.clear();
  for (size_t i = 0; i < op.results.size(); ++i) {
    if (op.results[i].alias >= 0) continue;
    if (stack[i].isTensor()) {
      pending_.results.push_back(expect_result(stack[i].toTensor()));
    } else {
      for (const at::Tensor& item : stack[i].toTensorVector())
        pending_.results.push_back(expect_result(item));
    }
  }
  add_step(std::move(pending_));
}

Register Tracer::expect_result(const at::Tensor& tensor) {
  if (!tensor.defined()) return kNoRegister;
  expected_.push_back(make_register());
  return expected_.back();
}

void Tracer::bind_result(SlotId id) {
  if (expected_.empty()) return;
  registers_[id] = expected_.front();
  expected_.pop_front();
}

void Tracer::add_step(Step step) {
  graph_.differentiates |=
      std::holds_alternative<BackwardStep>(step) || std::holds_alternative<GradientsStep>(step);
  if (const auto* set = std::get_if<SetGradStep>(&step)) gradient_set_.insert(set->tensor);
  graph_.steps.push_back(std::move(step));
}

Graph Tracer::finish(const std::vector<SlotId>& outputs) {
  graph_.outputs = find_registers(outputs);
  graph_.uses = uses_.finish();
  plan_releases(graph_);
  return std::move(graph_);
}

void refuse_while_recording(const Environment& environment, const char* what) {
  if (!environment.tracer) return;
  throw_error("PAL_PROGRAM_VALUE",
              {"program", "operators whose results stay tensors of known shape", what,
               "A program replays without JavaScript, so it can't read a value: "
               "return the tensor and read it outside."});
}

}  // namespace palabra
