#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include "checks.h"
#include "cpu/kernels.h"
#include "cpu/loops.h"
#include "cpu/memory.h"

namespace palabra::ops::cpu {
namespace {

struct Rows {
  int64_t count;
  int64_t width;
};

Rows rows_of(const Tensor& x) {
  const int64_t width = x.size(-1);
  return {width ? x.numel() / width : 0, width};
}

void backward_rows(const Tensor& grad, const Tensor& x, const OptionalTensor& weight, double eps,
                   const Tensor& grad_x, void* grad_weight, int64_t begin, int64_t end) {
  const auto rows = rows_of(x);
  const Scratch scratch(3 * rows.width);
  loops(x.scalar_type())
      .rms_norm_backward({row(grad, begin, rows.width), row(x, begin, rows.width), data(weight),
                          grad_x.defined() ? row(grad_x, begin, rows.width) : nullptr, grad_weight,
                          end - begin, rows.width, eps, scratch.get()});
}

/// The weight's gradient: one partial sum for each of up to 64 equal runs of rows, whatever the
/// number of threads, so that the result does not depend on it.
Tensor backward_with_weight(const Tensor& grad, const Tensor& x, const Tensor& weight, double eps,
                            const Tensor& grad_x) {
  const auto rows = rows_of(x);
  const int64_t run = std::max<int64_t>(16, at::divup(rows.count, 64));
  const int64_t runs = at::divup(rows.count, run);
  const Tensor sums = at::zeros({runs, rows.width}, weight.options());
  at::parallel_for(0, runs, count_rows_per_task(run * rows.width),
                   [&](int64_t first, int64_t last) {
                     for (int64_t i = first; i < last; ++i) {
                       backward_rows(grad, x, weight, eps, grad_x, row(sums, i, rows.width),
                                     i * run, std::min(rows.count, (i + 1) * run));
                     }
                   });
  return sums.sum(0);
}

}  // namespace

Tensor rms_norm(const Tensor& x, const OptionalTensor& weight, double eps) {
  check_rms_norm(x, weight);
  const Tensor from = x.contiguous();
  const Tensor y = at::empty(x.sizes(), x.options());
  const auto parameter = as_statistics(weight, x);
  const auto rows = rows_of(x);
  at::parallel_for(0, rows.count, count_rows_per_task(rows.width), [&](int64_t begin, int64_t end) {
    const Scratch scratch(rows.width);
    loops(x.scalar_type())
        .rms_norm({row(from, begin, rows.width), data(parameter), row(y, begin, rows.width),
                   end - begin, rows.width, eps, scratch.get()});
  });
  return y;
}

Pair rms_norm_backward(const Tensor& grad, const Tensor& x, const OptionalTensor& weight,
                       double eps, std::array<bool, 2> mask) {
  check_rms_norm_backward(grad, x, weight);
  const Tensor g = grad.contiguous(), from = x.contiguous();
  const Tensor grad_x = mask[0] ? at::empty(x.sizes(), x.options()) : Tensor();
  if (mask[1] && weight) {
    const Tensor sum = backward_with_weight(g, from, as_statistics(*weight, x), eps, grad_x);
    return {grad_x, sum.to(weight->scalar_type())};
  }
  const auto rows = rows_of(x);
  const auto parameter = as_statistics(weight, x);
  at::parallel_for(0, rows.count, count_rows_per_task(rows.width), [&](int64_t begin, int64_t end) {
    backward_rows(g, from, parameter, eps, grad_x, nullptr, begin, end);
  });
  return {grad_x, Tensor()};
}

}  // namespace palabra::ops::cpu
