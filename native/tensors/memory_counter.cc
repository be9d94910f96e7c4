#include "tensors/memory_counter.h"

#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>

#ifdef __APPLE__
#include <malloc/malloc.h>
#else
#include <malloc.h>
#endif

#include "tensors/block_cache.h"

namespace palabra {

namespace {

std::atomic<int64_t> held{0};
std::atomic<int64_t> most{0};
std::atomic<int64_t> limit{std::numeric_limits<int64_t>::max()};

int64_t size_of(void* memory) {
#ifdef __APPLE__
  return static_cast<int64_t>(malloc_size(memory));
#else
  return static_cast<int64_t>(malloc_usable_size(memory));
#endif
}

void add(int64_t bytes) {
  const int64_t now = held.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  int64_t seen = most.load(std::memory_order_relaxed);
  while (now > seen && !most.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
  }
}

// Tensors outlive every environment, so it is never freed.
BlockCache& block_cache() {
  static auto* cache = new BlockCache;
  return *cache;
}

void release(void* memory) {
  if (memory == nullptr) return;
  const int64_t bytes = size_of(memory);
  const int64_t used = held.fetch_sub(bytes, std::memory_order_relaxed) - bytes;
  if (BlockCache::holds(bytes))
    block_cache().keep(memory, bytes, used);
  else
    c10::free_cpu(memory);
}

// Memory of the system; blocks that wait for their next use give way to it.
void* allocate_new(size_t bytes) {
  try {
    return c10::alloc_cpu(bytes);
  } catch (const c10::Error&) {
    if (!block_cache().clear()) throw;
    return c10::alloc_cpu(bytes);
  }
}

void* allocate_block(size_t bytes) {
  const auto size = static_cast<int64_t>(bytes);
  if (!BlockCache::holds(size)) return allocate_new(bytes);
  void* kept = block_cache().take(size, held.load(std::memory_order_relaxed));
  return kept == nullptr ? allocate_new(bytes) : kept;
}

void expect_within_limit(size_t bytes) {
  const int64_t room = limit.load(std::memory_order_relaxed) - held.load(std::memory_order_relaxed);
  TORCH_CHECK_WITH(OutOfMemoryError, room >= 0 && bytes <= static_cast<uint64_t>(room),
                   "not enough memory: ", bytes, " bytes are wanted and ",
                   std::max<int64_t>(room, 0), " are left of the limit");
}

// libtorch's own CPU memory, counted and kept within the limit.
class CountingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes > 0) expect_within_limit(bytes);
    void* memory = allocate_block(bytes);
    if (memory != nullptr) add(size_of(memory));
    return {memory, memory, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void* to, const void* from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
};

}  // namespace

void count_allocations() {
  // Tensors outlive every environment, so the allocator is never freed.
  static auto* allocator = new CountingAllocator;
  static std::once_flag installed;
  std::call_once(installed, [] { c10::SetCPUAllocator(allocator, 1); });
}

AllocatedBytes get_allocated_bytes() {
  const int64_t now = held.load(std::memory_order_relaxed);
  return {now, std::max(now, most.load(std::memory_order_relaxed))};
}

void limit_allocations(int64_t bytes) { limit.store(bytes, std::memory_order_relaxed); }

void reset_allocated_peak() { most.store(held.load(std::memory_order_relaxed)); }

}  // namespace palabra
