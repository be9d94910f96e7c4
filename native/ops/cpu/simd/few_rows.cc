// Compiled once per instruction set: products of a few rows of x with a weight as it is stored.
// Each is a sum along two rows, so nothing is packed, and no sum depends on which others are
// formed.

#include <algorithm>
#include <cstring>

#include "cpu/loops.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {
namespace {

#if defined(CPU_CAPABILITY_AVX512)
constexpr int kLanes = 16, kTileRows = 6;
#elif defined(CPU_CAPABILITY_AVX2)
constexpr int kLanes = 8, kTileRows = 3;
#else
constexpr int kLanes = 4, kTileRows = 2;
#endif
/// Rows of a weight that share the loads of x, as many as four sums fill one vector.
constexpr int kTileColumns = 4;

using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));

inline Vector load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// `count` numbers, and zeros behind them.
inline Vector load_some(const float* from, int64_t count) {
  Vector value = {};
  std::memcpy(&value, from, count * sizeof(float));
  return value;
}

/// The sum of all lanes: halves are added until one is left.
inline float sum(Vector value) {
  float lanes[kLanes];
  std::memcpy(lanes, &value, sizeof lanes);
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) lanes[j] += lanes[j + half];
  return lanes[0];
}

/// The sums of four vectors, each formed as `sum` does it.
inline void sum_four(const Vector* values, float* sums) {
#if defined(CPU_CAPABILITY_AVX512)
  const auto halve = [](Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30,
                                   31);
  };
  const auto quarter = [](Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30,
                                   31);
  };
  Vector all = quarter(halve(values[0], values[1]), halve(values[2], values[3]));
  all += __builtin_shufflevector(all, all, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  all += __builtin_shufflevector(all, all, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  for (int m = 0; m < 4; ++m) sums[m] = all[4 * m];
#elif defined(CPU_CAPABILITY_AVX2)
  const auto halve = [](Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  };
  const auto quarter = [](Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13) +
           __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
  };
  Vector all = quarter(halve(values[0], values[1]), halve(values[2], values[3]));
  all += __builtin_shufflevector(all, all, 1, 0, 3, 2, 5, 4, 7, 6);
  for (int m = 0; m < 4; ++m) sums[m] = all[2 * m];
#else
  for (int m = 0; m < 4; ++m) sums[m] = sum(values[m]);
#endif
}

/// kRows rows of x with kColumns rows of the weight, from row n and row m on.
template <int kRows, int kColumns>
void multiply_tile(const FewRows& work, int64_t n0, int64_t m0) {
  const int64_t width = work.width;
  const float* const weight = work.weight + m0 * width;
  const float* const x = work.x + n0 * width;
  Vector sums[kRows][kColumns] = {};
  const auto add = [&](const auto& read, int64_t i) {
    Vector w[kColumns];
    for (int m = 0; m < kColumns; ++m) w[m] = read(weight + m * width + i);
    for (int n = 0; n < kRows; ++n) {
      const Vector numbers = read(x + n * width + i);
      for (int m = 0; m < kColumns; ++m) sums[n][m] += numbers * w[m];
    }
  };
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes) add([](const float* at) { return load(at); }, i);
  if (i < width) add([&](const float* at) { return load_some(at, width - i); }, i);
  for (int n = 0; n < kRows; ++n) {
    float found[kColumns];
    if constexpr (kColumns == kTileColumns) {
      sum_four(sums[n], found);
    } else {
      for (int m = 0; m < kColumns; ++m) found[m] = sum(sums[n][m]);
    }
    float* const y = work.y + (n0 + n) * work.stride + m0;
    for (int m = 0; m < kColumns; ++m) y[m] = work.add ? y[m] + found[m] : found[m];
  }
}

/// The memory of the rows of a weight that are read next.
class Ahead {
 public:
  Ahead(const float* begin, int64_t numbers, int64_t parts)
      : at_(reinterpret_cast<const char*>(begin)),
        end_(at_ + numbers * sizeof(float)),
        part_((end_ - at_) / parts + kLine) {}
  /// Has one of the parts brought near.
  void fetch() {
    const char* const stop = std::min(end_, at_ + part_);
    for (; at_ < stop; at_ += kLine) __builtin_prefetch(at_);
  }

 private:
  static constexpr int64_t kLine = 64;
  const char* at_;
  const char* const end_;
  const int64_t part_;
};

/// All rows of x with kColumns rows of the weight.
template <int kColumns>
void multiply_columns(const FewRows& work, int64_t m) {
  const int64_t next = std::min(work.columns, m + kColumns);
  const int64_t numbers = std::min<int64_t>(work.columns - next, kColumns) * work.width;
  Ahead ahead(work.weight + next * work.width, numbers, work.rows / kTileRows + 1);
  int64_t n = 0;
  for (; n + kTileRows <= work.rows; n += kTileRows) {
    ahead.fetch();
    multiply_tile<kTileRows, kColumns>(work, n, m);
  }
  if (n < work.rows) ahead.fetch();
  for (; n + 2 <= work.rows; n += 2) multiply_tile<2, kColumns>(work, n, m);
  if (n < work.rows) multiply_tile<1, kColumns>(work, n, m);
}

}  // namespace

void multiply_few_rows(const FewRows& work) {
  int64_t m = 0;
  for (; m + kTileColumns <= work.columns; m += kTileColumns)
    multiply_columns<kTileColumns>(work, m);
  for (; m < work.columns; ++m) multiply_columns<1>(work, m);
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
