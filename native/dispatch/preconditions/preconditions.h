#pragma once

#include <ATen/core/stack.h>

#include <functional>
#include <string>
#include <vector>

#include "dispatch/operators.h"

namespace palabra {

// The arguments of a call by name, for checks.
class CheckedCall {
 public:
  CheckedCall(const Operator& op, const torch::jit::Stack& stack) : op_(op), stack_(stack) {}

  // The argument; None when the operator has no such argument or none was given.
  const c10::IValue& operator[](const char* name) const;
  // The tensor of an argument; undefined when none was given.
  at::Tensor tensor(const char* name) const;
  std::vector<at::Tensor> tensors(const char* name) const;
  // The integers of an argument: of a list, of one number or none.
  std::vector<int64_t> integers(const char* name) const;
  const Operator& op() const { return op_; }
  const torch::jit::Stack& values() const { return stack_; }

  // Throws `code` unless `holds`.
  void expect(bool holds, const char* argument, const std::string& expected,
              const std::string& received, const char* code = "PAL_ARGUMENT") const;

 private:
  const Operator& op_;
  const torch::jit::Stack& stack_;
};

using Check = std::function<void(const CheckedCall&)>;
using Checks = std::vector<Check>;

// What must hold of the arguments of an operator that libtorch runs without looking; null for most.
// The overloads of one name share their checks.
const Checks* find_preconditions(const std::string& name);

}  // namespace palabra
