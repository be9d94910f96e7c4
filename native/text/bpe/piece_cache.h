// The ids of pieces that were seen before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "text/bpe/merge_table.h"

namespace palabra {

// Bytes that can be read behind every text, so that short pieces load as two words.
constexpr size_t kPadding = 16;

// The name of a piece in a cache: short pieces are their own bytes.
struct PieceKey {
  uint64_t low;
  uint64_t high;

  static constexpr size_t kLongest = 16;

  // Of a piece of 1 to kLongest bytes with kPadding behind its text.
  static PieceKey make(std::string_view piece) {
    PieceKey key{};
    std::memcpy(&key.low, piece.data(), 8);
    std::memcpy(&key.high, piece.data() + 8, 8);
    const size_t size = piece.size();
    key.low &= size < 8 ? (uint64_t{1} << (8 * size)) - 1 : UINT64_MAX;
    key.high &= size >= 16 ? UINT64_MAX : size > 8 ? (uint64_t{1} << (8 * (size - 8))) - 1 : 0;
    return key;
  }

  uint64_t hash(size_t size) const {
    return mix_bits(low ^ mix_bits(high ^ (size * 0xA24BAED4963EE407u)));
  }
  bool operator==(const PieceKey&) const = default;
};

// A hash table from pieces of up to 16 bytes to ids. When full it starts anew, so its memory is
// bounded.
class PieceCache {
 public:
  struct Found {
    const uint32_t* ids = nullptr;
    uint32_t count = 0;
  };

  PieceCache();

  // What is known of a piece; no ids when it is new.
  Found find(const PieceKey& key, size_t size) const {
    for (size_t at = key.hash(size) & mask_;; at = (at + 1) & mask_) {
      const Entry& entry = entries_[at];
      if (entry.size == size && entry.key == key)
        return {entry.count == 1 ? &entry.place : ids_.data() + entry.place, entry.count};
      if (entry.size == 0) return {};
    }
  }

  void add(const PieceKey& key, size_t size, const std::vector<uint32_t>& ids);

 private:
  struct Entry {
    PieceKey key{};
    // The id itself where there is one only, else its place in `ids_`.
    uint32_t place = 0;
    uint16_t size = 0;
    uint16_t count = 0;
  };

  void grow();
  Entry& free_entry(const PieceKey& key, size_t size);

  std::vector<Entry> entries_;
  size_t mask_;
  size_t used_ = 0;
  std::vector<uint32_t> ids_;
};

}  // namespace palabra
