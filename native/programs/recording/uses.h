#pragma once

#include <unordered_map>
#include <vector>

#include "dispatch/operators.h"
#include "tensors/busy.h"

namespace palabra {

// Learns from the calls of a recording what they do with the tensors from outside it. It looks at
// the tensors themselves: views are known by the memory that they share.
class UseFinder {
 public:
  // Adds the next input or external.
  void add(const at::Tensor& tensor);
  void note_call(const Operator& op, const torch::jit::Stack& stack);
  // Notes what a step does with a tensor and those that share its memory.
  void note(const at::Tensor& tensor, uint8_t uses);

  // Whether a step has changed values of any.
  bool changed() const { return changed_; }
  // What was done with each, in the order in which they were added.
  std::vector<uint8_t> finish();

 private:
  struct Known {
    // As it was: they are compared by their metadata at the end.
    at::Tensor tensor;
    std::vector<int64_t> sizes;
    std::vector<int64_t> strides;
    const void* memory;
    const void* history;
    bool requires_grad;
    uint8_t uses;
  };

  static bool is_reshaped(const Known& known);

  bool changed_ = false;
  std::vector<Known> known_;
  std::unordered_multimap<const void*, size_t> by_memory_;
};

}  // namespace palabra
