// Under autocast linear maps run in the short dtype. So do the head's matrix products, while the
// loss and the weight's gradient stay in float32: only x is cast here. The other operators keep
// the dtype they are given, with float32 statistics inside, so they need no entry.

#include <ATen/autocast_mode.h>

#include "operators.h"
#include "registry.h"

namespace palabra::ops {
namespace {

template <at::DeviceType kDevice>
Tensor linear_autocast(const Tensor& x, const Tensor& weight, const OptionalTensor& bias) {
  const auto key = at::autocast::get_autocast_dispatch_key_from_device_type(kDevice);
  c10::impl::ExcludeDispatchKeyGuard guard(key);
  const auto type = at::autocast::get_autocast_dtype(kDevice);
  const auto cast = [type](const Tensor& value) {
    return at::autocast::cached_cast(type, value, kDevice);
  };
  return ops::linear(cast(x), cast(weight), bias ? OptionalTensor(cast(*bias)) : std::nullopt);
}

/// The weight is unpacked to the type of x.
template <at::DeviceType kDevice>
Tensor quantized_linear_autocast(const Tensor& x, const Tensor& weight, const OptionalTensor& scale,
                                 const OptionalTensor& bias) {
  const auto key = at::autocast::get_autocast_dispatch_key_from_device_type(kDevice);
  c10::impl::ExcludeDispatchKeyGuard guard(key);
  const auto type = at::autocast::get_autocast_dtype(kDevice);
  return quantized_linear(at::autocast::cached_cast(type, x, kDevice), weight, scale, bias);
}

template <at::DeviceType kDevice>
Pair linear_cross_entropy_autocast(const Tensor& x, const Tensor& weight,
                                   const OptionalTensor& bias, const Tensor& targets,
                                   int64_t ignore_index, double label_smoothing, double z_loss) {
  const auto key = at::autocast::get_autocast_dispatch_key_from_device_type(kDevice);
  c10::impl::ExcludeDispatchKeyGuard guard(key);
  const auto type = at::autocast::get_autocast_dtype(kDevice);
  return linear_cross_entropy(at::autocast::cached_cast(type, x, kDevice), weight, bias, targets,
                              {ignore_index, label_smoothing, z_loss});
}

template <at::DeviceType kDevice>
Pair causal_attention_autocast(const Tensor& q, const Tensor& k, const Tensor& v,
                               const OptionalTensor& documents, std::optional<double> scale) {
  const auto key = at::autocast::get_autocast_dispatch_key_from_device_type(kDevice);
  c10::impl::ExcludeDispatchKeyGuard guard(key);
  const auto type = at::autocast::get_autocast_dtype(kDevice);
  const auto cast = [type](const Tensor& value) {
    return at::autocast::cached_cast(type, value, kDevice);
  };
  return causal_attention(cast(q), cast(k), cast(v), documents, scale);
}

}  // namespace

void register_autocast_cpu(torch::Library& library) {
  library.impl("linear", TORCH_FN(linear_autocast<at::kCPU>));
  library.impl("quantized_linear", TORCH_FN(quantized_linear_autocast<at::kCPU>));
  library.impl("causal_attention", TORCH_FN(causal_attention_autocast<at::kCPU>));
  library.impl("linear_cross_entropy", TORCH_FN(linear_cross_entropy_autocast<at::kCPU>));
}

}  // namespace palabra::ops
