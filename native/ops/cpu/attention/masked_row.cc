#include "cpu/attention/masked_row.h"

#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu_backward.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>
#include <vector>

namespace palabra::ops::cpu {
namespace {

/// (1, heads, T, ...) of (B, heads, T, ...).
Tensor take(const Tensor& x, int64_t row) { return x.narrow(0, row, 1); }

/// As the kernel of libtorch reads queries, keys and values.
Tensor read(const Tensor& x, int64_t row) {
  const Tensor part = take(x, row);
  return part.stride(-1) == 1 ? part : part.contiguous();
}

/// Keys or values, once for each query head.
Tensor repeat(const Tensor& x, int64_t heads) {
  const int64_t shared = x.size(1), group = heads / shared;
  if (group == 1) return x;
  const std::vector<int64_t> grouped{1, shared, group, x.size(2), x.size(3)};
  return x.unsqueeze(2).expand(grouped).reshape({1, heads, x.size(2), x.size(3)});
}

/// The gradients of query heads that share a key head, summed.
Tensor sum_groups(const Tensor& grad, int64_t shared) {
  if (grad.size(1) == shared) return grad;
  return grad.reshape({1, shared, grad.size(1) / shared, grad.size(2), grad.size(3)}).sum(2);
}

/// -infinity where a query may not look.
Tensor make_mask(const Masked& all, int64_t row) {
  TORCH_INTERNAL_ASSERT(all.documents.has_value());  // A row without documents lies in one piece.
  const Tensor ids = all.documents->select(0, row);
  const Tensor visible = ids.unsqueeze(1).eq(ids.unsqueeze(0)).tril();
  return at::zeros(visible.sizes(), all.q.options())
      .masked_fill_(visible.logical_not(), -std::numeric_limits<double>::infinity());
}

}  // namespace

double resolve_scale(std::optional<double> scale, const Tensor& q) {
  return scale ? *scale : 1 / std::sqrt(static_cast<double>(q.size(3)));
}

void attend_masked_row(const Masked& all, int64_t row, const Tensor& output,
                       const Tensor& logsumexp) {
  const auto [part, sums] = at::_scaled_dot_product_flash_attention_for_cpu(
      read(all.q, row), repeat(read(all.k, row), all.q.size(1)),
      repeat(read(all.v, row), all.q.size(1)), 0, false, make_mask(all, row), all.scale);
  take(output, row).copy_(part);
  take(logsumexp, row).copy_(sums);
}

void differentiate_masked_row(const Masked& all, int64_t row, const MaskedResults& results,
                              const MaskedGradients& gradients) {
  const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
      read(results.grad, row), read(all.q, row), repeat(read(all.k, row), all.q.size(1)),
      repeat(read(all.v, row), all.q.size(1)), read(results.output, row),
      take(results.logsumexp, row), 0, false, make_mask(all, row), all.scale);
  take(gradients.q, row).copy_(dq);
  take(gradients.k, row).copy_(sum_groups(dk, all.k.size(1)));
  take(gradients.v, row).copy_(sum_groups(dv, all.k.size(1)));
}

}  // namespace palabra::ops::cpu
