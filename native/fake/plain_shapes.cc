// Shapes of operators whose results follow from their arguments by one rule for many of them.

#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/where.h>

#include "fake/shapes.h"

namespace palabra {

namespace {

using at::Tensor;
using c10::OperatorHandle;
using torch::jit::Stack;

void give(const OperatorHandle& op, Stack* stack, Tensor result) {
  torch::jit::drop(*stack, op.schema().arguments().size());
  stack->emplace_back(std::move(result));
}

Tensor first(const OperatorHandle& op, const Stack* stack) {
  return torch::jit::peek(*stack, 0, op.schema().arguments().size()).toTensor();
}

// As the first argument.
void give_like(const OperatorHandle& op, Stack* stack) {
  give(op, stack, at::empty_like(first(op, stack)));
}

// A truth for each element of the first argument.
void give_truths(const OperatorHandle& op, Stack* stack) {
  const Tensor x = first(op, stack);
  give(op, stack, at::empty_like(x, x.options().dtype(at::kBool)));
}

// The size of each element of the first argument, which is real where that is complex.
void give_sizes(const OperatorHandle& op, Stack* stack) {
  const Tensor x = first(op, stack);
  give(op, stack, at::empty_like(x, x.options().dtype(c10::toRealValueType(x.scalar_type()))));
}

// One element in the dtype of the first argument.
void give_one(const OperatorHandle& op, Stack* stack) {
  give(op, stack, at::empty({}, first(op, stack).options()));
}

// As the sum of the first two arguments.
void give_sum(const OperatorHandle& op, Stack* stack) {
  const Tensor other = torch::jit::peek(*stack, 1, op.schema().arguments().size()).toTensor();
  give(op, stack, at::add(first(op, stack), other));
}

Tensor where(const Tensor& condition, const Tensor& x, const Tensor& y) {
  const Tensor sum = at::add(x, y);
  return at::empty_like(at::add(sum, condition), sum.options());
}

Tensor deviate(const Tensor& x, at::OptionalIntArrayRef dims, const std::optional<at::Scalar>&,
               bool keepdim) {
  return at::mean(x, dims, keepdim);
}

std::tuple<Tensor, Tensor> deviate_with_mean(const Tensor& x, at::OptionalIntArrayRef dims,
                                             const std::optional<at::Scalar>&, bool keepdim) {
  return {at::mean(x, dims, keepdim), at::mean(x, dims, keepdim)};
}

template <void (*kGive)(const OperatorHandle&, Stack*)>
void register_all(torch::Library& library, std::initializer_list<const char*> names) {
  for (const char* name : names)
    library.impl(name, torch::CppFunction::makeFromBoxedFunction<kGive>());
}

}  // namespace

void register_plain_shapes(torch::Library& library) {
  register_all<&give_like>(library, {"relu", "hardswish", "hardtanh", "flip", "roll", "logit"});
  register_all<&give_like>(library, {"hardswish_backward", "hardtanh_backward", "mish_backward"});
  register_all<&give_truths>(library, {"isnan", "logical_not"});
  register_all<&give_sizes>(library, {"abs"});
  register_all<&give_one>(library, {"max", "min", "dot", "vdot", "median", "trace"});
  register_all<&give_sum>(library, {"rsub.Tensor", "floor_divide"});
  library.impl("where.self", TORCH_FN(where));
  library.impl("var.correction", TORCH_FN(deviate));
  library.impl("std.correction", TORCH_FN(deviate));
  library.impl("var_mean.correction", TORCH_FN(deviate_with_mean));
  library.impl("std_mean.correction", TORCH_FN(deviate_with_mean));
}

}  // namespace palabra
