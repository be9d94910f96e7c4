#include "text/training/bpe_trainer.h"

#include <algorithm>
#include <queue>
#include <span>

#include "text/abort_check.h"
#include "text/bpe/merge_table.h"
#include "text/training/vocabulary_builder.h"

namespace palabra {

namespace {

// A pair of neighbouring symbols.
struct Pair {
  uint64_t key;
  int64_t count = 0;
  // Words in which the pair appeared since it was last put into the heap.
  std::vector<uint32_t> words;
};

// Pairs by key: a hash table with open addressing over dense indices.
class PairIndex {
 public:
  uint32_t index(uint64_t key) {
    size_t at = find_slot(key);
    if (slots_[at] != kEmpty) return slots_[at];
    if (pairs.size() * 2 >= slots_.size()) {
      grow();
      at = find_slot(key);
    }
    slots_[at] = static_cast<uint32_t>(pairs.size());
    pairs.push_back({key, 0, {}});
    return slots_[at];
  }

  std::vector<Pair> pairs;

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;

  size_t find_slot(uint64_t key) const {
    const size_t mask = slots_.size() - 1;
    size_t at = mix_bits(key) & mask;
    while (slots_[at] != kEmpty && pairs[slots_[at]].key != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    slots_.assign(slots_.size() * 4, kEmpty);
    for (uint32_t i = 0; i < pairs.size(); ++i) slots_[find_slot(pairs[i].key)] = i;
  }

  std::vector<uint32_t> slots_ = std::vector<uint32_t>(size_t{1} << 14, kEmpty);
};

// A pair waiting to be merged in some words; its count may have changed since.
struct Candidate {
  int64_t count;
  uint64_t key;
  uint32_t pair;
  uint32_t words;

  // The heap's top is the most frequent; of equals that with the smallest ids.
  bool operator<(const Candidate& other) const {
    return count != other.count ? count < other.count : key > other.key;
  }
};

class Trainer {
 public:
  Trainer(const WordCounts& counts, const BpeTraining& training, const std::atomic<bool>& aborted)
      : training_(training), vocabulary_(training), check_(aborted) {
    vocabulary_.add_symbols(counts, check_);
    for (const WordCounts::Word& word : counts.words()) {
      if (aborted) return;
      const size_t start = symbols_.size();
      vocabulary_.read_symbols(counts.text(word), symbols_, check_);
      words_.push_back({start, symbols_.size() - start, static_cast<int64_t>(word.count)});
    }
    for (uint32_t word = 0; word < words_.size() && !aborted; ++word) count_pairs(word);
    queue_touched();
  }

  BpeVocabulary run(const std::atomic<bool>& aborted) {
    while (vocabulary_.size() < training_.vocab_size && !queue_.empty() && !aborted) {
      Candidate top = queue_.top();
      queue_.pop();
      const int64_t count = index_.pairs[top.pair].count;
      if (top.count != count) {
        top.count = count;
        queue_.push(top);
        continue;
      }
      if (count < 1 || static_cast<uint64_t>(count) < training_.min_frequency) break;
      merge(top);
    }
    return {vocabulary_.take(), std::move(merges_)};
  }

 private:
  struct Word {
    size_t start;
    size_t size;
    int64_t count;
  };

  std::span<uint32_t> get_symbols(const Word& word) {
    return std::span(symbols_).subspan(word.start, word.size);
  }

  void count_pairs(uint32_t word) {
    const std::span<uint32_t> symbols = get_symbols(words_[word]);
    for (size_t i = 0; i + 1 < symbols.size() && !check_.stop(); ++i)
      change(symbols[i], symbols[i + 1], word, 1);
  }

  // More or fewer of a pair in a word.
  void change(uint32_t left, uint32_t right, uint32_t word, int64_t times) {
    const uint32_t index = index_.index(make_pair_key(left, right));
    Pair& pair = index_.pairs[index];
    pair.count += times * words_[word].count;
    if (times < 0) return;
    if (pair.words.empty()) touched_.push_back(index);
    if (pair.words.empty() || pair.words.back() != word) pair.words.push_back(word);
  }

  void queue_touched() {
    for (const uint32_t index : touched_) {
      Pair& pair = index_.pairs[index];
      if (pair.count > 0) {
        queue_.push({pair.count, pair.key, index, static_cast<uint32_t>(waiting_.size())});
        waiting_.push_back(std::move(pair.words));
      }
      pair.words.clear();
    }
    touched_.clear();
  }

  void merge(const Candidate& top) {
    const auto left = static_cast<uint32_t>(top.key >> 32);
    const auto right = static_cast<uint32_t>(top.key);
    const std::vector<uint32_t> words = std::move(waiting_[top.words]);
    const std::optional<uint32_t> result = vocabulary_.join(left, right);
    if (!result) return;
    merges_.push_back({left, right, *result});
    for (const uint32_t word : words) merge_in(word, left, right, *result);
    queue_touched();
  }

  // Merges a pair in one word, from left to right, and counts what its neighbours lose and gain.
  void merge_in(uint32_t index, uint32_t left, uint32_t right, uint32_t result) {
    Word& word = words_[index];
    const std::span<uint32_t> symbols = get_symbols(word);
    size_t kept = 0;
    for (size_t i = 0; i < word.size && !check_.stop(); ++i) {
      if (i + 1 == word.size || symbols[i] != left || symbols[i + 1] != right) {
        symbols[kept++] = symbols[i];
        continue;
      }
      if (kept > 0) {
        change(symbols[kept - 1], left, index, -1);
        change(symbols[kept - 1], result, index, 1);
      }
      if (i + 2 < word.size) {
        change(right, symbols[i + 2], index, -1);
        change(result, symbols[i + 2], index, 1);
      }
      symbols[kept++] = result;
      ++i;
    }
    word.size = kept;
  }

  const BpeTraining& training_;
  VocabularyBuilder vocabulary_;
  AbortCheck check_;
  std::vector<Word> words_;
  // The symbols of all words, one after another; merged words leave holes.
  std::vector<uint32_t> symbols_;
  PairIndex index_;
  std::vector<uint32_t> touched_;
  std::priority_queue<Candidate> queue_;
  // The words of each candidate.
  std::vector<std::vector<uint32_t>> waiting_;
  std::vector<BpeVocabulary::Merge> merges_;
};

}  // namespace

BpeVocabulary train_bpe(const WordCounts& counts, const BpeTraining& training,
                        const std::atomic<bool>& aborted) {
  return Trainer(counts, training, aborted).run(aborted);
}

}  // namespace palabra
