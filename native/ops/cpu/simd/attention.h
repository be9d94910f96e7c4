#pragma once

// Causal attention of the query heads that share a key head, over consecutive tokens: a block of
// queries at a time against all keys before them. What is no float32 or float64 of whole vectors
// passes into scratch memory in the statistics type. FlashAttention-2 (arXiv:2307.08691) has the
// gradients from the outputs and the sums alone.

#include <cmath>
#include <limits>

#include "cpu/simd/product.h"
#include "cpu/simd/scratch_rows.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

/// Queries of a block: a few tiles of products.
inline constexpr int64_t kQueries = int64_t{4} * kTileRows;

/// The first `count` lanes of a vector, `other` in those beyond.
template <typename A>
inline Vec<A> cut(const Vec<A>& value, int64_t count, A other) {
  return count == Vec<A>::size() ? value : Vec<A>::set(Vec<A>(other), value, count);
}

template <typename A>
inline A find_maximum(const A* x, int64_t width) {
  constexpr A kLeast = -std::numeric_limits<A>::infinity();
  Vec<A> most(kLeast);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    most = at::vec::maximum(most, cut(Vec<A>::loadu(x + i), n, kLeast));
  });
  return at::vec::vec_reduce_all<A>(
      [](const Vec<A>& x, const Vec<A>& y) { return at::vec::maximum(x, y); }, most);
}

/// x = exp(x - shift) in the `seen` elements that a query looks at, 0 in the others; their sum.
template <typename A>
inline A exponentiate(A* x, A shift, int64_t seen, int64_t width) {
  Vec<A> sum(0);
  const Vec<A> minus(shift);
  for_vectors<A>(seen, [&](int64_t i, int64_t n) {
    const auto value = cut((Vec<A>::loadu(x + i) - minus).exp_u20(), n, A(0));
    value.store(x + i);
    sum = sum + value;
  });
  clear(x, pad<A>(seen), pad<A>(width));
  return add_lanes(sum);
}

template <typename A>
inline A dot(const A* x, const A* y, int64_t width) {
  Vec<A> sum(0);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    sum = at::vec::fmadd(load(x + i, n), load(y + i, n), sum);
  });
  return add_lanes(sum);
}

/// grad = weight * (grad - mean) in the `seen` elements that a query looks at, 0 in the others.
template <typename A>
inline void differentiate_softmax(const A* weight, A mean, A* grad, int64_t seen, int64_t width) {
  for_vectors<A>(seen, [&](int64_t i, int64_t n) {
    const auto value = Vec<A>::loadu(weight + i) * (Vec<A>::loadu(grad + i) - Vec<A>(mean));
    cut(value, n, A(0)).store(grad + i);
  });
  clear(grad, pad<A>(seen), pad<A>(width));
}

/// Consecutive queries of a head.
struct QueryBlock {
  int64_t head;
  int64_t begin;
  int64_t count;

  /// The keys that the last one looks at.
  int64_t seen() const { return begin + count; }
};

/// Calls body(block) for all queries of all heads.
template <typename Body>
inline void for_queries(const AttentionHeads& a, const Body& body) {
  for (int64_t head = 0; head < a.heads; ++head)
    for (int64_t begin = 0; begin < a.count; begin += kQueries)
      body(QueryBlock{head, begin, std::min(kQueries, a.count - begin)});
}

/// The address of the first query of a block in memory of some steps.
template <typename T, typename Memory>
inline auto* find_block(Memory* memory, int64_t head_step, int64_t step, const QueryBlock& block) {
  using Element = std::conditional_t<std::is_const_v<Memory>, const T, T>;
  return static_cast<Element*>(memory) + block.head * head_step + block.begin * step;
}

/// scores = softmax of the scores of a block, and the logarithm of each sum.
template <typename T, typename A = Statistics<T>>
inline void normalise_scores(const AttentionHeads& a, const QueryBlock& block, Rows<A> scores,
                             A* totals) {
  A* logsumexp = find_block<A>(a.logsumexp, a.sum_head, a.sum_step, block);
  for (int64_t i = 0; i < block.count; ++i) {
    A* row = scores.values + i * scores.stride;
    const int64_t seen = block.begin + i + 1;
    const A most = find_maximum(row, seen);
    totals[i] = exponentiate(row, most, seen, block.seen());
    logsumexp[i * a.sum_step] = most + std::log(totals[i]);
  }
}

template <typename T>
void attention_heads(const AttentionHeads& a) {
  using A = Statistics<T>;
  Arena<A> arena(a.scratch);
  const Rows<A> key_rows = arena.take(a.count, a.width), keys = arena.take(a.width, a.count);
  const Rows<A> value_rows = arena.take(a.count, a.width), queries = arena.take(kQueries, a.width);
  const Rows<A> sums = arena.take(kQueries, a.width), scores = arena.take(kQueries, a.count);
  transpose(hold_rows<T>(a.k, a.k_step, key_rows, a.count, a.width), keys, a.count, a.width);
  const auto values = hold_rows<T>(a.v, a.v_step, value_rows, a.count, a.width);
  A totals[kQueries];
  for_queries(a, [&](const QueryBlock& block) {
    const void* from = find_block<T>(a.q, a.q_head, a.q_step, block);
    read_scaled_rows<T>(from, a.q_step, static_cast<A>(a.scale), queries, block.count, a.width);
    multiply<A>(by_rows(queries), keys, scores, {block.count, block.seen(), a.width}, false);
    normalise_scores<T>(a, block, scores, totals);
    multiply<A>(by_rows(scores), values, sums, {block.count, a.width, block.seen()}, false);
    T* to = find_block<T>(a.output, a.output_head, a.output_step, block);
    for (int64_t i = 0; i < block.count; ++i)
      write_scaled_row(sums.values + i * sums.stride, 1 / totals[i], to + i * a.output_step,
                       a.width);
  });
}

/// The gradients of a block of queries after another.
template <typename T>
class AttentionGradients {
  using A = Statistics<T>;

 public:
  explicit AttentionGradients(const AttentionGradHeads& g)
      : g_(g), a_(g.heads), arena_(a_.scratch) {
    transpose(key_rows_, keys_, a_.count, a_.width);
    // The rows of the gradient serve for those of the values until they are needed.
    transpose(hold_rows<T>(a_.v, a_.v_step, grad_v_, a_.count, a_.width), values_, a_.count,
              a_.width);
    clear(grad_v_.values, 0, a_.count * grad_v_.stride);
    clear(grad_k_.values, 0, a_.count * grad_k_.stride);
  }

  void add(const QueryBlock& block) {
    const int64_t n = block.count, seen = block.seen();
    read_scaled_rows<T>(find_block<T>(a_.q, a_.q_head, a_.q_step, block), a_.q_step, scale_,
                        queries_, n, a_.width);
    const auto grads = hold(g_.grad, g_.grad_head, g_.grad_step, grads_, block);
    differentiate(block, grads);
    multiply<A>(by_columns(weights_), grads, grad_v_, {seen, a_.width, n}, true);
    multiply<A>(by_columns(scores_), queries_, grad_k_, {seen, a_.width, n}, true);
    multiply<A>(by_rows(scores_), key_rows_, grad_q_, {n, a_.width, seen}, false);
    void* to = find_block<T>(g_.grad_q, g_.grad_q_head, g_.grad_q_step, block);
    write_scaled_rows<T>(grad_q_, scale_, to, g_.grad_q_step, n, a_.width);
  }

  void finish() {
    write_scaled_rows<T>(grad_k_, A(1), g_.grad_k, g_.grad_k_step, a_.count, a_.width);
    write_scaled_rows<T>(grad_v_, A(1), g_.grad_v, g_.grad_v_step, a_.count, a_.width);
  }

 private:
  Rows<const A> hold(const void* from, int64_t head_step, int64_t step, Rows<A> scratch,
                     const QueryBlock& block) const {
    return hold_rows<T>(find_block<T>(from, head_step, step, block), step, scratch, block.count,
                        a_.width);
  }

  /// The weights of a block, and the gradients of its scores.
  void differentiate(const QueryBlock& block, Rows<const A> grads) {
    const auto outputs = hold(a_.output, a_.output_head, a_.output_step, outputs_, block);
    const ProductSizes sizes{block.count, block.seen(), a_.width};
    multiply<A>(by_rows(queries_), keys_, weights_, sizes, false);
    multiply<A>(by_rows(grads), values_, scores_, sizes, false);
    const A* logsumexp = find_block<A>(a_.logsumexp, a_.sum_head, a_.sum_step, block);
    for (int64_t i = 0; i < block.count; ++i) {
      A* weight = weights_.values + i * weights_.stride;
      const int64_t seen = block.begin + i + 1;
      exponentiate(weight, logsumexp[i * a_.sum_step], seen, block.seen());
      const A mean =
          dot(grads.values + i * grads.stride, outputs.values + i * outputs.stride, a_.width);
      A* grad = scores_.values + i * scores_.stride;
      differentiate_softmax(weight, mean, grad, seen, block.seen());
    }
  }

  const AttentionGradHeads& g_;
  const AttentionHeads& a_;
  const A scale_ = static_cast<A>(a_.scale);
  Arena<A> arena_;
  const Rows<const A> key_rows_ =
      hold_rows<T>(a_.k, a_.k_step, arena_.take(a_.count, a_.width), a_.count, a_.width);
  const Rows<A> keys_ = arena_.take(a_.width, a_.count);
  const Rows<A> values_ = arena_.take(a_.width, a_.count);
  const Rows<A> grad_k_ = arena_.take(a_.count, a_.width);
  const Rows<A> grad_v_ = arena_.take(a_.count, a_.width);
  const Rows<A> queries_ = arena_.take(kQueries, a_.width);
  const Rows<A> grads_ = arena_.take(kQueries, a_.width);
  const Rows<A> outputs_ = arena_.take(kQueries, a_.width);
  const Rows<A> grad_q_ = arena_.take(kQueries, a_.width);
  const Rows<A> weights_ = arena_.take(kQueries, a_.count);
  const Rows<A> scores_ = arena_.take(kQueries, a_.count);
};

template <typename T>
void attention_backward_heads(const AttentionGradHeads& g) {
  AttentionGradients<T> gradients(g);
  for_queries(g.heads, [&](const QueryBlock& block) { gradients.add(block); });
  gradients.finish();
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
