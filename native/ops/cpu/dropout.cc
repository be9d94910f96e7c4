#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include "checks.h"
#include "cpu/kernels.h"
#include "cpu/loops.h"
#include "cpu/memory.h"

namespace palabra::ops::cpu {
namespace {

constexpr int64_t kBlock = 64;

/// One draw of 64 bits keys the whole mask, which then depends on no number of threads.
uint64_t draw_seed(const std::optional<at::Generator>& generator) {
  auto* source = at::get_generator_or_default<at::CPUGeneratorImpl>(
      generator, at::detail::getDefaultCPUGenerator());
  const std::lock_guard<std::mutex> lock(source->mutex_);
  return source->random64();
}

/// Fills y from x and the mask, and the mask too where `whole` says so, block by block.
void apply(const Tensor& x, const Tensor& y, const Tensor& mask, DropoutRange whole) {
  whole.x = x.const_data_ptr();
  whole.y = y.data_ptr();
  whole.mask = static_cast<uint8_t*>(mask.data_ptr());
  const int64_t count = x.numel();
  at::parallel_for(0, at::divup(count, kBlock), count_rows_per_task(kBlock),
                   [&](int64_t first, int64_t last) {
                     auto part = whole;
                     part.begin = first * kBlock;
                     part.end = std::min(count, last * kBlock);
                     loops(x.scalar_type()).dropout(part);
                   });
}

double keep_scale(double p) { return p < 1 ? 1 / (1 - p) : 0; }

/// The bound below which 32 random bits drop an element.
uint32_t drop_below(double p) { return static_cast<uint32_t>(std::min(p * 0x1p32, 0x1p32 - 1)); }

}  // namespace

Pair dropout(const Tensor& x, double p, std::optional<at::Generator> generator) {
  check_dropout(x, p);
  const Tensor y = at::empty(x.sizes(), x.options());
  const Tensor mask = at::empty(x.sizes(), x.options().dtype(at::kBool));
  DropoutRange range{};
  range.scale = keep_scale(p);
  range.drop_below = drop_below(p);
  range.draw = p < 1;
  range.seed = draw_seed(generator);
  if (!range.draw) mask.zero_();
  apply(x.contiguous(), y, mask, range);
  return {y, mask};
}

Tensor dropout_backward(const Tensor& grad, const Tensor& mask, double p) {
  check_dropout_backward(grad, mask, p);
  const Tensor y = at::empty(grad.sizes(), grad.options());
  DropoutRange range{};
  range.scale = keep_scale(p);
  apply(grad.contiguous(), y, mask.contiguous(), range);
  return y;
}

}  // namespace palabra::ops::cpu
