// Which pairs of symbols merge, in what order, and into what.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace palabra {

// Both symbols of a pair in one number.
inline uint64_t make_pair_key(uint32_t left, uint32_t right) {
  return (static_cast<uint64_t>(left) << 32) | right;
}

// A well-mixed number of the same width.
inline uint64_t mix_bits(uint64_t value) {
  value = (value ^ (value >> 32)) * 0x9E3779B97F4A7C15u;
  return value ^ (value >> 29);
}

// A hash table of pairs with open addressing; it is written once and then only read.
class MergeTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Merge {
    uint64_t pair = UINT64_MAX;
    uint32_t rank = kNone;
    uint32_t result = kNone;
  };

  MergeTable() : MergeTable(0) {}
  explicit MergeTable(size_t count)
      : slots_(std::bit_ceil(count * 2 + 2)), mask_(slots_.size() - 1) {}

  // A pair that comes again takes its later rank.
  void add(uint32_t left, uint32_t right, uint32_t rank, uint32_t result) {
    const uint64_t pair = make_pair_key(left, right);
    slots_[find_slot(pair)] = {pair, rank, result};
  }

  // Of a pair that doesn't merge, one whose rank is kNone.
  const Merge& find(uint32_t left, uint32_t right) const {
    return slots_[find_slot(make_pair_key(left, right))];
  }

 private:
  size_t find_slot(uint64_t pair) const {
    size_t at = mix_bits(pair) & mask_;
    while (slots_[at].rank != kNone && slots_[at].pair != pair) at = (at + 1) & mask_;
    return at;
  }

  std::vector<Merge> slots_;
  size_t mask_;
};

}  // namespace palabra
