// x weight^T + bias and its gradients, each a single product over all rows. What these products
// are not made for (integers, sparse tensors, other devices, a weight of one dimension) is
// aten::linear's.

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>

#include "checks.h"
#include "cpu/gemm.h"
#include "cpu/kernels.h"
#include "cpu/paths/few_rows.h"

namespace palabra::ops::cpu {
namespace {

/// A matrix whose rows or columns lie without gaps, as a product reads it.
Tensor dense(const Tensor& matrix) {
  return matrix.t().is_contiguous() ? matrix : matrix.contiguous();
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const OptionalTensor& bias) {
  if (!is_dense_linear(x, weight, bias)) return at::linear(x, weight, bias);
  auto shape = x.sizes().vec();
  shape.back() = weight.size(0);
  const Tensor y = at::empty(shape, x.options());
  if (y.numel() == 0) return y;
  const Tensor rows = as_rows(y);
  if (bias) rows.copy_(bias->expand(rows.sizes()));
  const Tensor numbers = as_rows(x).contiguous(), matrix = dense(weight);
  has_few_rows(numbers, matrix) ? multiply_few_rows(rows, numbers, matrix, bias.has_value())
                                : gemm(rows, numbers, matrix.t(), bias.has_value());
  return y;
}

std::tuple<Tensor, Tensor, Tensor> linear_backward(const Tensor& grad, const Tensor& x,
                                                   const Tensor& weight, std::array<bool, 3> mask) {
  check_linear_backward(grad, x, weight);
  Tensor grad_x, grad_weight, grad_bias;
  const Tensor grads = as_rows(grad).contiguous();
  if (mask[0]) {
    grad_x = at::empty(x.sizes(), x.options());
    gemm(as_rows(grad_x), grads, dense(weight), false);
  }
  if (mask[1]) {
    grad_weight = at::empty(weight.sizes(), weight.options());
    gemm(grad_weight, grads.t(), as_rows(x).contiguous(), false);
  }
  if (mask[2]) grad_bias = grads.sum(0);
  return {grad_x, grad_weight, grad_bias};
}

}  // namespace palabra::ops::cpu
