#include <ATen/Parallel.h>
#include <ATen/ops/empty_like.h>

#include "checks.h"
#include "cpu/kernels.h"
#include "cpu/loops.h"
#include "cpu/memory.h"

namespace palabra::ops::cpu {
namespace {

/// Angles in the statistics type, row-major, with the step from one batch to the next.
struct Angles {
  Tensor values;
  int64_t batch_step;

  Angles(const Tensor& angles, const Tensor& x)
      : values(as_statistics(angles, x)),
        batch_step(angles.dim() == 3 ? angles.size(1) * angles.size(2) : 0) {}

  const void* at(int64_t batch) const {
    return static_cast<const char*>(values.const_data_ptr()) +
           batch * batch_step * values.element_size();
  }
};

void* head(const Tensor& x, int64_t batch, int64_t index) {
  const int64_t offset = batch * x.stride(0) + index * x.stride(1);
  return static_cast<char*>(x.data_ptr()) + offset * x.element_size();
}

/// Rotates each (batch, head) of x into y; both have unit steps along D and any others.
void rotate_heads(const Tensor& x, const Angles& cos, const Angles& sin, const Tensor& y,
                  bool back) {
  const int64_t heads = x.size(1), time = x.size(2), width = x.size(3);
  at::parallel_for(0, x.size(0) * heads, count_rows_per_task(time * width),
                   [&](int64_t begin, int64_t end) {
                     const Scratch scratch(2 * width);
                     for (int64_t i = begin; i < end; ++i) {
                       const int64_t b = i / heads, h = i % heads;
                       loops(x.scalar_type())
                           .rotary({head(x, b, h), cos.at(b), sin.at(b), head(y, b, h), time, width,
                                    x.stride(2), y.stride(2), back, scratch.get()});
                     }
                   });
}

Tensor rotate(const Tensor& x, const Tensor& cos, const Tensor& sin, bool back) {
  check_rotary(x, cos, sin);
  Tensor y = at::empty_like(x);
  if (x.numel() == 0) return y;
  const bool direct = x.stride(3) == 1 && y.stride(3) == 1;
  const Tensor from = direct ? x : x.contiguous();
  const Tensor to = direct ? y : at::empty_like(from);
  rotate_heads(from, Angles(cos, x), Angles(sin, x), to, back);
  return direct ? y : y.copy_(to);
}

}  // namespace

Tensor rotary(const Tensor& x, const Tensor& cos, const Tensor& sin) {
  return rotate(x, cos, sin, false);
}

Tensor rotary_backward(const Tensor& grad, const Tensor& cos, const Tensor& sin) {
  return rotate(grad, cos, sin, true);
}

}  // namespace palabra::ops::cpu
