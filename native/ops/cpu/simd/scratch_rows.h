#pragma once

// Matrices in scratch memory, in the statistics type; their rows end on whole vectors, the lanes
// beyond a row are zero.

#include <cstring>

#include "cpu/simd/row.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

/// Rows of consecutive elements, `stride` apart.
template <typename A>
struct Rows {
  A* values;
  int64_t stride;
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

/// Hands out parts of scratch memory, all zero.
template <typename A>
class Arena {
 public:
  explicit Arena(void* memory) : next_(static_cast<A*>(memory)) {}

  Rows<A> take(int64_t rows, int64_t width) {
    const Rows<A> part{next_, pad<A>(width)};
    next_ += rows * part.stride;
    clear(part.values, 0, rows * part.stride);
    return part;
  }

 private:
  A* next_;
};

/// Reads rows of T, `step` elements apart.
template <typename T, typename A>
inline void read_rows(const void* from, int64_t step, Rows<A> to, int64_t rows, int64_t width) {
  const T* x = static_cast<const T*>(from);
  for (int64_t i = 0; i < rows; ++i) {
    A* row = to.values + i * to.stride;
    if constexpr (kDirect<T>) {
      std::memcpy(row, x + i * step, width * sizeof(A));
    } else {
      at::vec::convert(x + i * step, row, width);
    }
  }
}

/// Writes rows of T, `step` elements apart, each element rounded once.
template <typename T, typename A>
inline void write_rows(Rows<A> from, void* to, int64_t step, int64_t rows, int64_t width) {
  T* y = static_cast<T*>(to);
  for (int64_t i = 0; i < rows; ++i) {
    const A* row = from.values + i * from.stride;
    if constexpr (kDirect<T>) {
      std::memcpy(y + i * step, row, width * sizeof(A));
    } else {
      at::vec::convert(row, y + i * step, width);
    }
  }
}

template <typename A>
inline void transpose(Rows<A> from, Rows<A> to, int64_t rows, int64_t width) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < width; ++j)
      to.values[j * to.stride + i] = from.values[i * from.stride + j];
}

template <typename A>
inline void scale_values(A* x, A factor, int64_t width) {
  for_vectors<A>(width,
                 [&](int64_t i, int64_t n) { store(x + i, Vec<A>(factor) * load(x + i, n), n); });
}

template <typename A>
inline void scale_rows(Rows<A> x, A factor, int64_t rows, int64_t width) {
  for (int64_t i = 0; i < rows; ++i) scale_values(x.values + i * x.stride, factor, width);
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
