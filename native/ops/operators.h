#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <optional>
#include <tuple>

namespace palabra::ops {

using at::Tensor;
using OptionalTensor = std::optional<Tensor>;

/// How a token's loss is formed; see the schema of linear_cross_entropy.
struct CrossEntropyOptions {
  int64_t ignore_index = -100;
  double label_smoothing = 0;
  double z_loss = 0;
};

using Pair = std::tuple<Tensor, Tensor>;
using LossWithGradients = std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor>;

// Calls through the dispatcher, as any other caller would make them.
Tensor rms_norm(const Tensor& x, const OptionalTensor& weight, double eps);
Pair rms_norm_backward(const Tensor& grad, const Tensor& x, const OptionalTensor& weight,
                       double eps, std::array<bool, 2> mask);
Tensor rotary(const Tensor& x, const Tensor& cos, const Tensor& sin);
Tensor rotary_backward(const Tensor& grad, const Tensor& cos, const Tensor& sin);
Tensor swiglu(const Tensor& gate, const Tensor& up);
Tensor linear(const Tensor& x, const Tensor& weight, const OptionalTensor& bias);
std::tuple<Tensor, Tensor, Tensor> linear_backward(const Tensor& grad, const Tensor& x,
                                                   const Tensor& weight, std::array<bool, 3> mask);
Tensor quantized_linear(const Tensor& x, const Tensor& weight, const OptionalTensor& scale,
                        const OptionalTensor& bias);
Tensor quantized_linear_backward(const Tensor& grad, const Tensor& weight,
                                 const OptionalTensor& scale);
Pair linear_cross_entropy(const Tensor& x, const Tensor& weight, const OptionalTensor& bias,
                          const Tensor& targets, const CrossEntropyOptions& options);
LossWithGradients linear_cross_entropy_gradients(const Tensor& x, const Tensor& weight,
                                                 const OptionalTensor& bias, const Tensor& targets,
                                                 const CrossEntropyOptions& options,
                                                 std::array<bool, 3> mask);
Pair dropout(const Tensor& x, double p, const std::optional<at::Generator>& generator);
Tensor dropout_backward(const Tensor& grad, const Tensor& mask, double p);
Pair causal_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                      const OptionalTensor& documents, std::optional<double> scale);
std::tuple<Tensor, Tensor, Tensor> causal_attention_backward(
    const Tensor& grad, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& output,
    const Tensor& logsumexp, const OptionalTensor& documents, std::optional<double> scale);

}  // namespace palabra::ops
