// Compiled once per instruction set, without contraction: a product and a sum in one rounding would
// give other bits than the reference.

#include <c10/util/Half.h>

#include <cstring>

#include "cpu/loops.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {
namespace {

/// The elements of a block of the K formats.
constexpr int kSuper = 256;

/// The float16 at an address that need not be aligned.
inline float read_half(const uint8_t* bytes) {
  uint16_t bits;
  std::memcpy(&bits, bytes, sizeof(bits));
  return c10::detail::fp16_ieee_to_fp32_value(bits);
}

/// The 32 high bits of a five-bit block.
inline uint32_t read_bits(const uint8_t* bytes) {
  uint32_t bits;
  std::memcpy(&bits, bytes, sizeof(bits));
  return bits;
}

/// Element j is the low half of byte j, element j + 16 its high half; `bits` are the fifth ones.
template <typename Make>
inline void decode_halves(const uint8_t* q, uint32_t bits, float* y, Make make) {
  for (int j = 0; j < 16; ++j) {
    y[j] = make(static_cast<float>((q[j] & 15) | ((bits >> j & 1) << 4)));
    y[j + 16] = make(static_cast<float>((q[j] >> 4) | ((bits >> (j + 16) & 1) << 4)));
  }
}

void decode_q4_0(const uint8_t* block, float* y) {
  const float d = read_half(block);
  decode_halves(block + 2, 0, y, [d](float q) { return d * (q - 8); });
}

void decode_q4_1(const uint8_t* block, float* y) {
  const float d = read_half(block), m = read_half(block + 2);
  decode_halves(block + 4, 0, y, [d, m](float q) { return d * q + m; });
}

void decode_q5_0(const uint8_t* block, float* y) {
  const float d = read_half(block);
  decode_halves(block + 6, read_bits(block + 2), y, [d](float q) { return d * (q - 16); });
}

void decode_q5_1(const uint8_t* block, float* y) {
  const float d = read_half(block), m = read_half(block + 2);
  decode_halves(block + 8, read_bits(block + 4), y, [d, m](float q) { return d * q + m; });
}

void decode_q8_0(const uint8_t* block, float* y) {
  const float d = read_half(block);
  for (int j = 0; j < 32; ++j) y[j] = static_cast<float>(static_cast<int8_t>(block[2 + j])) * d;
}

/// Scales and minima of 4 bits for each 16 elements; a byte holds elements that are 32 apart.
void decode_q2_k(const uint8_t* block, float* y) {
  const uint8_t *scales = block, *q = block + 16;
  const float d = read_half(block + 80), least = read_half(block + 82);
  for (int64_t sub = 0; sub < kSuper / 16; ++sub, y += 16) {
    const float scale = d * static_cast<float>(scales[sub] & 15);
    const float minimum = least * static_cast<float>(scales[sub] >> 4);
    const uint8_t* from = q + sub / 8 * 32 + sub % 2 * 16;
    const int64_t shift = sub % 8 / 2 * 2;
    for (int j = 0; j < 16; ++j) y[j] = scale * static_cast<float>(from[j] >> shift & 3) - minimum;
  }
}

/// The scale of 6 bits of 16 elements: 4 bits in the first 8 bytes, 2 in the last 4.
inline int read_scale(const uint8_t* scales, int64_t sub) {
  const int low = sub < 8 ? scales[sub] & 15 : scales[sub - 8] >> 4;
  return (low | (scales[8 + sub % 4] >> (sub / 4 * 2) & 3) << 4) - 32;
}

/// As Q2_K without minima; where the mask has no bit, 4 is taken off.
void decode_q3_k(const uint8_t* block, float* y) {
  const uint8_t *mask = block, *q = block + 32, *scales = block + 96;
  const float d = read_half(block + 108);
  for (int64_t sub = 0; sub < kSuper / 16; ++sub, y += 16) {
    const float scale = d * static_cast<float>(read_scale(scales, sub));
    const uint8_t *from = q + sub / 8 * 32 + sub % 2 * 16, *high = mask + sub % 2 * 16;
    const int64_t shift = sub % 8 / 2 * 2, bit = sub / 2;
    for (int j = 0; j < 16; ++j) {
      y[j] = scale * static_cast<float>((from[j] >> shift & 3) - 4 + (high[j] >> bit & 1) * 4);
    }
  }
}

/// The scale and the minimum, of 6 bits each, of 32 elements.
struct ScaleAndMinimum {
  ScaleAndMinimum(const uint8_t* bytes, int64_t sub) {
    const uint8_t *d = bytes + sub % 4, *m = d + 4, *both = d + 8;
    scale = sub < 4 ? *d & 63 : (*both & 15) | (*d >> 2 & 48);
    minimum = sub < 4 ? *m & 63 : *both >> 4 | (*m >> 2 & 48);
  }
  int scale, minimum;
};

/// `high` holds the fifth bits, bit `sub` of each byte; null for none.
inline void decode_super(const uint8_t* block, const uint8_t* high, const uint8_t* q, float* y) {
  const float d = read_half(block), least = read_half(block + 2);
  for (int64_t sub = 0; sub < kSuper / 32; ++sub, y += 32) {
    const ScaleAndMinimum both(block + 4, sub);
    const float scale = d * static_cast<float>(both.scale);
    const float minimum = least * static_cast<float>(both.minimum);
    const uint8_t* from = q + sub / 2 * 32;
    const int64_t shift = sub % 2 * 4;
    for (int j = 0; j < 32; ++j) {
      const int fifth = high ? (high[j] >> sub & 1) << 4 : 0;
      y[j] = scale * static_cast<float>((from[j] >> shift & 15) | fifth) - minimum;
    }
  }
}

void decode_q4_k(const uint8_t* block, float* y) { decode_super(block, nullptr, block + 16, y); }

void decode_q5_k(const uint8_t* block, float* y) { decode_super(block, block + 16, block + 48, y); }

/// Scales of 8 bits for each 16 elements; 4 bits of each element first, then 2 more.
void decode_q6_k(const uint8_t* block, float* y) {
  const uint8_t *low = block, *high = block + 128, *scales = block + 192;
  const float d = read_half(block + 208);
  for (int64_t sub = 0; sub < kSuper / 16; ++sub, y += 16) {
    const float scale = d * static_cast<float>(static_cast<int8_t>(scales[sub]));
    const uint8_t *from = low + sub / 8 * 64 + sub % 4 * 16,
                  *more = high + sub / 8 * 32 + sub % 2 * 16;
    const int64_t shift = sub % 8 / 4 * 4, pair = sub % 8 / 2 * 2;
    for (int j = 0; j < 16; ++j) {
      const int q = (from[j] >> shift & 15) | (more[j] >> pair & 3) << 4;
      y[j] = scale * static_cast<float>(q - 32);
    }
  }
}

template <int64_t kElements, int64_t kBytes, void (*kDecode)(const uint8_t*, float*)>
void decode_blocks(const uint8_t* blocks, int64_t count, float* y) {
  for (int64_t i = 0; i < count; ++i) kDecode(blocks + i * kBytes, y + i * kElements);
}

template <int64_t kElements, int64_t kBytes, void (*kDecode)(const uint8_t*, float*)>
constexpr BlockFormat format(const char* name) {
  return {name, kElements, kBytes, decode_blocks<kElements, kBytes, kDecode>};
}

}  // namespace

const BlockFormat block_formats[kBlockFormats] = {
    format<32, 18, decode_q4_0>("Q4_0"),      format<32, 20, decode_q4_1>("Q4_1"),
    format<32, 22, decode_q5_0>("Q5_0"),      format<32, 24, decode_q5_1>("Q5_1"),
    format<32, 34, decode_q8_0>("Q8_0"),      format<kSuper, 84, decode_q2_k>("Q2_K"),
    format<kSuper, 110, decode_q3_k>("Q3_K"), format<kSuper, 144, decode_q4_k>("Q4_K"),
    format<kSuper, 176, decode_q5_k>("Q5_K"), format<kSuper, 210, decode_q6_k>("Q6_K")};

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
