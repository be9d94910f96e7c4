// Learns the merges of byte-pair encoding from counted pieces.
//
// Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units".
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "text/training/word_counts.h"

namespace palabra {

struct BpeTraining {
  // Tokens in all: special ones, symbols and merges.
  uint32_t vocab_size = 0;
  // A pair that occurs less often is not merged.
  uint64_t min_frequency = 1;
  // They take the first ids and no text is ever encoded as one.
  std::vector<std::string> special;
  // Symbols are characters instead of bytes.
  bool characters = false;
  // The alphabet holds all 256 bytes, not only those that occur (bytes alone).
  bool all_bytes = true;
  // What ends a piece in the written form of its last symbol; empty for none (characters alone).
  std::string ending;
};

// What was learned. Ids: special tokens, symbols, merged tokens in their order.
struct BpeVocabulary {
  struct Token {
    std::string text;
    // Whether it ends a piece: its written form has the ending.
    bool ends = false;
  };
  struct Merge {
    uint32_t left;
    uint32_t right;
    uint32_t result;
  };
  std::vector<Token> tokens;
  std::vector<Merge> merges;
};

// Merges the most frequent pair again and again; of equally frequent ones that with the smallest
// ids.
BpeVocabulary train_bpe(const WordCounts& counts, const BpeTraining& training,
                        const std::atomic<bool>& aborted);

}  // namespace palabra
