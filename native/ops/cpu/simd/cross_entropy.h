#pragma once

#include <cmath>
#include <limits>

#include "cpu/loops.h"
#include "cpu/simd/row.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

template <typename A>
inline A row_max(const A* x, int64_t width) {
  constexpr int64_t kLanes = Vec<A>::size();
  A top = -std::numeric_limits<A>::infinity();
  int64_t i = 0;
  if (width >= kLanes) {
    Vec<A> most(top);
    for (; i + kLanes <= width; i += kLanes) most = at::vec::maximum(most, Vec<A>::loadu(x + i));
    alignas(64) A lanes[kLanes];
    most.store(lanes);
    for (const A lane : lanes) top = (lane > top || lane != lane) ? lane : top;
  }
  for (; i < width; ++i) top = (x[i] > top || x[i] != x[i]) ? x[i] : top;
  return top;
}

/// What a row's softmax needs: sum(exp(x - max)) and sum(x - max).
struct RowSums {
  double exponentials;
  double offsets;
};

/// Sums a block of the row; where `keep` is given it receives exp(x - max), and may be the row
/// itself.
template <typename A>
inline RowSums sum_block(const A* x, A max, A* keep, int64_t width) {
  Vec<A> exponentials(0), offsets(0);
  const Vec<A> shift(max), zero(0);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    const auto offset = load(x + i, n) - shift;
    const auto value = offset.exp();
    if (keep) store(keep + i, value, n);
    offsets = offsets + Vec<A>::set(zero, offset, n);
    exponentials = exponentials + Vec<A>::set(zero, value, n);
  });
  return {add_lanes(exponentials), add_lanes(offsets)};
}

/// Sums the row in blocks that are added in float64: a lane of float32 would lose small terms.
template <typename A>
inline RowSums sum_row(const A* x, A max, A* keep, int64_t width) {
  constexpr int64_t kBlock = 2048;
  RowSums total{0, 0};
  for (int64_t begin = 0; begin < width; begin += kBlock) {
    const int64_t count = width - begin < kBlock ? width - begin : kBlock;
    const auto part = sum_block(x + begin, max, keep ? keep + begin : nullptr, count);
    total.exponentials += part.exponentials;
    total.offsets += part.offsets;
  }
  return total;
}

/// row = row * scale - shift
template <typename A>
inline void scale_and_shift(A* row, A scale, A shift, int64_t width) {
  const Vec<A> factor(scale), minus(-shift);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    store(row + i, at::vec::fmadd(load(row + i, n), factor, minus), n);
  });
}

/// One token's loss; the row becomes its gradient where that is wanted.
template <typename T>
inline double cross_entropy_row(const CrossEntropyRows& a, T* row, int64_t target) {
  using A = Statistics<T>;
  auto* scratch = static_cast<A*>(a.scratch);
  const A* x = read_row(row, scratch, a.classes);
  const A max = row_max(x, a.classes);
  const double at_target = x[target] - max;
  A* keep = a.gradient ? open_row(row, scratch) : nullptr;
  const auto sums = sum_row(x, max, keep, a.classes);
  const double log_sum = std::log(sums.exponentials);
  const double lse = max + log_sum;
  if (keep) {
    const double pull = a.label_smoothing / static_cast<double>(a.classes);
    const double push = (1 + 2 * a.z_loss * lse) / sums.exponentials;
    scale_and_shift(keep, static_cast<A>(push), static_cast<A>(pull), a.classes);
    keep[target] -= static_cast<A>(1 - a.label_smoothing);
    finish_row(row, keep, a.classes);
  }
  const double mean_offset = sums.offsets / static_cast<double>(a.classes);
  return (1 - a.label_smoothing) * (log_sum - at_target) +
         (a.label_smoothing > 0 ? a.label_smoothing * (log_sum - mean_offset) : 0) +
         a.z_loss * lse * lse;
}

template <typename T>
void cross_entropy_rows(const CrossEntropyRows& a) {
  for (int64_t r = 0; r < a.rows; ++r) {
    T* row = static_cast<T*>(a.logits) + r * a.classes;
    if (a.targets[r] != a.ignore_index) {
      a.losses[r] = cross_entropy_row(a, row, a.targets[r]);
      continue;
    }
    a.losses[r] = 0;
    if (!a.gradient) continue;
    for (int64_t i = 0; i < a.classes; ++i) row[i] = T(0);
  }
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
