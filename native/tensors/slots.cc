#include "tensors/slots.h"

#include <algorithm>
#include <unordered_set>

#include "node/error.h"

namespace palabra {

std::atomic<int64_t> process_live_slots{0};

namespace {

constexpr uint64_t kIndexBits = 24;
constexpr uint64_t kMaxIndex = (1ull << kIndexBits) - 1;
constexpr uint32_t kMaxGeneration = (1u << 28) - 1;
// Smaller tensors are not worth a call into V8.
constexpr int64_t kExternalBytes = int64_t{64} * 1024;

SlotId make_id(uint32_t index, uint32_t generation) {
  return index | (static_cast<uint64_t>(generation) << kIndexBits);
}

// Tensors without values hold none, however large they are.
int64_t storage_bytes(const at::Tensor& tensor) {
  if (!tensor.has_storage()) return 0;
  c10::StorageImpl& storage = *tensor.storage().unsafeGetStorageImpl();
  return storage._mutable_data_ptr_no_checks().get() == nullptr
             ? 0
             : static_cast<int64_t>(storage.nbytes());
}

// The bytes a new slot brings: its storage's, unless another tensor holds it already.
int64_t new_bytes(const at::Tensor& tensor) {
  if (!tensor.has_storage() || tensor.storage().use_count() > 1) return 0;
  return storage_bytes(tensor);
}

}  // namespace

SlotTable::~SlotTable() { clear(); }

SlotId SlotTable::add(at::Tensor tensor, bool escaped) {
  uint32_t index;
  if (!free_.empty()) {
    index = free_.back();
    free_.pop_back();
  } else {
    if (entries_.size() > kMaxIndex) {
      throw_error("PAL_OUT_OF_MEMORY", {"tensor", "fewer than 16,777,216 live tensors", "one more",
                                        "Free tensors with scope() or dispose()."});
    }
    index = static_cast<uint32_t>(entries_.size());
    entries_.emplace_back();
  }
  Entry& entry = entries_[index];
  entry.accounted = new_bytes(tensor);
  entry.tensor = std::move(tensor);
  entry.live = true;
  entry.born = ++clock_;
  accounted_ += entry.accounted;
  peak_ = std::max(peak_, accounted_);
  ++live_;
  process_live_slots.fetch_add(1, std::memory_order_relaxed);
  const SlotId id = make_id(index, entry.generation);
  if (escaped || scope_starts_.empty()) {
    report_external(entry);
  } else {
    scoped_.push_back(id);
  }
  return id;
}

SlotTable::Entry* SlotTable::find(SlotId id) {
  const uint64_t index = id & kMaxIndex;
  if (index >= entries_.size()) return nullptr;
  Entry& entry = entries_[index];
  return entry.live && make_id(static_cast<uint32_t>(index), entry.generation) == id ? &entry
                                                                                     : nullptr;
}

const SlotTable::Entry& SlotTable::entry(SlotId id) const {
  if (const Entry* found = const_cast<SlotTable*>(this)->find(id)) return *found;
  throw_error("PAL_DISPOSED",
              {"tensor", "a live tensor",
               "slot " + std::to_string(id) + ", which is disposed or was never one",
               "Return it from its scope, or keep() it, to use it later."});
}

const at::Tensor& SlotTable::get(SlotId id) const { return entry(id).tensor; }
uint64_t SlotTable::born(SlotId id) const { return entry(id).born; }
bool SlotTable::live(SlotId id) const { return const_cast<SlotTable*>(this)->find(id) != nullptr; }

void SlotTable::free(uint32_t index) {
  Entry& entry = entries_[index];
  accounted_ -= entry.accounted;
  external_change_ -= entry.external;
  entry.accounted = entry.external = 0;
  entry.live = false;
  --live_;
  process_live_slots.fetch_sub(1, std::memory_order_relaxed);
  // A slot whose generations are used up is retired.
  if (++entry.generation < kMaxGeneration) free_.push_back(index);
  const at::Tensor released = std::move(entry.tensor);
}

void SlotTable::dispose(SlotId id) {
  if (find(id)) free(static_cast<uint32_t>(id & kMaxIndex));
}

void SlotTable::escape(SlotId id) {
  entry(id);
  // The search starts at the end: what escapes is mostly what was made last.
  const auto found = std::find(scoped_.rbegin(), scoped_.rend(), id);
  if (found == scoped_.rend()) return;
  *found = 0;
  report_external(*find(id));
}

void SlotTable::report_external(Entry& entry) {
  if (entry.external != 0 || entry.accounted < kExternalBytes) return;
  entry.external = entry.accounted;
  external_change_ += entry.external;
}

int64_t SlotTable::take_external_change() { return std::exchange(external_change_, 0); }

void SlotTable::clear() {
  scoped_.clear();
  scope_starts_.clear();
  for (uint32_t index = 0; index < entries_.size(); ++index) {
    if (entries_[index].live) free(index);
  }
}

size_t SlotTable::enter_scope() {
  scope_starts_.push_back(scoped_.size());
  return scope_starts_.size();
}

size_t SlotTable::scope_start(size_t depth) const {
  if (depth == 0 || depth > scope_starts_.size()) {
    throw_error("PAL_ARGUMENT", {"scope", "the depth of an open scope", std::to_string(depth)});
  }
  return scope_starts_[depth - 1];
}

std::vector<SlotId> SlotTable::release_scope(size_t depth) {
  const size_t start = scope_start(depth);
  std::vector<SlotId> slots;
  for (size_t i = start; i < scoped_.size(); ++i) {
    if (live(scoped_[i])) slots.push_back(scoped_[i]);
  }
  scoped_.resize(start);
  scope_starts_.resize(depth - 1);
  return slots;
}

std::vector<SlotId> SlotTable::exit_scope(size_t depth, const std::vector<SlotId>& keep) {
  for (const SlotId id : keep) entry(id);
  const size_t start = scope_start(depth);
  const std::unordered_set<SlotId> kept(keep.begin(), keep.end());
  std::vector<SlotId> moved;
  for (size_t i = start; i < scoped_.size(); ++i) {
    const SlotId id = scoped_[i];
    if (!kept.empty() && kept.count(id)) {
      moved.push_back(id);
    } else {
      dispose(id);
    }
  }
  scoped_.resize(start);
  scope_starts_.resize(depth - 1);
  adopt(moved);
  return moved;
}

void SlotTable::adopt(const std::vector<SlotId>& ids) {
  if (!scope_starts_.empty()) {
    scoped_.insert(scoped_.end(), ids.begin(), ids.end());
    return;
  }
  for (const SlotId id : ids) report_external(*find(id));
}

int64_t SlotTable::live_bytes(const BusyTensors& busy) const {
  std::unordered_set<const void*> seen;
  int64_t bytes = 0;
  for (const Entry& entry : entries_) {
    if (!entry.live) continue;
    // What a run moves to other memory counts as it was made.
    if (busy.reshapes(entry.tensor)) {
      bytes += entry.accounted;
      continue;
    }
    if (!entry.tensor.has_storage()) continue;
    if (seen.insert(entry.tensor.storage().unsafeGetStorageImpl()).second) {
      bytes += storage_bytes(entry.tensor);
    }
  }
  return bytes;
}

void SlotTable::reset_peak() { peak_ = accounted_; }

}  // namespace palabra
