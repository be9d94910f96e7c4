#pragma once

#include <cmath>

#include "cpu/loops.h"
#include "cpu/simd/row.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

/// 1 / sqrt(mean(x^2) + eps)
template <typename A>
inline A inverse_rms(const A* x, int64_t width, double eps) {
  Vec<A> sum(0);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    const auto v = load(x + i, n);
    sum = at::vec::fmadd(v, v, sum);
  });
  return 1 / std::sqrt(add_lanes(sum) / static_cast<A>(width) + static_cast<A>(eps));
}

/// y = x * scale * weight
template <typename A>
inline void scale_row(const A* x, const A* weight, A scale, A* y, int64_t width) {
  const Vec<A> factor(scale);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    auto v = load(x + i, n) * factor;
    if (weight) v = v * load(weight + i, n);
    store(y + i, v, n);
  });
}

template <typename T>
void rms_norm_rows(const RmsNormRows& a) {
  using A = Statistics<T>;
  auto* scratch = static_cast<A*>(a.scratch);
  for (int64_t r = 0; r < a.rows; ++r) {
    const A* x = read_row(static_cast<const T*>(a.x) + r * a.width, scratch, a.width);
    T* y = static_cast<T*>(a.y) + r * a.width;
    A* out = open_row(y, scratch);
    scale_row(x, static_cast<const A*>(a.weight), inverse_rms(x, a.width, a.eps), out, a.width);
    finish_row(y, out, a.width);
  }
}

/// sum(grad * weight * x)
template <typename A>
inline A weighted_dot(const A* grad, const A* weight, const A* x, int64_t width) {
  Vec<A> sum(0);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    auto g = load(grad + i, n);
    if (weight) g = g * load(weight + i, n);
    sum = at::vec::fmadd(g, load(x + i, n), sum);
  });
  return add_lanes(sum);
}

/// grad_x = inverse * (grad * weight) - x * shrink
template <typename A>
inline void grad_row(const A* grad, const A* weight, const A* x, A inverse, A shrink, A* out,
                     int64_t width) {
  const Vec<A> factor(inverse), minus(-shrink);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    auto g = load(grad + i, n);
    if (weight) g = g * load(weight + i, n);
    store(out + i, at::vec::fmadd(load(x + i, n), minus, g * factor), n);
  });
}

/// grad_weight += grad * x * inverse
template <typename A>
inline void add_weight_grad(const A* grad, const A* x, A inverse, A* grad_weight, int64_t width) {
  const Vec<A> factor(inverse);
  for_vectors<A>(width, [&](int64_t i, int64_t n) {
    const auto g = load(grad + i, n) * load(x + i, n);
    store(grad_weight + i, at::vec::fmadd(g, factor, load(grad_weight + i, n)), n);
  });
}

template <typename T>
void rms_norm_backward_rows(const RmsNormGradRows& a) {
  using A = Statistics<T>;
  auto* scratch = static_cast<A*>(a.scratch);
  const auto* weight = static_cast<const A*>(a.weight);
  for (int64_t r = 0; r < a.rows; ++r) {
    const int64_t at = r * a.width;
    const A* grad = read_row(static_cast<const T*>(a.grad) + at, scratch, a.width);
    const A* x = read_row(static_cast<const T*>(a.x) + at, scratch + a.width, a.width);
    const A inverse = inverse_rms(x, a.width, a.eps);
    if (a.grad_weight) add_weight_grad(grad, x, inverse, static_cast<A*>(a.grad_weight), a.width);
    if (!a.grad_x) continue;
    const A dot = weighted_dot(grad, weight, x, a.width);
    const A shrink = dot * inverse * inverse * inverse / static_cast<A>(a.width);
    T* out = static_cast<T*>(a.grad_x) + at;
    A* open = open_row(out, scratch + 2 * a.width);
    grad_row(grad, weight, x, inverse, shrink, open, a.width);
    finish_row(out, open, a.width);
  }
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
