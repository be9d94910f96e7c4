#include "text/training/word_counts.h"

#include <cstring>

#include "text/abort_check.h"
#include "text/bpe/merge_table.h"

namespace palabra {

namespace {

uint64_t hash_piece(std::string_view piece) {
  uint64_t hash = piece.size() * 0xA24BAED4963EE407u;
  size_t at = 0;
  for (; at + 8 <= piece.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, piece.data() + at, 8);
    hash = mix_bits(hash ^ word);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, piece.data() + at, piece.size() - at);
  return mix_bits(hash ^ rest);
}

}  // namespace

void WordCounts::add(std::string_view text, const std::atomic<bool>& aborted) {
  AbortCheck check(aborted);
  visit_pieces(pattern_, text, [&](std::string_view piece) {
    add_word(piece);
    return !check.stop();
  });
}

void WordCounts::add_word(std::string_view piece) {
  const uint64_t hash = hash_piece(piece);
  uint32_t& place = slot(hash, piece);
  if (place != kEmpty) {
    ++words_[place].count;
    return;
  }
  place = static_cast<uint32_t>(words_.size());
  words_.push_back({hash, bytes_.size(), piece.size(), 1});
  bytes_ += piece;
  if (words_.size() * 2 > slots_.size()) grow();
}

uint32_t& WordCounts::slot(uint64_t hash, std::string_view piece) {
  for (size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    uint32_t& place = slots_[at];
    if (place == kEmpty) return place;
    const Word& word = words_[place];
    if (word.hash == hash && text(word) == piece) return place;
  }
}

void WordCounts::grow() {
  slots_.assign(slots_.size() * 4, kEmpty);
  for (uint32_t i = 0; i < words_.size(); ++i) {
    size_t at = words_[i].hash & (slots_.size() - 1);
    while (slots_[at] != kEmpty) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = i;
  }
}

}  // namespace palabra
