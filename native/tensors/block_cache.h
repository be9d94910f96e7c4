#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace palabra {

// Keeps large blocks that were freed for the next wish of their size: from the
// system every page of a new one comes by a fault of its own. With those in use they never take
// more than was in use at once before.
class BlockCache {
 public:
  // Whether blocks of so many bytes are kept at all.
  static bool holds(int64_t bytes);

  // A block that was kept for about so many bytes; null where there is none. `used` is what others
  // hold: where they come to more than ever, blocks give way.
  void* take(int64_t bytes, int64_t used);
  // Keeps a block of so many bytes, or frees it.
  void keep(void* block, int64_t bytes, int64_t used);
  // Frees all; whether there were any.
  bool clear();

 private:
  struct Block {
    void* memory;
    int64_t bytes;
  };
  using Order = std::map<uint64_t, Block>;

  void shrink(int64_t room, std::vector<void*>& freed);
  void remove(Order::iterator block, std::vector<void*>& freed);

  std::mutex mutex_;
  // Oldest first, and where those of a size stand among them.
  Order blocks_;
  std::multimap<int64_t, uint64_t> by_size_;
  uint64_t next_ = 0;
  int64_t kept_ = 0;
  // The most that was in use at once.
  int64_t most_used_ = 0;
};

}  // namespace palabra
