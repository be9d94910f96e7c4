#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace palabra {

enum class Kind : uint8_t {
  kTensor,
  kTensors,
  kOptionalTensors,
  kScalar,
  kScalars,
  kInt,
  kInts,
  kFloat,
  kFloats,
  kBool,
  kBools,
  kString,
  kStrings,
  kDType,
  kLayout,
  kMemoryFormat,
  kDevice,
  kGenerator,
  kUnsupported,
};

// One argument or result of an operator, read from its schema once.
struct Parameter {
  std::string name;
  Kind kind = Kind::kUnsupported;
  bool optional = false;
  bool keyword_only = false;
  bool has_default = false;
  // The length a fixed-size list has, so that one number can stand for it; 0 for none.
  int32_t size = 0;
  // For a result: the argument it is, or -1.
  int32_t alias = -1;
  // For an argument: the operator changes it.
  bool written = false;
  c10::IValue default_value;

  std::string spell() const;
};

class CheckedCall;

// An operator of the dispatcher with its schema digested.
struct Operator {
  explicit Operator(c10::OperatorHandle found);

  c10::OperatorHandle handle;
  std::string name;
  std::vector<Parameter> arguments;
  std::vector<Parameter> results;
  // The one result is a new tensor: the common case.
  bool gives_tensor = false;
  // What must hold of its arguments for libtorch to survive them; null for most.
  const std::vector<std::function<void(const CheckedCall&)>>* checks = nullptr;
  // A result is a plain value, or its shape depends on values: a program can't replay it.
  bool reads_values = false;
  // Changes shape, memory or autograd history of the arguments that it changes, not their values
  // alone.
  bool reshapes = false;
  // May give arguments other sizes: those it writes its results to, or those that it reshapes.
  bool resizes = false;
  // Adds to the gradients of the leaves behind its arguments, as a backward pass.
  bool accumulates = false;
};

// Calls `visit(parameter, tensor)` with each tensor among the arguments on the stack.
template <typename Visit>
void visit_tensors(const Operator& op, const torch::jit::Stack& stack, Visit visit) {
  for (size_t i = 0; i < op.arguments.size(); ++i) {
    const c10::IValue& value = stack[i];
    if (value.isTensor()) {
      if (value.toTensor().defined()) visit(op.arguments[i], value.toTensor());
    } else if (op.arguments[i].kind == Kind::kTensors ||
               op.arguments[i].kind == Kind::kOptionalTensors) {
      if (!value.isList()) continue;
      for (const c10::IValue& item : value.toListRef())
        if (item.isTensor() && item.toTensor().defined()) visit(op.arguments[i], item.toTensor());
    }
  }
}

class OperatorTable {
 public:
  // Finds and binds an operator by `namespace::name.overload`; throws PAL_OPERATOR for an unknown
  // one.
  uint32_t bind(const std::string& name);
  const Operator& get(uint32_t id) const;

 private:
  std::deque<Operator> operators_;
  std::unordered_map<std::string, uint32_t> ids_;
};

// Checks the arguments on the stack and runs the operator on them; throws PAL_ARGUMENT, PAL_SHAPE,
// PAL_DTYPE or PAL_UNSUPPORTED for what libtorch would not survive.
void run_operator(const Operator& op, torch::jit::Stack& stack);

// The call with which libtorch dies, for an operator of the list in refused.cc; null for the
// others.
const char* find_refusal(const std::string& name);

}  // namespace palabra
