// Causal attention, within each of the documents that are packed in a row: document by document, so
// that its cost is the sum of their squared lengths, and no mask is held. Where the tokens of a
// document lie apart, its row is computed as a whole, under a mask.

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <atomic>
#include <cmath>
#include <functional>
#include <vector>

#include "checks.h"
#include "cpu/attention/masked_row.h"
#include "cpu/attention/runs.h"
#include "cpu/kernels.h"
#include "cpu/loops.h"
#include "cpu/memory.h"

namespace palabra::ops::cpu {
namespace {

/// (B, heads, T, ...) whose memory lies as (B, T, heads, ...), like that of a linear map's result.
Tensor empty_heads(const Tensor& q, std::vector<int64_t> sizes, at::ScalarType type) {
  std::swap(sizes[1], sizes[2]);
  return at::empty(sizes, q.options().dtype(type)).transpose(1, 2);
}

Tensor empty_like_heads(const Tensor& x) {
  return empty_heads(x, x.sizes().vec(), x.scalar_type());
}

/// As the loops read it: the elements of a vector follow each other.
Tensor read(const Tensor& x) { return x.stride(-1) == 1 ? x : x.contiguous(); }

/// The address of a head's first token in a run.
void* find(const Tensor& x, const Run& run, int64_t head) {
  const int64_t at = run.row * x.stride(0) + head * x.stride(1) + run.begin * x.stride(2);
  return static_cast<char*>(x.data_ptr()) + at * x.element_size();
}

/// Queries, keys and values, and what comes of them; the steps of all are those of their tensors.
struct Attended {
  const Tensor& q;
  const Tensor& k;
  const Tensor& v;
  const Tensor& output;
  const Tensor& logsumexp;
  double scale;

  int64_t group() const { return q.size(1) / k.size(1); }

  /// The heads of a key head in a run.
  AttentionHeads take(const Run& run, int64_t key_head, void* scratch) const {
    const int64_t head = key_head * group();
    return {find(q, run, head),
            find(k, run, key_head),
            find(v, run, key_head),
            find(output, run, head),
            find(logsumexp, run, head),
            q.stride(1),
            q.stride(2),
            k.stride(2),
            v.stride(2),
            output.stride(1),
            output.stride(2),
            logsumexp.stride(1),
            logsumexp.stride(2),
            group(),
            run.count,
            q.size(3),
            scale,
            scratch};
  }
};

/// Statistics that the loops hold at most for `count` tokens: eleven matrices, a side of each the
/// width or a block.
int64_t count_scratch(int64_t count, int64_t width) {
  constexpr int64_t kSide = 64;
  const auto pad = [](int64_t x) { return (x + kSide - 1) / kSide * kSide; };
  return 11 * (pad(count) * pad(width)) + 2 * kSide * pad(count) + 4 * kSide * pad(width);
}

/// Sums of products, of a token with those up to a run's length, below which one thread is done
/// before another wakes.
constexpr int64_t kShort = int64_t{1} << 18;

bool is_short(const std::vector<Run>& runs, const Tensor& k) {
  int64_t pairs = 0;
  for (const Run& run : runs) pairs += run.count * run.count;
  return pairs * k.size(1) * k.size(3) < kShort;
}

/// Calls work(run, key head, scratch) for each, the longest runs first: threads take the next one
/// as they are free.
void for_heads(std::vector<Run> runs, const Tensor& k,
               const std::function<void(const Run&, int64_t, void*)>& work) {
  std::stable_sort(runs.begin(), runs.end(),
                   [](const Run& a, const Run& b) { return a.count > b.count; });
  if (runs.empty()) return;
  const int64_t heads = k.size(1), total = heads * static_cast<int64_t>(runs.size());
  const int64_t needed = count_scratch(runs.front().count, k.size(3));
  const int64_t tasks = is_short(runs, k) ? 1 : std::min<int64_t>(at::get_num_threads(), total);
  std::atomic<int64_t> next{0};
  at::parallel_for(0, tasks, 1, [&](int64_t, int64_t) {
    const Scratch scratch(needed);
    for (int64_t i = next++; i < total; i = next++) work(runs[i / heads], i % heads, scratch.get());
  });
}

}  // namespace

Pair causal_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                      const OptionalTensor& documents, std::optional<double> scale) {
  check_causal_attention(q, k, v, documents);
  const Tensor output = empty_like_heads(q);
  const Tensor logsumexp =
      empty_heads(q, {q.size(0), q.size(1), q.size(2)}, statistics_type(q.scalar_type()));
  const auto [whole, apart] = list_runs(documents, q);
  const Tensor queries = read(q), keys = read(k), values = read(v);
  const Attended all{queries, keys, values, output, logsumexp, resolve_scale(scale, q)};
  for_heads(whole, k, [&](const Run& run, int64_t head, void* scratch) {
    loops(q.scalar_type()).attention(all.take(run, head, scratch));
  });
  for (const int64_t row : apart)
    attend_masked_row({q, k, v, documents, all.scale}, row, output, logsumexp);
  return {output, logsumexp};
}

std::tuple<Tensor, Tensor, Tensor> causal_attention_backward(
    const Tensor& grad, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& output,
    const Tensor& logsumexp, const OptionalTensor& documents, std::optional<double> scale) {
  check_causal_attention_backward(grad, q, k, v, output, logsumexp, documents);
  const Tensor grad_q = empty_like_heads(q), grad_k = empty_like_heads(k),
               grad_v = empty_like_heads(v);
  const auto [whole, apart] = list_runs(documents, q);
  const Tensor queries = read(q), keys = read(k), values = read(v), outputs = read(output),
               grads = read(grad);
  const Attended all{queries, keys, values, outputs, logsumexp, resolve_scale(scale, q)};
  for_heads(whole, k, [&](const Run& run, int64_t head, void* scratch) {
    const int64_t first = head * all.group();
    loops(q.scalar_type())
        .attention_backward(
            {all.take(run, head, scratch), find(grads, run, first), find(grad_q, run, first),
             find(grad_k, run, head), find(grad_v, run, head), grads.stride(1), grads.stride(2),
             grad_q.stride(1), grad_q.stride(2), grad_k.stride(2), grad_v.stride(2)});
  });
  for (const int64_t row : apart) {
    differentiate_masked_row({q, k, v, documents, all.scale}, row, {grad, output, logsumexp},
                             {grad_q, grad_k, grad_v});
  }
  return {grad_q, grad_k, grad_v};
}

}  // namespace palabra::ops::cpu
