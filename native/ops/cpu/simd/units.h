#pragma once

// How 32 numbers of a weight in a short type become vectors of float32, for one instruction set.

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <cstdint>
#include <cstring>

#if defined(CPU_CAPABILITY_AVX512) || defined(CPU_CAPABILITY_AVX2)
#include <immintrin.h>
#endif

namespace palabra::ops::cpu::CPU_CAPABILITY {

/// Numbers that are read together: a group has whole units.
inline constexpr int64_t kUnit = 32;

#if defined(CPU_CAPABILITY_AVX512)

using Vector = __m512;
inline constexpr int kLanes = 16;
inline Vector load(const float* from) { return _mm512_loadu_ps(from); }
inline void store(float* to, Vector x) { _mm512_storeu_ps(to, x); }
inline Vector spread(float x) { return _mm512_set1_ps(x); }
inline Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
inline Vector fuse(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
inline __m128i load_bytes(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
inline __m256i load_words(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
inline Vector widen(const int8_t* from) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(load_bytes(from)));
}
inline Vector widen(const c10::BFloat16* from) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(load_words(from)), 16));
}
inline Vector widen(const c10::Half* from) { return _mm512_cvtph_ps(load_words(from)); }
inline Vector widen(const float* from) { return load(from); }
inline __mmask16 mask_first(int64_t count) { return static_cast<__mmask16>((1U << count) - 1); }
inline Vector widen_some(const c10::Half* from, int64_t count) {
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask_first(count), from));
}
inline Vector widen_some(const float* from, int64_t count) {
  return _mm512_maskz_loadu_ps(mask_first(count), from);
}
inline float sum(Vector x) {
  const __m256 low = _mm512_castps512_ps256(x), high = _mm512_extractf32x8_ps(x, 1);
  const __m256 eight = _mm256_add_ps(low, high);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

#elif defined(CPU_CAPABILITY_AVX2)

using Vector = __m256;
inline constexpr int kLanes = 8;
inline Vector load(const float* from) { return _mm256_loadu_ps(from); }
inline void store(float* to, Vector x) { _mm256_storeu_ps(to, x); }
inline Vector spread(float x) { return _mm256_set1_ps(x); }
inline Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
inline Vector fuse(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
inline __m128i load_words(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
inline Vector widen(__m128i bytes) { return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)); }
inline Vector widen(const int8_t* from) {
  return widen(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
}
inline Vector widen(const c10::BFloat16* from) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(load_words(from)), 16));
}
inline Vector widen(const c10::Half* from) { return _mm256_cvtph_ps(load_words(from)); }
inline Vector widen(const float* from) { return load(from); }

#else

inline constexpr int kLanes = 4;
using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));
inline Vector load(const float* from) {
  Vector x;
  std::memcpy(&x, from, sizeof x);
  return x;
}
inline void store(float* to, Vector x) { std::memcpy(to, &x, sizeof x); }
inline Vector spread(float x) { return Vector{} + x; }
inline Vector multiply(Vector a, Vector b) { return a * b; }
inline Vector fuse(Vector a, Vector b, Vector c) { return a * b + c; }
template <typename T>
inline Vector widen(const T* from) {
  Vector x;
  for (int i = 0; i < kLanes; ++i) x[i] = static_cast<float>(from[i]);
  return x;
}

#endif

#if !defined(CPU_CAPABILITY_AVX512)

/// The first `count` numbers, fewer than a vector, and zeros behind them.
template <typename T>
inline Vector widen_some(const T* from, int64_t count) {
  float values[kLanes] = {};
  for (int64_t i = 0; i < count; ++i) values[i] = static_cast<float>(from[i]);
  return load(values);
}

/// The sum of all lanes: halves are added until one is left.
inline float sum(Vector value) {
  float lanes[kLanes];
  store(lanes, value);
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) lanes[j] += lanes[j + half];
  return lanes[0];
}

#endif

/// The vectors of a unit.
inline constexpr int kParts = kUnit / kLanes;
struct Unit {
  Vector parts[kParts];
};

/// What a group has: a number q stands for factor * q + offset, where there are offsets, or for
/// factor * (q - 8) in four bits.
struct Factors {
  const float* values;  // the factor, and the offset behind it
  bool paired;
};

/// Numbers of a type that stand for themselves; a factor of the row, if any, comes last.
template <typename T>
struct PlainUnits {
  static constexpr bool kGrouped = false;
  static constexpr int64_t kBytes = kUnit * sizeof(T);
  struct Group {
    Unit read(const uint8_t* bytes) const {
      Unit unit;
      const auto* from = reinterpret_cast<const T*>(bytes);
      for (int64_t i = 0; i < kParts; ++i) unit.parts[i] = widen(from + i * kLanes);
      return unit;
    }
  };
};

/// Numbers of int8 with a factor for each group.
struct ByteUnits {
  static constexpr bool kGrouped = true;
  static constexpr int64_t kBytes = kUnit;
  struct Group {
    Group() = default;
    explicit Group(Factors of) : factor(spread(*of.values)) {}
    Unit read(const uint8_t* bytes) const {
      Unit unit = PlainUnits<int8_t>::Group{}.read(bytes);
      for (auto& part : unit.parts) part = multiply(part, factor);
      return unit;
    }
    Vector factor;
  };
};

/// Numbers from 0 to 15, two a byte: byte j has number j in its low half and j + 16 in its high
/// one, as blocks of GGUF files have them.
struct NibbleUnits {
  static constexpr bool kGrouped = true;
  static constexpr int64_t kBytes = kUnit / 2;
#if defined(CPU_CAPABILITY_AVX512)
  /// The 16 numbers of a group, which halves of bytes are looked up in.
  struct Group {
    Group() = default;
    explicit Group(Factors of) {
      const __m512 numbers = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      const __m512 centred = _mm512_setr_ps(-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7);
      const Vector factor = spread(of.values[0]);
      table = of.paired ? fuse(numbers, factor, spread(of.values[1])) : multiply(centred, factor);
    }
    Unit read(const uint8_t* bytes) const {
      const __m512i both = _mm512_cvtepu8_epi32(load_bytes(bytes));
      return {{_mm512_permutexvar_ps(both, table),
               _mm512_permutexvar_ps(_mm512_srli_epi32(both, 4), table)}};
    }
    Vector table;
  };
#else
  struct Group {
    Group() = default;
    explicit Group(Factors of)
        : factor(spread(of.values[0])),
          offset(spread(of.paired ? of.values[1] : -8 * of.values[0])) {}
    Unit read(const uint8_t* bytes) const {
      Unit unit;
#if defined(CPU_CAPABILITY_AVX2)
      const __m128i both = load_words(bytes), mask = _mm_set1_epi8(15);
      const __m128i low = _mm_and_si128(both, mask);
      const __m128i high = _mm_and_si128(_mm_srli_epi16(both, 4), mask);
      unit = {
          {widen(low), widen(_mm_srli_si128(low, 8)), widen(high), widen(_mm_srli_si128(high, 8))}};
#else
      uint8_t numbers[kUnit];
      for (int j = 0; j < kUnit / 2; ++j) {
        numbers[j] = bytes[j] & 15;
        numbers[j + kUnit / 2] = bytes[j] >> 4;
      }
      for (int64_t i = 0; i < kParts; ++i) unit.parts[i] = widen(numbers + i * kLanes);
#endif
      for (auto& part : unit.parts) part = fuse(part, factor, offset);
      return unit;
    }
    Vector factor, offset;
  };
#endif
};

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
