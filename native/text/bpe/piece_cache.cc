#include "text/bpe/piece_cache.h"

#include <utility>

namespace palabra {

namespace {

constexpr size_t kFirstSize = size_t{1} << 12;
constexpr size_t kLastSize = size_t{1} << 20;

}  // namespace

PieceCache::PieceCache() : entries_(kFirstSize), mask_(kFirstSize - 1) {}

PieceCache::Entry& PieceCache::free_entry(const PieceKey& key, size_t size) {
  size_t at = key.hash(size) & mask_;
  while (entries_[at].size != 0) at = (at + 1) & mask_;
  return entries_[at];
}

void PieceCache::grow() {
  const bool full = entries_.size() >= kLastSize;
  const std::vector<Entry> old =
      std::exchange(entries_, std::vector<Entry>(full ? kFirstSize : entries_.size() * 4));
  mask_ = entries_.size() - 1;
  if (full) {
    used_ = 0;
    ids_.clear();
    return;
  }
  for (const Entry& entry : old) {
    if (entry.size != 0) free_entry(entry.key, entry.size) = entry;
  }
}

void PieceCache::add(const PieceKey& key, size_t size, const std::vector<uint32_t>& ids) {
  if (used_ * 2 >= entries_.size()) grow();
  Entry entry{key, 0, static_cast<uint16_t>(size), static_cast<uint16_t>(ids.size())};
  if (ids.size() == 1) {
    entry.place = ids.front();
  } else {
    entry.place = static_cast<uint32_t>(ids_.size());
    ids_.insert(ids_.end(), ids.begin(), ids.end());
  }
  free_entry(key, size) = entry;
  ++used_;
}

}  // namespace palabra
