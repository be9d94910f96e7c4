#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dispatch/operators.h"
#include "tensors/slots.h"

namespace palabra {

// A place of a program's temporaries; kNoRegister stands for an undefined tensor.
using Register = int32_t;
constexpr Register kNoRegister = -1;

// An argument of a recorded call: a constant, a tensor or a list of tensors.
struct Operand {
  // kGenerator stands for the generator that the run draws from.
  enum class Form : uint8_t { kConstant, kTensor, kTensors, kOptionalTensors, kGenerator };
  Form form = Form::kConstant;
  c10::IValue constant;
  std::vector<Register> registers;
};

struct CallStep {
  const Operator* op = nullptr;
  std::vector<Operand> operands;
  // One for each tensor of the results that is not an argument, in order.
  std::vector<Register> results;
};

struct BackwardStep {
  std::vector<Register> roots;
  std::vector<Register> gradients;
  bool retain_graph;
  bool create_graph;
};

struct GradientsStep {
  std::vector<Register> outputs;
  std::vector<Register> inputs;
  std::vector<Register> grad_outputs;
  std::vector<Register> results;
  bool retain_graph;
  bool create_graph;
  bool allow_unused;
};

struct GetGradStep {
  Register tensor;
  Register result;
};

struct SetGradStep {
  Register tensor;
  Register grad;
};

struct RequiresGradStep {
  Register tensor;
  bool value;
};

// Sets a mode of the thread: gradients, inference, autocast.
struct ModeStep {
  std::string name;
  std::function<void()> apply;
};

using Step = std::variant<CallStep, BackwardStep, GradientsStep, GetGradStep, SetGradStep,
                          RequiresGradStep, ModeStep>;

// What JavaScript may have gone by at the recording, of a tensor from outside it.
struct Guard {
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
  c10::DispatchKeySet keys;
  at::ScalarType dtype;
  bool requires_grad;
  bool leaf;
  // Whether it had a gradient, where that was asked for.
  std::optional<bool> gradient;
};

// A recorded run: steps over registers. Immutable once finished; runs share it between threads.
struct Graph {
  std::vector<Step> steps;
  // The registers that no later step needs, for each step.
  std::vector<std::vector<Register>> releases;
  Register register_count = 0;
  std::vector<Register> inputs;
  std::vector<Register> outputs;
  // Tensors from before the recording, bound anew at each run.
  std::vector<std::pair<SlotId, Register>> externals;
  // Tensors made from data while recording, as they were before any step changed them.
  std::vector<std::pair<at::Tensor, Register>> constants;
  // What the steps do with each input, then each external.
  std::vector<uint8_t> uses;
  // There is a backward pass: it may come to every input and external that requires gradients.
  bool differentiates = false;
  // One for each input, then each external.
  std::vector<Guard> guards;
  // The first step that changes values from outside; an abort takes effect before it, or not at
  // all.
  size_t first_change = std::numeric_limits<size_t>::max();
};

// The step in one line, such as `%5 = aten::add.Tensor(%1, %2, 1)`.
std::string format_step(const Step& step);

// Cases of a visit, as lambdas.
template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace palabra
