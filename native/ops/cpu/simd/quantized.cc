// Compiled once per instruction set: the loops over weights that are held in a short type.

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include "cpu/loops.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {
namespace {

/// Sums that are formed side by side: two vectors of the widest registers.
constexpr int64_t kLanes = 32;

inline float get_factor(const QuantizedRows& rows, int64_t row) {
  return rows.scale == nullptr ? 1.0F : rows.scale[row];
}

template <typename T>
void unpack_rows(const QuantizedRows& rows, float* y) {
  const auto* weight = static_cast<const T*>(rows.weight);
  for (int64_t row = 0; row < rows.rows; ++row, weight += rows.width, y += rows.width) {
    const float factor = get_factor(rows, row);
    for (int64_t i = 0; i < rows.width; ++i) y[i] = static_cast<float>(weight[i]) * factor;
  }
}

/// The products of a row of a weight with kCount rows of x.
template <typename T, int64_t kCount>
void multiply_row(const T* weight, const float* x, int64_t width, float* sums) {
  float lanes[kCount][kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes) {
    float numbers[kLanes];
    for (int64_t j = 0; j < kLanes; ++j) numbers[j] = static_cast<float>(weight[i + j]);
    for (int64_t n = 0; n < kCount; ++n)
      for (int64_t j = 0; j < kLanes; ++j) lanes[n][j] += numbers[j] * x[n * width + i + j];
  }
  for (int64_t n = 0; n < kCount; ++n) {
    for (int64_t k = i; k < width; ++k)
      lanes[n][k - i] += static_cast<float>(weight[k]) * x[n * width + k];
    for (int64_t half = kLanes / 2; half > 0; half /= 2)
      for (int64_t j = 0; j < half; ++j) lanes[n][j] += lanes[n][j + half];
    sums[n] = lanes[n][0];
  }
}

template <typename T, int64_t kCount>
void multiply_some(const QuantizedRows& rows, const float* x, float* y, int64_t stride) {
  const auto* weight = static_cast<const T*>(rows.weight);
  for (int64_t row = 0; row < rows.rows; ++row, weight += rows.width) {
    float sums[kCount];
    multiply_row<T, kCount>(weight, x, rows.width, sums);
    for (int64_t n = 0; n < kCount; ++n) y[n * stride + row] = sums[n] * get_factor(rows, row);
  }
}

template <typename T>
void multiply_rows(const QuantizedRows& rows, const float* x, int64_t count, float* y,
                   int64_t stride) {
  constexpr int64_t kTogether = 4;
  int64_t n = 0;
  for (; n + kTogether <= count; n += kTogether)
    multiply_some<T, kTogether>(rows, x + n * rows.width, y + n * stride, stride);
  for (; n < count; ++n) multiply_some<T, 1>(rows, x + n * rows.width, y + n * stride, stride);
}

template <typename T>
constexpr QuantizedLoops loops_of() {
  return {unpack_rows<T>, multiply_rows<T>};
}

}  // namespace

const QuantizedLoops quantized_loops[kQuantizedTypes] = {loops_of<c10::BFloat16>(),
                                                         loops_of<c10::Half>(), loops_of<int8_t>()};

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
