#include "recording.h"

#include "environment.h"
#include "error.h"
#include "js.h"

namespace palabra {

Recording::Recording(Environment& environment, const std::vector<SlotId>& inputs)
    : environment_(environment), started_(environment.slots.clock()) {
  for (const SlotId id : inputs) {
    environment.slots.get(id);
    const Register reg = new_register();
    program_.inputs.push_back(reg);
    registers_[id] = reg;
  }
}

Register Recording::register_of(SlotId id) {
  if (const auto known = registers_.find(id); known != registers_.end()) return known->second;
  const at::Tensor& tensor = environment_.slots.get(id);
  const Register reg = new_register();
  registers_[id] = reg;
  if (environment_.slots.born(id) <= started_) {
    program_.externals.emplace_back(id, reg);
  } else {
    program_.constants.emplace_back(tensor.detach().clone().requires_grad_(tensor.requires_grad()),
                                    reg);
  }
  return reg;
}

std::vector<Register> Recording::registers_of(const std::vector<SlotId>& ids) {
  std::vector<Register> found;
  for (const SlotId id : ids) found.push_back(register_of(id));
  return found;
}

std::vector<Register> Recording::registers_of(const std::vector<std::optional<SlotId>>& ids) {
  std::vector<Register> found;
  for (const auto& id : ids) found.push_back(id ? register_of(*id) : kNoRegister);
  return found;
}

Operand Recording::operand(const Parameter& parameter, napi_value value,
                           const c10::IValue& converted) {
  napi_env env = environment_.env;
  if (parameter.kind == Kind::kTensor && converted.isTensor()) {
    return {Operand::Form::kTensor, {}, {register_of(js::slot(env, value, parameter.name))}};
  }
  if (parameter.kind == Kind::kTensors && converted.isList()) {
    return {Operand::Form::kTensors, {}, registers_of(js::slots(env, value, parameter.name))};
  }
  if (parameter.kind == Kind::kOptionalTensors && converted.isList()) {
    Operand result{Operand::Form::kOptionalTensors, {}, {}};
    for (uint32_t i = 0; i < js::length(env, value, parameter.name); ++i) {
      napi_value item = js::element(env, value, i);
      result.registers.push_back(
          js::absent(env, item) ? kNoRegister : register_of(js::slot(env, item, parameter.name)));
    }
    return result;
  }
  return {Operand::Form::kConstant, converted, {}};
}

void Recording::begin_call(const Operator& op, const napi_value* args, size_t count,
                           const torch::jit::Stack& stack) {
  if (op.reads_values) refuse_while_recording(environment_, op.name.c_str());
  CallStep step{&op, {}, {}};
  for (size_t i = 0; i < op.arguments.size(); ++i) {
    step.operands.push_back(operand(op.arguments[i], i < count ? args[i] : nullptr, stack[i]));
  }
  pending_ = std::move(step);
}

void Recording::end_call(const Operator& op, const torch::jit::Stack& stack) {
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
  add(std::move(pending_));
}

Register Recording::expect_result(const at::Tensor& tensor) {
  if (!tensor.defined()) return kNoRegister;
  expected_.push_back(new_register());
  return expected_.back();
}

void Recording::bind_result(SlotId id) {
  if (expected_.empty()) return;
  registers_[id] = expected_.front();
  expected_.pop_front();
}

Program Recording::finish(const std::vector<SlotId>& outputs) {
  program_.outputs = registers_of(outputs);
  plan_releases(program_);
  return std::move(program_);
}

void refuse_while_recording(const Environment& environment, const char* what) {
  if (!environment.recording) return;
  fail("PAL_PROGRAM_VALUE", {"program", "operators whose results stay tensors of known shape", what,
                             "A program replays without JavaScript, so it can't read a value: "
                             "return the tensor and read it outside."});
}

}  // namespace palabra
