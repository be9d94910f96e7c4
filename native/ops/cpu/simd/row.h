#pragma once

// Rows of any element type as rows of the statistics type: float32 and float64 rows are used where
// they lie, shorter ones pass through a scratch row.

#include <ATen/cpu/vec/functional.h>
#include <ATen/cpu/vec/vec.h>

#include <type_traits>

namespace palabra::ops::cpu::CPU_CAPABILITY {

template <typename T>
using Statistics = std::conditional_t<std::is_same_v<T, double>, double, float>;

template <typename T>
inline constexpr bool kDirect = std::is_same_v<T, Statistics<T>>;

template <typename A>
using Vec = at::vec::Vectorized<A>;

/// The row in the statistics type, in place or converted into `scratch`.
template <typename T>
inline const Statistics<T>* read_row(const T* row, Statistics<T>* scratch, int64_t width) {
  if constexpr (kDirect<T>) return row;
  at::vec::convert(row, scratch, width);
  return scratch;
}

/// Where to write a row before finish_row.
template <typename T>
inline Statistics<T>* open_row(T* row, Statistics<T>* scratch) {
  if constexpr (kDirect<T>) return row;
  return scratch;
}

/// Rounds a row once, where it was written into `scratch`.
template <typename T>
inline void finish_row(T* row, const Statistics<T>* scratch, int64_t width) {
  if constexpr (!kDirect<T>) at::vec::convert(scratch, row, width);
}

/// Calls body(index, count) for each vector of the row; the last may be short.
template <typename A, typename Body>
inline void for_vectors(int64_t width, const Body& body) {
  constexpr int64_t kLanes = Vec<A>::size();
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes) body(i, kLanes);
  if (i < width) body(i, width - i);
}

/// Loads `count` elements; the lanes beyond are zero.
template <typename A>
inline Vec<A> load(const A* from, int64_t count) {
  return count == Vec<A>::size() ? Vec<A>::loadu(from) : Vec<A>::loadu(from, count);
}

template <typename A>
inline void store(A* to, const Vec<A>& value, int64_t count) {
  count == Vec<A>::size() ? value.store(to) : value.store(to, static_cast<int>(count));
}

template <typename A>
inline A add_lanes(const Vec<A>& value) {
  return at::vec::vec_reduce_all<A>([](const Vec<A>& x, const Vec<A>& y) { return x + y; }, value);
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
