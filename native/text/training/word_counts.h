// How often each piece occurs in the texts to train on.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/unicode/pretokenize.h"

namespace palabra {

class WordCounts {
 public:
  struct Word {
    uint64_t hash = 0;
    uint64_t start = 0;
    uint64_t size = 0;
    uint64_t count = 0;
  };

  explicit WordCounts(Pattern pattern) : pattern_(pattern), slots_(kFirstSize, kEmpty) {}

  // Counts the pieces of a text of valid UTF-8; stops early when `aborted`.
  void add(std::string_view text, const std::atomic<bool>& aborted);

  // Every different piece, in the order in which they came.
  const std::vector<Word>& words() const { return words_; }
  std::string_view text(const Word& word) const {
    return std::string_view(bytes_).substr(word.start, word.size);
  }

 private:
  static constexpr size_t kFirstSize = size_t{1} << 14;
  static constexpr uint32_t kEmpty = UINT32_MAX;

  void add_word(std::string_view piece);
  uint32_t& slot(uint64_t hash, std::string_view piece);
  void grow();

  Pattern pattern_;
  std::string bytes_;
  std::vector<Word> words_;
  // Places in `words_`, with open addressing.
  std::vector<uint32_t> slots_;
};

}  // namespace palabra
