#pragma once

#include "cpu/loops.h"
#include "cpu/simd/row.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

/// (y1, y2) = (x1 cos - x2 sin, x2 cos + x1 sin) for the halves of a row; `back` turns the other
/// way.
template <typename A>
inline void rotate_row(const A* x, const A* cos, const A* sin, bool back, A* y, int64_t half) {
  const Vec<A> direction(back ? A(-1) : A(1));
  for_vectors<A>(half, [&](int64_t i, int64_t n) {
    const auto first = load(x + i, n), second = load(x + half + i, n);
    const auto c = load(cos + i, n), s = load(sin + i, n) * direction;
    store(y + i, first * c - second * s, n);
    store(y + half + i, second * c + first * s, n);
  });
}

template <typename T>
void rotary_rows(const RotaryRows& a) {
  using A = Statistics<T>;
  auto* scratch = static_cast<A*>(a.scratch);
  const int64_t half = a.width / 2;
  for (int64_t r = 0; r < a.rows; ++r) {
    const A* x = read_row(static_cast<const T*>(a.x) + r * a.x_stride, scratch, a.width);
    T* y = static_cast<T*>(a.y) + r * a.y_stride;
    A* out = open_row(y, scratch + a.width);
    rotate_row(x, static_cast<const A*>(a.cos) + r * half, static_cast<const A*>(a.sin) + r * half,
               a.back, out, half);
    finish_row(y, out, a.width);
  }
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
