#pragma once

#include <ATen/core/Tensor.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "tensors/busy.h"

namespace palabra {

// A slot's id: index + generation * 2^24, exact in a double and never below 2^24.
using SlotId = uint64_t;

// Tensors that all environments of the process hold.
extern std::atomic<int64_t> process_live_slots;

// The table of an environment's tensors, and the scopes that free them.
// Only the environment's JavaScript thread touches it.
class SlotTable {
 public:
  ~SlotTable();

  // Puts a tensor into a new slot of the innermost scope (`escaped`: of none).
  SlotId add(at::Tensor tensor, bool escaped = false);
  // The tensor of a live slot; throws PAL_DISPOSED for a stale id.
  const at::Tensor& get(SlotId id) const;
  bool live(SlotId id) const;
  // When the slot was made, in slots made since the start.
  uint64_t born(SlotId id) const;
  uint64_t clock() const { return clock_; }

  void dispose(SlotId id);
  void escape(SlotId id);
  void clear();

  size_t enter_scope();
  // Frees what the scopes from `depth` on created, but `keep`, which moves to the parent scope.
  // Returns what moved: those of `keep` that these scopes created.
  std::vector<SlotId> exit_scope(size_t depth, const std::vector<SlotId>& keep);
  // Closes the scopes from `depth` on and hands over their live slots, which then belong to none.
  std::vector<SlotId> release_scope(size_t depth);
  size_t open_scopes() const { return scope_starts_.size(); }

  int64_t live_slots() const { return live_; }
  // Bytes of the distinct storages of live slots.
  int64_t live_bytes(const BusyTensors& busy) const;
  int64_t peak_bytes() const { return peak_; }
  void reset_peak();

  // Bytes of escaped tensors that V8 has not been told of yet; the caller reports them.
  int64_t take_external_change();

 private:
  struct Entry {
    at::Tensor tensor;
    uint32_t generation = 1;
    bool live = false;
    int64_t accounted = 0;
    int64_t external = 0;
    uint64_t born = 0;
  };

  const Entry& entry(SlotId id) const;
  Entry* find(SlotId id);
  void free(uint32_t index);
  // Puts slots of no scope into the innermost one.
  void adopt(const std::vector<SlotId>& ids);
  void report_external(Entry& entry);
  size_t scope_start(size_t depth) const;

  std::vector<Entry> entries_;
  std::vector<uint32_t> free_;
  std::vector<SlotId> scoped_;
  std::vector<size_t> scope_starts_;
  int64_t live_ = 0;
  int64_t accounted_ = 0;
  int64_t peak_ = 0;
  int64_t external_change_ = 0;
  uint64_t clock_ = 0;
};

}  // namespace palabra
