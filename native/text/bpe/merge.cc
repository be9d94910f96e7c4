#include "text/bpe/merge.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace palabra {

namespace {

constexpr uint32_t kNone = MergeTable::kNone;

// Up to this many symbols, looking through all pairs each time is the fastest.
constexpr size_t kFew = 48;

// Short pieces: `ranks[i]` belongs to the pair that starts at i.
void merge_few(const MergeTable& merges, std::vector<uint32_t>& symbols) {
  uint32_t ranks[kFew];
  size_t count = symbols.size();
  const auto rank_at = [&](size_t i) {
    return i + 1 < count ? merges.find(symbols[i], symbols[i + 1]).rank : kNone;
  };
  for (size_t i = 0; i < count; ++i) ranks[i] = rank_at(i);
  while (true) {
    const size_t best = std::min_element(ranks, ranks + count) - ranks;
    if (ranks[best] == kNone) break;
    symbols[best] = merges.find(symbols[best], symbols[best + 1]).result;
    std::copy(symbols.begin() + best + 2, symbols.begin() + count, symbols.begin() + best + 1);
    std::copy(ranks + best + 2, ranks + count, ranks + best + 1);
    --count;
    ranks[best] = rank_at(best);
    if (best > 0) ranks[best - 1] = rank_at(best - 1);
  }
  symbols.resize(count);
}

// Long pieces: symbols are linked, and a heap holds the pairs by rank and place. A pair that has
// changed since it was put there has another rank now and is passed over.
class LongPiece {
 public:
  LongPiece(const MergeTable& merges, std::vector<uint32_t>& symbols)
      : merges_(merges), symbols_(symbols), links_(symbols.size()) {
    const auto count = static_cast<uint32_t>(symbols.size());
    for (uint32_t i = 0; i < count; ++i)
      links_[i] = {i == 0 ? kNone : i - 1, i + 1 == count ? kNone : i + 1};
  }

  void merge(AbortCheck& check) {
    for (uint32_t i = 0; i < links_.size() && !check.stop(); ++i) push(i);
    while (!heap_.empty() && !check.stop()) {
      const uint64_t top = heap_.top();
      heap_.pop();
      const auto at = static_cast<uint32_t>(top);
      const MergeTable::Merge* pair = find_merge(at);
      if (pair != nullptr && pair->rank == top >> 32) join(at, pair->result);
    }
    if (!check.stopped()) compact();
  }

 private:
  struct Link {
    uint32_t before;
    uint32_t after;
  };

  // The merge of the pair that starts at `at`; null where the symbol is gone or the last.
  const MergeTable::Merge* find_merge(uint32_t at) const {
    const uint32_t next = links_[at].after;
    if (next == kNone || symbols_[at] == kNone) return nullptr;
    return &merges_.find(symbols_[at], symbols_[next]);
  }

  void push(uint32_t at) {
    const MergeTable::Merge* pair = find_merge(at);
    if (pair != nullptr && pair->rank != kNone) heap_.push(make_pair_key(pair->rank, at));
  }

  void join(uint32_t at, uint32_t result) {
    const uint32_t gone = links_[at].after;
    symbols_[at] = result;
    symbols_[gone] = kNone;
    links_[at].after = links_[gone].after;
    if (links_[at].after != kNone) links_[links_[at].after].before = at;
    push(at);
    if (links_[at].before != kNone) push(links_[at].before);
  }

  void compact() { std::erase(symbols_, kNone); }

  const MergeTable& merges_;
  std::vector<uint32_t>& symbols_;
  std::vector<Link> links_;
  std::priority_queue<uint64_t, std::vector<uint64_t>, std::greater<>> heap_;
};

}  // namespace

void merge_symbols(const MergeTable& merges, std::vector<uint32_t>& symbols, AbortCheck& check) {
  if (symbols.size() < 2) return;
  if (symbols.size() <= kFew) return merge_few(merges, symbols);
  LongPiece(merges, symbols).merge(check);
}

}  // namespace palabra
