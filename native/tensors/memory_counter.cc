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

void release(void* memory) {
  if (memory == nullptr) return;
  held.fetch_sub(size_of(memory), std::memory_order_relaxed);
  c10::free_cpu(memory);
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
    void* memory = c10::alloc_cpu(bytes);
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
