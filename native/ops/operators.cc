#include "operators.h"

#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace palabra::ops {
namespace {

template <typename Signature>
auto find(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
}

}  // namespace

Tensor rms_norm(const Tensor& x, const OptionalTensor& weight, double eps) {
  static const auto op =
      find<Tensor(const Tensor&, const OptionalTensor&, double)>("palabra::rms_norm");
  return op.call(x, weight, eps);
}

Pair rms_norm_backward(const Tensor& grad, const Tensor& x, const OptionalTensor& weight,
                       double eps, std::array<bool, 2> mask) {
  static const auto op =
      find<Pair(const Tensor&, const Tensor&, const OptionalTensor&, double, std::array<bool, 2>)>(
          "palabra::rms_norm_backward");
  return op.call(grad, x, weight, eps, mask);
}

Tensor rotary(const Tensor& x, const Tensor& cos, const Tensor& sin) {
  static const auto op =
      find<Tensor(const Tensor&, const Tensor&, const Tensor&)>("palabra::rotary");
  return op.call(x, cos, sin);
}

Tensor rotary_backward(const Tensor& grad, const Tensor& cos, const Tensor& sin) {
  static const auto op =
      find<Tensor(const Tensor&, const Tensor&, const Tensor&)>("palabra::rotary_backward");
  return op.call(grad, cos, sin);
}

Tensor swiglu(const Tensor& gate, const Tensor& up) {
  static const auto op = find<Tensor(const Tensor&, const Tensor&)>("palabra::swiglu");
  return op.call(gate, up);
}

Tensor linear(const Tensor& x, const Tensor& weight, const OptionalTensor& bias) {
  static const auto op =
      find<Tensor(const Tensor&, const Tensor&, const OptionalTensor&)>("palabra::linear");
  return op.call(x, weight, bias);
}

std::tuple<Tensor, Tensor, Tensor> linear_backward(const Tensor& grad, const Tensor& x,
                                                   const Tensor& weight, std::array<bool, 3> mask) {
  using Gradients = std::tuple<Tensor, Tensor, Tensor>;
  static const auto op =
      find<Gradients(const Tensor&, const Tensor&, const Tensor&, std::array<bool, 3>)>(
          "palabra::linear_backward");
  return op.call(grad, x, weight, mask);
}

Tensor quantized_linear(const Tensor& x, const Tensor& weight, const OptionalTensor& scale,
                        const OptionalTensor& bias) {
  static const auto op =
      find<Tensor(const Tensor&, const Tensor&, const OptionalTensor&, const OptionalTensor&)>(
          "palabra::quantized_linear");
  return op.call(x, weight, scale, bias);
}

Tensor quantized_linear_backward(const Tensor& grad, const Tensor& weight,
                                 const OptionalTensor& scale) {
  static const auto op = find<Tensor(const Tensor&, const Tensor&, const OptionalTensor&)>(
      "palabra::quantized_linear_backward");
  return op.call(grad, weight, scale);
}

Pair linear_cross_entropy(const Tensor& x, const Tensor& weight, const OptionalTensor& bias,
                          const Tensor& targets, const CrossEntropyOptions& options) {
  static const auto op =
      find<Pair(const Tensor&, const Tensor&, const OptionalTensor&, const Tensor&, int64_t, double,
                double)>("palabra::linear_cross_entropy");
  return op.call(x, weight, bias, targets, options.ignore_index, options.label_smoothing,
                 options.z_loss);
}

LossWithGradients linear_cross_entropy_gradients(const Tensor& x, const Tensor& weight,
                                                 const OptionalTensor& bias, const Tensor& targets,
                                                 const CrossEntropyOptions& options,
                                                 std::array<bool, 3> mask) {
  static const auto op =
      find<LossWithGradients(const Tensor&, const Tensor&, const OptionalTensor&, const Tensor&,
                             int64_t, double, double, std::array<bool, 3>)>(
          "palabra::linear_cross_entropy_gradients");
  return op.call(x, weight, bias, targets, options.ignore_index, options.label_smoothing,
                 options.z_loss, mask);
}

Pair dropout(const Tensor& x, double p, const std::optional<at::Generator>& generator) {
  static const auto op =
      find<Pair(const Tensor&, double, std::optional<at::Generator>)>("palabra::dropout");
  return op.call(x, p, generator);
}

Tensor dropout_backward(const Tensor& grad, const Tensor& mask, double p) {
  static const auto op =
      find<Tensor(const Tensor&, const Tensor&, double)>("palabra::dropout_backward");
  return op.call(grad, mask, p);
}

Pair causal_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                      const OptionalTensor& documents, std::optional<double> scale) {
  static const auto op =
      find<Pair(const Tensor&, const Tensor&, const Tensor&, const OptionalTensor&,
                std::optional<double>)>("palabra::causal_attention");
  return op.call(q, k, v, documents, scale);
}

std::tuple<Tensor, Tensor, Tensor> causal_attention_backward(
    const Tensor& grad, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& output,
    const Tensor& logsumexp, const OptionalTensor& documents, std::optional<double> scale) {
  using Gradients = std::tuple<Tensor, Tensor, Tensor>;
  static const auto op =
      find<Gradients(const Tensor&, const Tensor&, const Tensor&, const Tensor&, const Tensor&,
                     const Tensor&, const OptionalTensor&, std::optional<double>)>(
          "palabra::causal_attention_backward");
  return op.call(grad, q, k, v, output, logsumexp, documents, scale);
}

}  // namespace palabra::ops
