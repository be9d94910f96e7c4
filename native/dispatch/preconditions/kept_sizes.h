#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/stack.h>

#include <vector>

#include "dispatch/operators.h"

namespace palabra {

// The sizes of the tensors that a call may resize, to give back where it fails: libtorch sets the
// new sizes before it learns that the memory can't grow (it is shared with another environment, or
// there is no more), and whoever reads or changes that tensor next goes past its end.
class KeptSizes {
 public:
  KeptSizes(const Operator& op, const torch::jit::Stack& stack);
  void restore() const;

 private:
  struct Kept {
    at::Tensor tensor;
    std::vector<int64_t> sizes;
    std::vector<int64_t> strides;
    int64_t offset;
  };
  std::vector<Kept> kept_;
};

}  // namespace palabra
