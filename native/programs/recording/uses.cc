#include "programs/recording/uses.h"

#include <torch/csrc/autograd/function.h>

namespace palabra {

namespace {

const void* memory_of(const at::Tensor& tensor) {
  return tensor.has_storage() ? static_cast<const void*>(tensor.storage().unsafeGetStorageImpl())
                              : tensor.unsafeGetTensorImpl();
}

const void* history_of(const at::Tensor& tensor) {
  return tensor.is_leaf() ? nullptr : tensor.grad_fn().get();
}

bool has_strides(const at::Tensor& tensor) { return tensor.layout() == at::kStrided; }

}  // namespace

void UseFinder::add(const at::Tensor& tensor) {
  by_memory_.emplace(memory_of(tensor), known_.size());
  known_.push_back({tensor, tensor.sizes().vec(),
                    has_strides(tensor) ? tensor.strides().vec() : std::vector<int64_t>(),
                    memory_of(tensor), history_of(tensor), tensor.requires_grad(), kReads});
}

void UseFinder::note_call(const Operator& op, const torch::jit::Stack& stack) {
  visit_tensors(op, stack, [&](const Parameter& parameter, const at::Tensor& tensor) {
    if (!parameter.written) return;
    // Writing into a tensor without strides may replace its parts.
    note(tensor, op.reshapes || !has_strides(tensor) ? kWrites | kReshapes : kWrites);
  });
}

void UseFinder::note(const at::Tensor& tensor, uint8_t uses) {
  const auto [first, last] = by_memory_.equal_range(memory_of(tensor));
  for (auto found = first; found != last; ++found) {
    Known& known = known_[found->second];
    changed_ |= (uses & kWrites) != 0;
    known.uses |= known.tensor.is_same(tensor) ? uses : uses & kWrites;
  }
}

bool UseFinder::is_reshaped(const Known& known) {
  const at::Tensor& tensor = known.tensor;
  return !tensor.sizes().equals(known.sizes) ||
         (has_strides(tensor) && !tensor.strides().equals(known.strides)) ||
         memory_of(tensor) != known.memory || history_of(tensor) != known.history ||
         tensor.requires_grad() != known.requires_grad;
}

std::vector<uint8_t> UseFinder::finish() {
  std::vector<uint8_t> uses;
  for (const Known& known : known_)
    uses.push_back(known.uses | (is_reshaped(known) ? kReshapes : 0));
  return uses;
}

}  // namespace palabra
