#pragma once

// Matrices in scratch memory, in the statistics type; their rows end on whole vectors.

#include <cstring>

#include "cpu/simd/row.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

/// Rows of consecutive elements, `stride` apart.
template <typename A>
struct Rows {
  A* values;
  int64_t stride;

  operator Rows<const A>() const
    requires(!std::is_const_v<A>)
  {
    return {values, stride};
  }
};

/// The elements of a row with the lanes beyond.
template <typename A>
inline int64_t pad(int64_t width) {
  constexpr int64_t kLanes = Vec<A>::size();
  return (width + kLanes - 1) / kLanes * kLanes;
}

/// Elements from `begin` to `end` become 0.
template <typename A>
inline void clear(A* x, int64_t begin, int64_t end) {
  if (begin < end) std::memset(x + begin, 0, (end - begin) * sizeof(A));
}

/// Hands out parts of scratch memory: zero where rows end within a vector, else as they come.
template <typename A>
class Arena {
 public:
  explicit Arena(void* memory) : next_(static_cast<A*>(memory)) {}

  Rows<A> take(int64_t rows, int64_t width) {
    const Rows<A> part{next_, pad<A>(width)};
    next_ += rows * part.stride;
    if (part.stride != width) clear(part.values, 0, rows * part.stride);
    return part;
  }

 private:
  A* next_;
};

template <typename A>
inline void scale_values(A* x, A factor, int64_t width) {
  for_vectors<A>(width,
                 [&](int64_t i, int64_t n) { store(x + i, Vec<A>(factor) * load(x + i, n), n); });
}

/// A row of T times a factor.
template <typename T, typename A>
inline void read_scaled_row(const T* from, A factor, A* to, int64_t width) {
  if constexpr (kDirect<T>) {
    for_vectors<A>(
        width, [&](int64_t i, int64_t n) { store(to + i, Vec<A>(factor) * load(from + i, n), n); });
  } else {
    at::vec::convert(from, to, width);
    scale_values(to, factor, width);
  }
}

/// Rows of T, `step` elements apart, times a factor.
template <typename T, typename A>
inline void read_scaled_rows(const void* from, int64_t step, A factor, Rows<A> to, int64_t rows,
                             int64_t width) {
  const T* x = static_cast<const T*>(from);
  for (int64_t i = 0; i < rows; ++i)
    read_scaled_row(x + i * step, factor, to.values + i * to.stride, width);
}

/// Rows of T, `step` elements apart: where they lie if they are of the statistics type and of whole
/// vectors, else copied into `to`.
template <typename T, typename A>
inline Rows<const A> hold_rows(const void* from, int64_t step, Rows<A> to, int64_t rows,
                               int64_t width) {
  if constexpr (kDirect<T>) {
    if (to.stride == width) return {static_cast<const A*>(from), step};
  }
  read_scaled_rows<T>(from, step, A(1), to, rows, width);
  return to;
}

/// Writes a row of T times a factor, each element rounded once; the row itself may change.
template <typename T, typename A>
inline void write_scaled_row(A* from, A factor, T* to, int64_t width) {
  if constexpr (kDirect<T>) {
    read_scaled_row(from, factor, to, width);
  } else {
    scale_values(from, factor, width);
    at::vec::convert(from, to, width);
  }
}

/// Writes rows of T, `step` elements apart, as write_scaled_row does.
template <typename T, typename A>
inline void write_scaled_rows(Rows<A> from, A factor, void* to, int64_t step, int64_t rows,
                              int64_t width) {
  T* y = static_cast<T*>(to);
  for (int64_t i = 0; i < rows; ++i)
    write_scaled_row(from.values + i * from.stride, factor, y + i * step, width);
}

template <typename A>
inline void transpose(Rows<const A> from, Rows<A> to, int64_t rows, int64_t width) {
  at::vec::transpose_mxn<A>(from.values, from.stride, to.values, to.stride, static_cast<int>(rows),
                            static_cast<int>(width));
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
