// Compiled once per instruction set: the loops over weights that are held in a short type. Numbers
// are unpacked in registers; each sum runs along a row in one order, whatever else is summed beside
// it.

#include <algorithm>
#include <array>
#include <utility>

#include "cpu/loops.h"
#include "cpu/simd/units.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {
namespace {

/// Sums that the registers hold, and rows of a weight that are read at once.
#if defined(CPU_CAPABILITY_AVX512)
constexpr int kSums = 16;
#else
constexpr int kSums = 8;
#endif
constexpr int kMostRows = 4;
/// Rows of x that share what is unpacked.
constexpr int kMostCount = 8;
/// Groups whose factors are widened at once.
constexpr int kFactors = 64;
/// Bytes of a weight that are asked for ahead, and of a line of the cache.
constexpr int64_t kAhead = 4096, kLine = 64;

/// What some groups of a row have, in float32.
template <bool kPaired>
class GroupFactors {
 public:
  GroupFactors(const QuantizedRows& rows, int64_t row, int64_t first) {
    const int64_t begin = (row * rows.groups + first) * kStep;
    const int64_t count = std::min<int64_t>(kFactors, rows.groups - first) * kStep;
    rows.half ? widen_all(static_cast<const c10::Half*>(rows.scale) + begin, count)
              : widen_all(static_cast<const float*>(rows.scale) + begin, count);
  }
  Factors get(int64_t index) const { return {values_ + kStep * index, kPaired}; }

 private:
  static constexpr int64_t kStep = kPaired ? 2 : 1;

  template <typename T>
  void widen_all(const T* from, int64_t count) {
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) store(values_ + i, widen(from + i));
    if (i < count) store(values_ + i, widen_some(from + i, count - i));
  }
  float values_[kStep * kFactors];
};

/// The bytes of a row.
template <typename Units>
constexpr int64_t count_bytes(int64_t width) {
  return width * Units::kBytes / kUnit;
}

/// The sums of kRows rows of a weight with kCount rows of x, in the order of the numbers of a row.
template <typename Units, int kRows, int kCount>
class Tile {
 public:
  using Group = typename Units::Group;

  Tile(const QuantizedRows& rows, int64_t row, const float* x) : rows_(rows), row_(row), x_(x) {}

  void multiply() {
    Place at = begin();
    Sums sums = {};
    if constexpr (Units::kGrouped) {
      rows_.paired ? add_groups<true>(at, sums) : add_groups<false>(at, sums);
    } else {
      for (int64_t u = rows_.width / kUnit; u > 0; --u) add({}, at, sums);
      if (const int64_t left = rows_.width % kUnit; left > 0) add_last(left, at, sums);
    }
    for (int r = 0; r < kRows; ++r)
      for (int n = 0; n < kCount; ++n) sums_[r][n] = sums[r][n];
  }

  float get(int r, int n) const { return sum(sums_[r][n]); }

 private:
  // What changes in a loop has no address outside it, so that it stays in registers.
  struct Place {
    const uint8_t* bytes[kRows];
    /// What comes after the rows: they are read side by side, and memory in its own order.
    const uint8_t* ahead;
    const float* x;
    int64_t stride;
  };
  using Sums = Vector[kRows][kCount];
  struct Groups {
    Group of[kRows];
  };

  Place begin() const {
    const int64_t bytes = count_bytes<Units>(rows_.width);
    const auto* first = static_cast<const uint8_t*>(rows_.weight) + row_ * bytes;
    Place at;
    for (int r = 0; r < kRows; ++r) at.bytes[r] = first + r * bytes;
    at.ahead = first + kAhead;
    at.x = x_;
    at.stride = rows_.width;
    return at;
  }

  template <bool kPaired>
  [[gnu::always_inline]] void add_groups(Place& at, Sums& sums) const {
    const int64_t units = rows_.width / rows_.groups / kUnit;
    for (int64_t first = 0; first < rows_.groups; first += kFactors) {
      const auto factors = [&]<int... r>(std::integer_sequence<int, r...>) {
        return std::array{GroupFactors<kPaired>(rows_, row_ + r, first)...};
      }(std::make_integer_sequence<int, kRows>{});
      const int64_t count = std::min<int64_t>(kFactors, rows_.groups - first);
      for (int64_t g = 0; g < count; ++g) {
        Groups groups;
        for (int r = 0; r < kRows; ++r) groups.of[r] = Group(factors[r].get(g));
        for (int64_t u = 0; u < units; ++u) add(groups, at, sums);
      }
    }
  }

  /// Adds the products of a unit of each row, and asks for those to come.
  [[gnu::always_inline]] static void add(const Groups& groups, Place& at, Sums& sums) {
    constexpr int64_t kBytes = kRows * Units::kBytes;
    for (int64_t line = 0; line < kBytes; line += kLine) __builtin_prefetch(at.ahead + line);
    at.ahead += kBytes;
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) {
      const Unit unit = groups.of[r].read(at.bytes[r]);
      at.bytes[r] += Units::kBytes;
#pragma GCC unroll 8
      for (int n = 0; n < kCount; ++n)
#pragma GCC unroll 8
        for (int64_t i = 0; i < kParts; ++i)
          sums[r][n] = fuse(unit.parts[i], load(at.x + n * at.stride + i * kLanes), sums[r][n]);
    }
    at.x += kUnit;
  }

  /// Adds the products of the last numbers, fewer than a unit, with zeros behind them.
  [[gnu::always_inline]] static void add_last(int64_t left, const Place& from, Sums& sums) {
    float numbers[kCount][kUnit] = {};
    uint8_t padded[kRows][Units::kBytes] = {};
    Place at = from;
    for (int n = 0; n < kCount; ++n) std::copy_n(from.x + n * from.stride, left, numbers[n]);
    for (int r = 0; r < kRows; ++r) {
      std::copy_n(from.bytes[r], count_bytes<Units>(left), padded[r]);
      at.bytes[r] = padded[r];
    }
    at.x = numbers[0];
    at.stride = kUnit;
    add({}, at, sums);
  }

  const QuantizedRows& rows_;
  const int64_t row_;
  const float* const x_;
  Vector sums_[kRows][kCount];
};

/// The factor that a whole row has.
inline float get_factor(const QuantizedRows& rows, int64_t row) {
  return rows.groups > 0 || rows.scale == nullptr ? 1 : static_cast<const float*>(rows.scale)[row];
}

template <typename Units, int kRows, int kCount>
void multiply_tile(const QuantizedRows& rows, int64_t row, const float* x, float* y,
                   int64_t stride) {
  Tile<Units, kRows, kCount> tile(rows, row, x);
  tile.multiply();
  for (int r = 0; r < kRows; ++r)
    for (int n = 0; n < kCount; ++n)
      y[n * stride + row + r] = tile.get(r, n) * get_factor(rows, row + r);
}

template <typename Units, int kCount>
void multiply_some(const QuantizedRows& rows, const float* x, float* y, int64_t stride) {
  constexpr int kRows = std::clamp(kSums / kCount, 1, kMostRows);
  int64_t row = 0;
  for (; row + kRows <= rows.rows; row += kRows)
    multiply_tile<Units, kRows, kCount>(rows, row, x, y, stride);
  for (; row < rows.rows; ++row) multiply_tile<Units, 1, kCount>(rows, row, x, y, stride);
}

template <typename Units, int kCount = kMostCount>
void multiply_rows(const QuantizedRows& rows, const float* x, int64_t count, float* y,
                   int64_t stride) {
  for (; count >= kCount; count -= kCount, x += kCount * rows.width, y += kCount * stride)
    multiply_some<Units, kCount>(rows, x, y, stride);
  if constexpr (kCount > 1) multiply_rows<Units, kCount - 1>(rows, x, count, y, stride);
}

/// The units of one row, which a group shares; `values` has room for whole units.
template <typename Units>
void unpack_units(const typename Units::Group& group, const uint8_t*& bytes, int64_t units,
                  float*& values) {
  for (int64_t u = 0; u < units; ++u, bytes += Units::kBytes, values += kUnit) {
    const Unit unit = group.read(bytes);
    for (int64_t i = 0; i < kParts; ++i) store(values + i * kLanes, unit.parts[i]);
  }
}

/// A row whose numbers stand for themselves.
template <typename Units>
void unpack_plain(const uint8_t* bytes, int64_t width, float* y) {
  const typename Units::Group plain{};
  unpack_units<Units>(plain, bytes, width / kUnit, y);
  uint8_t padded[Units::kBytes] = {};
  float last[kUnit], *to = last;
  std::copy_n(bytes, count_bytes<Units>(width % kUnit), padded);
  const uint8_t* from = padded;
  unpack_units<Units>(plain, from, 1, to);
  std::copy_n(last, width % kUnit, y);
}

template <typename Units, bool kPaired>
void unpack_groups(const QuantizedRows& rows, int64_t row, const uint8_t* bytes, float* y) {
  const int64_t units = rows.width / rows.groups / kUnit;
  for (int64_t first = 0; first < rows.groups; first += kFactors) {
    const GroupFactors<kPaired> factors(rows, row, first);
    const int64_t count = std::min<int64_t>(kFactors, rows.groups - first);
    for (int64_t g = 0; g < count; ++g)
      unpack_units<Units>(typename Units::Group(factors.get(g)), bytes, units, y);
  }
}

template <typename Units>
void unpack_rows(const QuantizedRows& rows, float* y) {
  const auto* bytes = static_cast<const uint8_t*>(rows.weight);
  for (int64_t row = 0; row < rows.rows; ++row) {
    const uint8_t* const from = bytes + row * count_bytes<Units>(rows.width);
    float* const to = y + row * rows.width;
    if constexpr (Units::kGrouped) {
      rows.paired ? unpack_groups<Units, true>(rows, row, from, to)
                  : unpack_groups<Units, false>(rows, row, from, to);
    } else {
      unpack_plain<Units>(from, rows.width, to);
      const float factor = get_factor(rows, row);
      for (int64_t i = 0; i < rows.width; ++i) to[i] *= factor;
    }
  }
}

template <typename Units>
constexpr QuantizedLoops loops_of() {
  return {unpack_rows<Units>, multiply_rows<Units>};
}

}  // namespace

const QuantizedLoops quantized_loops[kQuantizedTypes] = {
    loops_of<PlainUnits<c10::BFloat16>>(), loops_of<PlainUnits<c10::Half>>(),
    loops_of<PlainUnits<int8_t>>(), loops_of<ByteUnits>(), loops_of<NibbleUnits>()};

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
