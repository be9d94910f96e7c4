// Shape functions: what comes out, without computing it. Sizes may be symbolic; where they are
// numbers, what the CPU's kernel holds beside its results is made too, so that it can be counted.

#include <ATen/core/Generator.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <array>

#include "checks.h"
#include "registry.h"
#include "sizes.h"

namespace palabra::ops {
namespace {

using OptionalTensor = std::optional<Tensor>;

/// A row-major tensor of x's shape.
Tensor contiguous_like(const Tensor& x) { return at::empty_symint(x.sym_sizes(), x.options()); }

/// Like x where `wanted`, else undefined.
Tensor where_wanted(bool wanted, const Tensor& x, at::ScalarType type) {
  return wanted ? at::empty_symint(x.sym_sizes(), x.options().dtype(type)) : Tensor();
}

bool has_numbers(const Tensor& x) { return !x.unsafeGetTensorImpl()->has_symbolic_sizes_strides(); }

/// Rows as a product reads them: a copy where they don't lie so already.
Tensor hold_rows(const Tensor& x) { return has_numbers(x) ? as_rows(x).contiguous() : Tensor(); }

/// The part that is summed at a time where there are many terms.
Tensor hold_part(const Tensor& sum, int64_t terms) {
  const bool in_parts = sum.scalar_type() == at::kFloat && terms > kTermsPerSum;
  return in_parts ? at::empty_like(sum) : Tensor();
}

/// Inputs in the type of the loss, and the logits of the tokens that a run takes.
std::array<Tensor, 3> hold_loss(const Tensor& x, const Tensor& weight) {
  if (!has_numbers(x) || !has_numbers(weight)) return {};
  const auto type = loss_type(x.scalar_type());
  const Tensor rows = as_rows(x.to(type)).contiguous();
  const int64_t classes = weight.size(0);
  const int64_t run = count_tokens_per_run(classes, rows.element_size());
  return {rows, weight.to(type).contiguous(),
          at::empty({std::min(run, rows.size(0)), classes}, rows.options())};
}

Tensor rms_norm(const Tensor& x, const OptionalTensor& weight, double) {
  check_rms_norm(x, weight);
  return contiguous_like(x);
}

std::tuple<Tensor, Tensor> rms_norm_backward(const Tensor& grad, const Tensor& x,
                                             const OptionalTensor& weight, double,
                                             std::array<bool, 2> mask) {
  check_rms_norm_backward(grad, x, weight);
  const bool wants_weight = mask[1] && weight;
  return {where_wanted(mask[0], x, x.scalar_type()),
          wants_weight ? contiguous_like(*weight) : Tensor()};
}

Tensor rotary(const Tensor& x, const Tensor& cos, const Tensor& sin) {
  check_rotary(x, cos, sin);
  return at::empty_like(x);
}

Tensor linear(const Tensor& x, const Tensor& weight, const OptionalTensor&) {
  TORCH_CHECK(x.dim() >= 1 && weight.dim() == 2 && weight.sym_size(1) == x.sym_size(-1),
              "palabra::linear: expected x (…, I) and weight (O, I), received ", x.sym_sizes(),
              " and ", weight.sym_sizes(), ".");
  const Tensor rows = hold_rows(x);
  auto shape = x.sym_sizes().vec();
  shape.back() = weight.sym_size(0);
  return at::empty_symint(shape, x.options());
}

std::tuple<Tensor, Tensor, Tensor> linear_backward(const Tensor& grad, const Tensor& x,
                                                   const Tensor& weight, std::array<bool, 3> mask) {
  const Tensor rows = hold_rows(grad);
  const Tensor grad_x = where_wanted(mask[0], x, x.scalar_type());
  const Tensor grad_weight = where_wanted(mask[1], weight, weight.scalar_type());
  const Tensor part = mask[1] && rows.defined() ? hold_part(grad_weight, rows.size(0)) : Tensor();
  const Tensor bias = mask[2] ? at::empty_symint({grad.sym_size(-1)}, grad.options()) : Tensor();
  return {grad_x, grad_weight, bias};
}

/// The rows of a weight that are unpacked at a time, in the type of x.
Tensor hold_unpacked(const Tensor& x, const Tensor& weight) {
  if (!has_numbers(weight)) return {};
  const int64_t width = count_numbers(weight);
  return at::empty({std::min(weight.size(0), count_rows_unpacked(width)), width}, x.options());
}

Tensor quantized_linear(const Tensor& x, const Tensor& weight, const OptionalTensor& scale,
                        const OptionalTensor& bias) {
  check_quantized_linear(x, weight, scale, bias);
  const Tensor rows = hold_rows(x), held = hold_unpacked(x, weight);
  auto shape = x.sym_sizes().vec();
  shape.back() = weight.sym_size(0);
  return at::empty_symint(shape, x.options());
}

Tensor quantized_linear_backward(const Tensor& grad, const Tensor& weight,
                                 const OptionalTensor& scale) {
  check_quantized_linear_backward(grad, weight, scale);
  const Tensor rows = hold_rows(grad), held = hold_unpacked(grad, weight);
  auto shape = grad.sym_sizes().vec();
  shape.back() = count_sym_numbers(weight);
  return at::empty_symint(shape, grad.options());
}

std::tuple<Tensor, Tensor> linear_cross_entropy(const Tensor& x, const Tensor& weight,
                                                const OptionalTensor& bias, const Tensor& targets,
                                                int64_t, double label_smoothing, double) {
  check_linear_cross_entropy(x, weight, bias, targets, label_smoothing);
  const auto held = hold_loss(x, weight);
  const auto options = x.options();
  return {at::empty({}, options.dtype(statistics_type(x.scalar_type()))),
          at::empty({}, options.dtype(at::kLong))};
}

std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor> linear_cross_entropy_gradients(
    const Tensor& x, const Tensor& weight, const OptionalTensor& bias, const Tensor& targets,
    int64_t ignore_index, double label_smoothing, double z_loss, std::array<bool, 3> mask) {
  auto [loss, count] =
      linear_cross_entropy(x, weight, bias, targets, ignore_index, label_smoothing, z_loss);
  const auto type = statistics_type(x.scalar_type());
  const auto held = hold_loss(x, weight);
  return {loss, count, where_wanted(mask[0], x, type), where_wanted(mask[1], weight, type),
          mask[2] && bias ? where_wanted(true, *bias, type) : Tensor()};
}

Tensor swiglu(const Tensor& gate, const Tensor& up) {
  check_swiglu(gate, up);
  return at::empty_like(gate);
}

std::tuple<Tensor, Tensor> dropout(const Tensor& x, double p, std::optional<at::Generator>) {
  check_dropout(x, p);
  return {contiguous_like(x), where_wanted(true, x, at::kBool)};
}

Tensor dropout_backward(const Tensor& grad, const Tensor& mask, double p) {
  check_dropout_backward(grad, mask, p);
  return contiguous_like(grad);
}

/// (B, heads, T, …) whose memory lies as (B, T, heads, …).
Tensor empty_heads(const Tensor& x, c10::SymDimVector sizes, at::ScalarType type) {
  std::swap(sizes[1], sizes[2]);
  return at::empty_symint(sizes, x.options().dtype(type)).transpose(1, 2);
}

Tensor empty_like_heads(const Tensor& x) {
  return empty_heads(x, c10::SymDimVector(x.sym_sizes()), x.scalar_type());
}

std::tuple<Tensor, Tensor> causal_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                            const OptionalTensor& documents,
                                            std::optional<double>) {
  check_causal_attention(q, k, v, documents);
  return {empty_like_heads(q), empty_heads(q, c10::SymDimVector(q.sym_sizes().slice(0, 3)),
                                           statistics_type(q.scalar_type()))};
}

std::tuple<Tensor, Tensor, Tensor> causal_attention_backward(
    const Tensor& grad, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& output,
    const Tensor& logsumexp, const OptionalTensor& documents, std::optional<double>) {
  check_causal_attention_backward(grad, q, k, v, output, logsumexp, documents);
  return {empty_like_heads(q), empty_like_heads(k), empty_like_heads(v)};
}

Tensor dequantize(const Tensor& blocks, std::string_view format) {
  return at::empty_symint(check_dequantize(blocks, format), blocks.options().dtype(at::kFloat));
}

}  // namespace

void register_meta(torch::Library& library) {
  library.impl("rms_norm", TORCH_FN(rms_norm));
  library.impl("rms_norm_backward", TORCH_FN(rms_norm_backward));
  library.impl("rotary", TORCH_FN(rotary));
  library.impl("rotary_backward", TORCH_FN(rotary));
  library.impl("linear", TORCH_FN(linear));
  library.impl("linear_backward", TORCH_FN(linear_backward));
  library.impl("quantized_linear", TORCH_FN(quantized_linear));
  library.impl("quantized_linear_backward", TORCH_FN(quantized_linear_backward));
  library.impl("linear_cross_entropy", TORCH_FN(linear_cross_entropy));
  library.impl("linear_cross_entropy_gradients", TORCH_FN(linear_cross_entropy_gradients));
  library.impl("swiglu", TORCH_FN(swiglu));
  library.impl("dropout", TORCH_FN(dropout));
  library.impl("dropout_backward", TORCH_FN(dropout_backward));
  library.impl("causal_attention", TORCH_FN(causal_attention));
  library.impl("causal_attention_backward", TORCH_FN(causal_attention_backward));
  library.impl("dequantize", TORCH_FN(dequantize));
}

}  // namespace palabra::ops
