#include "fake/memory.h"

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>

#include <mutex>

namespace palabra {

namespace {

thread_local std::shared_ptr<FakeMemory> counting;

// What a meta tensor would hold; gives it back to the count when the last tensor over it is gone.
struct Block {
  std::shared_ptr<FakeMemory> memory;
  int64_t bytes;
};

void release(void* context) {
  const std::unique_ptr<Block> block(static_cast<Block*>(context));
  block->memory->remove(block->bytes);
}

void release_nothing(void*) {}

// Meta tensors have no memory with or without it; with it they have a size.
class MetaAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    const c10::Device device(c10::DeviceType::Meta);
    if (!counting) return {nullptr, nullptr, &release_nothing, device};
    auto block = std::make_unique<Block>(Block{counting, static_cast<int64_t>(bytes)});
    counting->add(block->bytes);
    return {nullptr, block.release(), &release, device};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release_nothing; }

  void copy_data(void*, const void*, size_t) const override {
    TORCH_CHECK(false, "a meta tensor has no values to copy");
  }
};

void install() {
  // Tensors outlive every environment, so the allocator is never freed.
  static auto* allocator = new MetaAllocator;
  static std::once_flag installed;
  std::call_once(installed, [] { c10::SetAllocator(c10::DeviceType::Meta, allocator, 1); });
}

}  // namespace

void FakeMemory::add(int64_t bytes) {
  const int64_t now = now_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  int64_t seen = peak_.load(std::memory_order_relaxed);
  while (now > seen && !peak_.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
  }
}

std::shared_ptr<FakeMemory> count_meta_tensors(std::shared_ptr<FakeMemory> memory) {
  install();
  counting.swap(memory);
  return memory;
}

}  // namespace palabra
