#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/ones_like.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/library.h>

#include <string>
#include <utility>
#include <vector>

#include "process.h"

namespace {

constexpr unsigned kSeconds = 5;

c10::OperatorHandle operator_named(const std::string& name) {
  const size_t dot = name.find('.');
  return c10::Dispatcher::singleton().findSchemaOrThrow(
      name.substr(0, dot).c_str(), dot == std::string::npos ? "" : name.substr(dot + 1).c_str());
}

c10::OperatorHandle operator_of(const c10::OperatorHandle& trial) {
  const c10::OperatorName& name = trial.operator_name();
  return c10::Dispatcher::singleton().findSchemaOrThrow(
      ("aten" + name.name.substr(name.name.find("::"))).c_str(), name.overload_name.c_str());
}

std::vector<at::Tensor> tensors_of(const torch::jit::Stack& values) {
  std::vector<at::Tensor> found;
  for (const c10::IValue& value : values) {
    if (value.isTensor() && value.toTensor().defined()) found.push_back(value.toTensor());
    if (!value.isTensorList()) continue;
    for (const at::Tensor& tensor : value.toTensorVector()) found.push_back(tensor);
  }
  return found;
}

void call_on(const at::Tensor& tensor, const c10::OperatorHandle& op) {
  torch::jit::Stack stack{tensor};
  for (size_t i = 1; i < op.schema().arguments().size(); ++i) {
    const c10::Argument& argument = op.schema().arguments()[i];
    const bool number = argument.type()->kind() == c10::TypeKind::NumberType;
    stack.push_back(argument.default_value().value_or(number ? c10::IValue(2) : c10::IValue()));
  }
  op.callBoxed(&stack);
}

void differentiate(const std::vector<at::Tensor>& results, const std::vector<at::Tensor>& given) {
  std::vector<at::Tensor> outputs, inputs, ones;
  for (const at::Tensor& tensor : results) {
    if (tensor.requires_grad()) outputs.push_back(tensor);
  }
  for (const at::Tensor& tensor : given) {
    if (tensor.requires_grad()) inputs.push_back(tensor);
  }
  if (outputs.empty() || inputs.empty()) return;
  for (const at::Tensor& tensor : outputs) ones.push_back(at::ones_like(tensor));
  torch::autograd::grad(outputs, inputs, ones, false, false, true);
}

struct Trial {
  c10::OperatorHandle op;
  torch::jit::Stack stack;
  std::vector<std::string> following;
};

struct State {
  // What the next trials do with their results.
  std::vector<std::string> following;
  // Trials wait in `waiting` for fuzz::run.
  bool collecting = false;
  std::vector<Trial> waiting;
};

State& state() {
  static State& only = *new State();
  return only;
}

void run(Trial trial) {
  const std::vector<at::Tensor> given = tensors_of(trial.stack);
  trial.op.callBoxed(&trial.stack);
  const std::vector<at::Tensor> results = tensors_of(trial.stack);
  for (const std::string& name : trial.following) {
    if (name == "gradients") {
      differentiate(results, given);
    } else {
      for (const at::Tensor& tensor : results) call_on(tensor, operator_named(name));
    }
  }
}

// Whether a trial ends without an exception. Both are answers; only a death is none.
bool completes(Trial trial) {
  try {
    run(std::move(trial));
    return true;
  } catch (...) {
    return false;
  }
}

void run_all(const std::vector<Trial>& trials) {
  for (const Trial& trial : trials) static_cast<void>(completes(trial));
}

void attempt(const c10::OperatorHandle& trial, c10::DispatchKeySet, torch::jit::Stack* stack) {
  std::vector<Trial> one{{operator_of(trial), *stack, state().following}};
  if (state().collecting) {
    state().waiting.push_back(one[0]);
    TORCH_CHECK(false, "waiting");
  }
  const int signal = palabra::fuzz::signal_of([&] { run_all(one); }, kSeconds);
  TORCH_CHECK(false, "signal ", signal);
}

std::vector<Trial> take_waiting() {
  std::vector<Trial> trials = std::move(state().waiting);
  state().waiting.clear();
  state().collecting = false;
  return trials;
}

int64_t run_waiting() {
  const std::vector<Trial> trials = take_waiting();
  return palabra::fuzz::signal_of([&] { run_all(trials); }, kSeconds);
}

c10::IValue with(const c10::IValue& value, const at::Tensor& mark, const at::Tensor& tensor) {
  if (value.isTensor() && value.toTensor().is_same(mark)) return tensor;
  if (!value.isList()) return value;
  c10::List<c10::IValue> list = value.toList().copy();
  for (size_t i = 0; i < list.size(); ++i) list.set(i, with(list.get(i), mark, tensor));
  return list;
}

// Runs the first of those that wait, then the second with the first's result in place of `mark`.
int64_t run_pair(const at::Tensor& mark) {
  std::vector<Trial> trials = take_waiting();
  TORCH_CHECK(trials.size() == 2, "two trials make a pair");
  const auto pair = [&] {
    trials[0].op.callBoxed(&trials[0].stack);
    const std::vector<at::Tensor> results = tensors_of(trials[0].stack);
    for (c10::IValue& value : trials[1].stack) value = with(value, mark, results.at(0));
    run_all({trials[1]});
  };
  return palabra::fuzz::signal_of(pair, kSeconds);
}

}  // namespace

// `trial::x` calls aten::x in a copy of this process, and always ends with an error that tells the
// signal that ended the copy, or 0. The core knows it by another name, so neither its list of
// refused operators nor its checks apply.
TORCH_LIBRARY(trial, library) {
  for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames()) {
    const auto handle = c10::Dispatcher::singleton().findSchema(name);
    if (name.name.rfind("aten::", 0) != 0 || !handle) continue;
    c10::FunctionSchema schema =
        handle->schema().cloneWithName("trial" + name.name.substr(4), name.overload_name);
    const std::string spelled = toString(schema.operator_name());
    library.def(std::move(schema));
    library.impl(spelled.c_str(), torch::CppFunction::makeFromBoxedFunction<&attempt>());
  }
}

TORCH_LIBRARY(fuzz, library) {
  // What the next trials do with their results: operators to call on each, or "gradients".
  library.def("then(str[] operators) -> ()",
              [](const std::vector<std::string>& names) { state().following = names; });
  // Trials wait from here on, and end with the error "waiting".
  library.def("collect() -> ()", [] { state().collecting = true; });
  // Runs those that wait in one copy of this process; gives the signal that ended it, or 0.
  library.def("run() -> int", &run_waiting);
  // Runs two that wait, the second with the first's result in place of the tensor `mark`.
  library.def("pair(Tensor mark) -> int", &run_pair);
}
