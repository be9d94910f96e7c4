#include "tensors/block_cache.h"

#include <c10/core/impl/alloc_cpu.h>

#include <algorithm>
#include <iterator>

namespace palabra {

namespace {

// Smaller ones come from memory that the C library keeps.
constexpr int64_t kLeast = int64_t{1} << 20;
// The most that is kept in all.
constexpr int64_t kMost = int64_t{512} << 20;
// What a block may be larger than what is asked for: the C library rounds them up to pages.
constexpr int64_t kSlack = 8192;

void free_all(const std::vector<void*>& blocks) {
  for (void* block : blocks) c10::free_cpu(block);
}

}  // namespace

bool BlockCache::holds(int64_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
  // Blocks that wait would hide uses after their end.
  static_cast<void>(bytes);
  return false;
#else
  return bytes >= kLeast;
#endif
}

void* BlockCache::take(int64_t bytes, int64_t used) {
  std::vector<void*> freed;
  void* memory = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto found = by_size_.lower_bound(bytes);
    if (found != by_size_.end() && found->first <= bytes + kSlack) {
      // The one that was used last may be in a cache of the processor.
      found = std::prev(by_size_.upper_bound(found->first));
      const auto block = blocks_.find(found->second);
      memory = block->second.memory;
      kept_ -= block->second.bytes;
      by_size_.erase(found);
      blocks_.erase(block);
    }
    shrink(std::max<int64_t>(most_used_ - used - bytes, 0), freed);
  }
  free_all(freed);
  return memory;
}

void BlockCache::keep(void* block, int64_t bytes, int64_t used) {
  std::vector<void*> freed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    most_used_ = std::max(most_used_, used + bytes);
    const uint64_t number = next_++;
    blocks_.emplace(number, Block{block, bytes});
    by_size_.emplace(bytes, number);
    kept_ += bytes;
    shrink(most_used_ - used, freed);
  }
  free_all(freed);
}

bool BlockCache::clear() {
  std::vector<void*> freed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    shrink(0, freed);
  }
  free_all(freed);
  return !freed.empty();
}

// The oldest give way until the others fit into so many bytes.
void BlockCache::shrink(int64_t room, std::vector<void*>& freed) {
  while (!blocks_.empty() && kept_ > std::min(room, kMost)) remove(blocks_.begin(), freed);
}

void BlockCache::remove(Order::iterator block, std::vector<void*>& freed) {
  const auto [number, held] = *block;
  auto [at, end] = by_size_.equal_range(held.bytes);
  while (at != end && at->second != number) ++at;
  by_size_.erase(at);
  blocks_.erase(block);
  kept_ -= held.bytes;
  freed.push_back(held.memory);
}

}  // namespace palabra
