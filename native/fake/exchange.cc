#include "fake/exchange.h"

#include <c10/core/Storage.h>
#include <c10/core/TensorImpl.h>
#include <c10/util/Exception.h>

#include <memory>

namespace palabra {

namespace {

constexpr const char* kNoValues = "a tensor of a pass without values has none to read";

// A tensor over `storage` that lies in it as `like` does in its own.
at::Tensor make_tensor(c10::Storage storage, c10::DispatchKey key, const at::Tensor& like) {
  auto impl = c10::make_intrusive<c10::TensorImpl>(std::move(storage), c10::DispatchKeySet(key),
                                                   like.dtype());
  impl->set_sizes_and_strides(like.sizes(), like.strides(), like.storage_offset());
  return at::Tensor(std::move(impl));
}

c10::Storage make_storage(size_t bytes, c10::DataPtr data) {
  return {c10::Storage::use_byte_size_t(), bytes, std::move(data), nullptr, /*resizable=*/false};
}

at::Tensor make_meta(const at::Tensor& tensor) {
  const at::Tensor meta = make_tensor(
      make_storage(tensor.storage().nbytes(), {nullptr, c10::Device(c10::DeviceType::Meta)}),
      c10::DispatchKey::Meta, tensor);
  if (tensor.unsafeGetTensorImpl()->is_wrapped_number())
    meta.unsafeGetTensorImpl()->set_wrapped_number(true);
  return meta;
}

void release(void* held) { delete static_cast<c10::Storage*>(held); }

// Memory of the CPU that is counted as long as it lives, and can't be read.
c10::Storage make_fake_storage(const c10::Storage& meta) {
  auto held = std::make_unique<c10::Storage>(meta);
  c10::DataPtr data(nullptr, held.release(), &release, c10::Device(c10::DeviceType::CPU));
  c10::Storage storage = make_storage(meta.nbytes(), std::move(data));
  storage.unsafeGetStorageImpl()->release_data_and_set_meta_custom_data_ptr_error_msg_(kNoValues);
  return storage;
}

template <typename List, typename Change>
c10::IValue change_all(const List& tensors, Change change) {
  List changed;
  changed.reserve(tensors.size());
  for (const auto& tensor : tensors) changed.push_back(change(tensor));
  return changed;
}

template <typename Change>
c10::IValue change_tensors(const c10::IValue& value, Change change) {
  if (value.isTensor()) return change(value.toTensor());
  if (value.isTensorList()) return change_all(value.toTensorVector(), change);
  if (!value.isOptionalTensorList()) return value;
  return change_all(value.toOptionalTensorVector(), [&](const std::optional<at::Tensor>& tensor) {
    return tensor ? std::optional<at::Tensor>(change(*tensor)) : std::nullopt;
  });
}

}  // namespace

bool is_fake(const at::Tensor& tensor) {
  return tensor.has_storage() &&
         tensor.storage().unsafeGetStorageImpl()->_mutable_data_ptr_no_checks().get_deleter() ==
             &release;
}

c10::IValue Exchange::take(const c10::IValue& value) {
  return change_tensors(value, [this](const at::Tensor& tensor) { return take(tensor); });
}

c10::IValue Exchange::give(const c10::IValue& value) {
  return change_tensors(value, [this](const at::Tensor& tensor) { return give(tensor); });
}

at::Tensor Exchange::take(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.is_meta()) return tensor;
  TORCH_CHECK(tensor.device().is_cpu() && tensor.layout() == at::kStrided,
              "expected a dense tensor of the CPU, received one of ", tensor.device(), " and ",
              tensor.layout());
  for (const Pair& pair : pairs_)
    if (pair.cpu.is_same(tensor)) return pair.meta;
  pairs_.push_back({make_meta(tensor), tensor});
  return pairs_.back().meta;
}

at::Tensor Exchange::give(const at::Tensor& meta) {
  if (!meta.defined() || !meta.is_meta()) return meta;
  for (const Pair& pair : pairs_) {
    if (pair.meta.is_same(meta)) return pair.cpu;
    if (pair.meta.storage().is_alias_of(meta.storage()))
      return make_tensor(pair.cpu.storage(), c10::DispatchKey::CPU, meta);
  }
  pairs_.push_back(
      {meta, make_tensor(make_fake_storage(meta.storage()), c10::DispatchKey::CPU, meta)});
  return pairs_.back().cpu;
}

}  // namespace palabra
