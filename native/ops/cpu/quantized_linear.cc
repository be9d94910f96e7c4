// x weight^T + bias, and the gradient of x, for a weight that is held in a short type. A few rows
// of x are multiplied as the weight is read; for many, some rows of the weight are unpacked at a
// time, and a product over all of x follows.

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "checks.h"
#include "cpu/gemm.h"
#include "cpu/kernels.h"
#include "cpu/loops.h"
#include "cpu/memory.h"
#include "sizes.h"

namespace palabra::ops::cpu {
namespace {

/// A weight as its loops read it, row-major.
struct Weight {
  Tensor values;
  OptionalTensor scale;

  int64_t rows() const { return values.size(0); }
  int64_t width() const { return count_numbers(values); }
  bool grouped() const { return scale && scale->dim() > 1; }
  const QuantizedLoops& loops() const {
    return find_quantized_loops(values.scalar_type(), grouped());
  }
  QuantizedRows part(int64_t begin, int64_t count) const {
    const void* weight = row(values, begin, values.size(1));
    if (!scale) return {weight, nullptr, count, width()};
    const void* factors = row(*scale, begin, scale->numel() / rows());
    if (!grouped()) return {weight, factors, count, width()};
    return {weight,          factors,        count,
            width(),         scale->size(1), scale->scalar_type() == at::kHalf,
            scale->dim() > 2};
  }
};

Weight open(const Tensor& weight, const OptionalTensor& scale) {
  return {weight.contiguous(), scale ? OptionalTensor(scale->contiguous()) : std::nullopt};
}

/// The numbers of rows, into `out` (at least count, I) in float32.
Tensor unpack(const Weight& weight, int64_t begin, int64_t count, const Tensor& out) {
  const auto& loops = weight.loops();
  at::parallel_for(0, count, count_rows_per_task(weight.width()), [&](int64_t first, int64_t last) {
    auto* to = static_cast<float*>(row(out, first, weight.width()));
    loops.unpack(weight.part(begin + first, last - first), to);
  });
  return out.narrow(0, 0, count);
}

/// Calls body(begin, the numbers of some rows in `type`) for all of a weight.
template <typename Body>
void for_unpacked(const Weight& weight, at::ScalarType type, const Body& body) {
  const int64_t step = count_rows_unpacked(weight.width());
  const Tensor buffer = at::empty({std::min(step, weight.rows()), weight.width()}, at::kFloat);
  for (int64_t begin = 0; begin < weight.rows(); begin += step)
    body(begin, unpack(weight, begin, std::min(step, weight.rows() - begin), buffer).to(type));
}

/// Rows of x up to which unpacking a weight costs more than it saves.
constexpr int64_t kFewRows = 8;

void multiply_few(const Weight& weight, const Tensor& x, const Tensor& y) {
  const auto& loops = weight.loops();
  const auto* from = x.const_data_ptr<float>();
  auto* to = y.mutable_data_ptr<float>();
  at::parallel_for(
      0, weight.rows(), count_rows_per_task(weight.width()), [&](int64_t begin, int64_t end) {
        loops.multiply(weight.part(begin, end - begin), from, x.size(0), to + begin, weight.rows());
      });
}

void multiply_many(const Weight& weight, const Tensor& x, const Tensor& y) {
  for_unpacked(weight, x.scalar_type(), [&](int64_t begin, const Tensor& rows) {
    if (rows.size(0) == weight.rows()) return gemm(y, x, rows.t(), false);
    const Tensor part = at::empty({x.size(0), rows.size(0)}, x.options());
    gemm(part, x, rows.t(), false);
    y.narrow(1, begin, rows.size(0)).copy_(part);
  });
}

}  // namespace

Tensor quantized_linear(const Tensor& x, const Tensor& weight, const OptionalTensor& scale,
                        const OptionalTensor& bias) {
  check_quantized_linear(x, weight, scale, bias);
  auto shape = x.sizes().vec();
  shape.back() = weight.size(0);
  const Tensor y = at::empty(shape, x.options());
  if (y.numel() == 0) return y;
  const Tensor rows = as_rows(x).contiguous(), into = as_rows(y);
  const bool few = rows.size(0) <= kFewRows && x.scalar_type() == at::kFloat;
  (few ? multiply_few : multiply_many)(open(weight, scale), rows, into);
  if (bias) into.add_(*bias);
  return y;
}

Tensor quantized_linear_backward(const Tensor& grad, const Tensor& weight,
                                 const OptionalTensor& scale) {
  check_quantized_linear_backward(grad, weight, scale);
  auto shape = grad.sizes().vec();
  shape.back() = count_numbers(weight);
  Tensor grad_x = at::empty(shape, grad.options());
  if (grad_x.numel() == 0) return grad_x;
  if (weight.size(0) == 0) return grad_x.zero_();
  const Tensor grads = as_rows(grad).contiguous(), into = as_rows(grad_x);
  for_unpacked(open(weight, scale), grad.scalar_type(), [&](int64_t begin, const Tensor& rows) {
    gemm(into, grads.narrow(1, begin, rows.size(0)), rows, begin > 0);
  });
  return grad_x;
}

}  // namespace palabra::ops::cpu
