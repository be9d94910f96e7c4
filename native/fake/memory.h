#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

namespace palabra {

// The bytes that fake tensors would hold.
class FakeMemory {
 public:
  void add(int64_t bytes);
  void remove(int64_t bytes) { now_.fetch_sub(bytes, std::memory_order_relaxed); }
  int64_t now() const { return now_.load(std::memory_order_relaxed); }
  // The most since the start or the last reset.
  int64_t peak() const { return peak_.load(std::memory_order_relaxed); }
  void reset_peak() { peak_.store(now()); }

 private:
  std::atomic<int64_t> now_{0};
  std::atomic<int64_t> peak_{0};
};

// Counts the meta tensors that this thread makes from now on; null counts none. Returns what
// counted before.
std::shared_ptr<FakeMemory> count_meta_tensors(std::shared_ptr<FakeMemory> memory);

}  // namespace palabra
