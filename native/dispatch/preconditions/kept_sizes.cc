#include "dispatch/preconditions/kept_sizes.h"

#include <ATen/EmptyTensor.h>

namespace palabra {

namespace {

bool has_memory(const at::Tensor& tensor) {
  return tensor.layout() == at::kStrided && tensor.has_storage();
}

}  // namespace

KeptSizes::KeptSizes(const Operator& op, const torch::jit::Stack& stack) {
  visit_tensors(op, stack, [&](const Parameter& parameter, const at::Tensor& tensor) {
    if (!parameter.written || !has_memory(tensor)) return;
    kept_.push_back(
        {tensor, tensor.sizes().vec(), tensor.strides().vec(), tensor.storage_offset()});
  });
}

void KeptSizes::restore() const {
  for (const Kept& kept : kept_) {
    if (!has_memory(kept.tensor)) continue;
    const size_t bytes = at::detail::computeStorageNbytes(kept.sizes, kept.strides,
                                                          kept.tensor.itemsize(), kept.offset);
    c10::TensorImpl* tensor = kept.tensor.unsafeGetTensorImpl();
    if (bytes <= kept.tensor.storage().nbytes()) {
      tensor->set_sizes_and_strides(kept.sizes, kept.strides, kept.offset);
    } else {
      // The call gave the tensor other memory before it failed.
      tensor->set_storage_offset(0);
      tensor->set_sizes_contiguous(c10::IntArrayRef{0});
    }
  }
}

}  // namespace palabra
