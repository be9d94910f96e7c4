// Causal attention within each of the documents that are packed in a row: document by document, so
// that its cost is the sum of their squared lengths, and no mask is held. Where the tokens of a
// document lie apart, its row is computed as a whole, under a mask.

#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <limits>
#include <unordered_set>
#include <vector>

#include "checks.h"
#include "cpu/kernels.h"

namespace palabra::ops::cpu {
namespace {

/// Tokens of one row that are computed together; apart is true where some see only some of those
/// before.
struct Run {
  int64_t row;
  int64_t begin;
  int64_t count;
  bool apart = false;
};

/// The runs of equal ids of a row; the row as a whole where an id comes back.
void add_runs(const int64_t* ids, int64_t row, int64_t length, std::vector<Run>& runs) {
  std::unordered_set<int64_t> seen;
  const size_t first = runs.size();
  for (int64_t begin = 0; begin < length;) {
    int64_t end = begin + 1;
    while (end < length && ids[end] == ids[begin]) ++end;
    if (!seen.insert(ids[begin]).second) {
      runs.resize(first);
      runs.push_back({row, 0, length, true});
      return;
    }
    runs.push_back({row, begin, end - begin});
    begin = end;
  }
}

std::vector<Run> list_runs(const Tensor& documents) {
  const Tensor ids = documents.contiguous();
  std::vector<Run> runs;
  for (int64_t row = 0; row < ids.size(0); ++row) {
    add_runs(ids.const_data_ptr<int64_t>() + row * ids.size(1), row, ids.size(1), runs);
  }
  return runs;
}

/// The tokens of a run: (1, heads, count, …) of (B, heads, T, …).
Tensor take(const Tensor& x, const Run& run) {
  return x.narrow(0, run.row, 1).narrow(2, run.begin, run.count);
}

/// As the kernel of libtorch reads queries, keys and values.
Tensor read(const Tensor& x, const Run& run) {
  const Tensor part = take(x, run);
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

/// -infinity where a query may not look; nothing where causality is all.
OptionalTensor make_mask(const Tensor& documents, const Run& run, const Tensor& q) {
  if (!run.apart) return std::nullopt;
  const Tensor ids = documents.select(0, run.row);
  const Tensor visible = ids.unsqueeze(1).eq(ids.unsqueeze(0)).tril();
  return at::zeros(visible.sizes(), q.options())
      .masked_fill_(visible.logical_not(), -std::numeric_limits<double>::infinity());
}

/// (B, heads, T, …) whose memory lies as (B, T, heads, …), like that of a linear map's result.
Tensor empty_heads(const Tensor& q, std::vector<int64_t> sizes, at::ScalarType type) {
  std::swap(sizes[1], sizes[2]);
  return at::empty(sizes, q.options().dtype(type)).transpose(1, 2);
}

Tensor empty_like_heads(const Tensor& x) {
  return empty_heads(x, x.sizes().vec(), x.scalar_type());
}

}  // namespace

Pair document_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& documents,
                        std::optional<double> scale) {
  check_document_attention(q, k, v, documents);
  const Tensor output = empty_like_heads(q);
  const Tensor logsumexp =
      empty_heads(q, {q.size(0), q.size(1), q.size(2)}, statistics_type(q.scalar_type()));
  for (const Run& run : list_runs(documents)) {
    const auto [part, sums] = at::_scaled_dot_product_flash_attention_for_cpu(
        read(q, run), repeat(read(k, run), q.size(1)), repeat(read(v, run), q.size(1)), 0,
        !run.apart, make_mask(documents, run, q), scale);
    take(output, run).copy_(part);
    take(logsumexp, run).copy_(sums);
  }
  return {output, logsumexp};
}

std::tuple<Tensor, Tensor, Tensor> document_attention_backward(
    const Tensor& grad, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& output,
    const Tensor& logsumexp, const Tensor& documents, std::optional<double> scale) {
  check_document_attention_backward(grad, q, k, v, output, logsumexp, documents);
  const Tensor grad_q = empty_like_heads(q), grad_k = empty_like_heads(k),
               grad_v = empty_like_heads(v);
  for (const Run& run : list_runs(documents)) {
    const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
        read(grad, run), read(q, run), repeat(read(k, run), q.size(1)),
        repeat(read(v, run), q.size(1)), read(output, run), take(logsumexp, run), 0, !run.apart,
        make_mask(documents, run, q), scale);
    take(grad_q, run).copy_(dq);
    take(grad_k, run).copy_(sum_groups(dk, k.size(1)));
    take(grad_v, run).copy_(sum_groups(dv, k.size(1)));
  }
  return {grad_q, grad_k, grad_v};
}

}  // namespace palabra::ops::cpu
