#pragma once

#include "cpu/loops.h"
#include "cpu/simd/row.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

inline constexpr int64_t kDrawBlock = 64;
inline constexpr int kCounters = 16;

/// One round of Philox 4x32 on 16 counters at once.
inline void philox_round(uint32_t (&c)[4][kCounters], uint32_t key0, uint32_t key1) {
  for (int i = 0; i < kCounters; ++i) {
    const uint64_t first = uint64_t{0xD2511F53} * c[0][i];
    const uint64_t second = uint64_t{0xCD9E8D57} * c[2][i];
    c[0][i] = static_cast<uint32_t>(second >> 32) ^ c[1][i] ^ key0;
    c[2][i] = static_cast<uint32_t>(first >> 32) ^ c[3][i] ^ key1;
    c[1][i] = static_cast<uint32_t>(second);
    c[3][i] = static_cast<uint32_t>(first);
  }
}

/// 64 draws of 32 bits: Philox 4x32-10 of the counters 16 * block … 16 * block + 15 under `seed`
/// (Salmon et al. 2011). Word w of counter 16 * block + i is the draw at 16 * w + i.
inline void draw_block(uint64_t block, uint64_t seed, uint32_t (&c)[4][kCounters]) {
  for (int i = 0; i < kCounters; ++i) {
    const uint64_t counter = block * kCounters + i;
    c[0][i] = static_cast<uint32_t>(counter);
    c[1][i] = static_cast<uint32_t>(counter >> 32);
    c[2][i] = c[3][i] = 0;
  }
  auto key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    philox_round(c, key0, key1);
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
}

// A byte may alias anything, so masks are restricted and bounds are copied: the loops vectorise.

inline void draw_mask(uint64_t block, uint64_t seed, uint32_t drop_below, uint8_t* __restrict mask,
                      int64_t count) {
  uint32_t words[4][kCounters];
  draw_block(block, seed, words);
  const uint32_t* draws = &words[0][0];
  for (int64_t i = 0; i < count; ++i) mask[i] = draws[i] >= drop_below;
}

template <typename A>
inline void scale_kept(const A* __restrict x, const uint8_t* __restrict mask, A scale,
                       A* __restrict y, int64_t count) {
  for (int64_t i = 0; i < count; ++i) y[i] = mask[i] ? x[i] * scale : A(0);
}

template <typename T>
void dropout_range(const DropoutRange& a) {
  using A = Statistics<T>;
  for (int64_t begin = a.begin; begin < a.end; begin += kDrawBlock) {
    const int64_t count = a.end - begin < kDrawBlock ? a.end - begin : kDrawBlock;
    uint8_t* mask = a.mask + begin;
    if (a.draw)
      draw_mask(static_cast<uint64_t>(begin / kDrawBlock), a.seed, a.drop_below, mask, count);
    A rows[2][kDrawBlock];
    const A* x = read_row(static_cast<const T*>(a.x) + begin, rows[0], count);
    T* y = static_cast<T*>(a.y) + begin;
    A* out = open_row(y, rows[1]);
    scale_kept(x, mask, static_cast<A>(a.scale), out, count);
    finish_row(y, out, count);
  }
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
