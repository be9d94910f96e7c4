#pragma once

// What every kernel of an operator demands of its arguments, for real and for symbolic sizes.

#include <ATen/core/Tensor.h>
#include <c10/core/SymIntArrayRef.h>
#include <c10/util/Exception.h>

#include <optional>
#include <string_view>

#include "cpu/loops.h"

namespace palabra::ops {

using at::Tensor;

/// Statistics and sums are float32, or float64 for float64.
inline at::ScalarType statistics_type(at::ScalarType type) {
  return type == at::kDouble ? at::kDouble : at::kFloat;
}

/// The type of logits and their gradient. float16 is computed in float32: the gradient of a logit,
/// some 1/V, would vanish in it.
inline at::ScalarType loss_type(at::ScalarType type) {
  return type == at::kHalf ? at::kFloat : type;
}

inline void check_floating(const char* where, const char* name, const Tensor& x) {
  const auto type = x.scalar_type();
  TORCH_CHECK(
      type == at::kFloat || type == at::kDouble || type == at::kBFloat16 || type == at::kHalf,
      where, ": expected ", name, " in float32, float64, bfloat16 or float16, received ", type,
      ".");
}

/// A parameter has the dtype of the input, or is the float32 master of a shorter one.
inline void check_parameter_type(const char* where, const char* name, const Tensor& parameter,
                                 const Tensor& x) {
  const auto type = parameter.scalar_type();
  TORCH_CHECK(type == x.scalar_type() || type == statistics_type(x.scalar_type()), where,
              ": expected ", name, " in ", x.scalar_type(), " or ",
              statistics_type(x.scalar_type()), ", received ", type, ".");
}

inline void check_rms_norm(const Tensor& x, const std::optional<Tensor>& weight) {
  constexpr auto where = "palabra::rms_norm";
  check_floating(where, "x", x);
  TORCH_CHECK(x.dim() >= 1, where, ": expected x with one or more dimensions, received a scalar.");
  if (!weight) return;
  check_parameter_type(where, "weight", *weight, x);
  TORCH_CHECK(weight->dim() == 1 && weight->sym_size(0) == x.sym_size(-1), where,
              ": expected weight of shape [", x.sym_size(-1), "], received ", weight->sym_sizes(),
              ".");
}

inline void check_rms_norm_backward(const Tensor& grad, const Tensor& x,
                                    const std::optional<Tensor>& weight) {
  check_rms_norm(x, weight);
  TORCH_CHECK(grad.sym_sizes() == x.sym_sizes() && grad.scalar_type() == x.scalar_type(),
              "palabra::rms_norm_backward: expected grad like x, ", x.scalar_type(), " ",
              x.sym_sizes(), ", received ", grad.scalar_type(), " ", grad.sym_sizes(), ".");
}

inline void check_angles(const char* name, const Tensor& angles, const Tensor& x) {
  constexpr auto where = "palabra::rotary";
  check_floating(where, name, angles);
  const bool batched = angles.dim() == 3;
  TORCH_CHECK((batched || angles.dim() == 2) && (!batched || angles.sym_size(0) == x.sym_size(0)) &&
                  angles.sym_size(-2) == x.sym_size(2) && angles.sym_size(-1) * 2 == x.sym_size(3),
              where, ": expected ", name, " of shape (T, D/2) or (B, T, D/2) for x ", x.sym_sizes(),
              ", received ", angles.sym_sizes(), ".");
}

inline void check_rotary(const Tensor& x, const Tensor& cos, const Tensor& sin) {
  check_floating("palabra::rotary", "x", x);
  TORCH_CHECK(x.dim() == 4 && x.sym_size(3) % 2 == 0,
              "palabra::rotary: expected x of shape (B, H, T, D) with an even D, received ",
              x.sym_sizes(), ".");
  check_angles("cos", cos, x);
  check_angles("sin", sin, x);
}

inline void check_swiglu(const Tensor& gate, const Tensor& up) {
  check_floating("palabra::swiglu", "gate", gate);
  TORCH_CHECK(up.sym_sizes() == gate.sym_sizes() && up.scalar_type() == gate.scalar_type(),
              "palabra::swiglu: expected up like gate, ", gate.scalar_type(), " ", gate.sym_sizes(),
              ", received ", up.scalar_type(), " ", up.sym_sizes(), ".");
}

/// (…, C) as rows (N, C).
inline Tensor as_rows(const Tensor& x) {
  return x.reshape({c10::multiply_integers(x.sizes().slice(0, x.dim() - 1)), x.size(-1)});
}

/// Whether a linear map is the common one: floating, dense, on a CPU, a weight (O, I) for x (…, I).
inline bool is_dense_linear(const Tensor& x, const Tensor& weight,
                            const std::optional<Tensor>& bias) {
  const auto fits = [&](const Tensor& other) {
    return other.layout() == at::kStrided && other.device().is_cpu() &&
           other.scalar_type() == x.scalar_type();
  };
  const auto type = x.scalar_type();
  const bool floating =
      type == at::kFloat || type == at::kDouble || type == at::kBFloat16 || type == at::kHalf;
  return floating && fits(x) && fits(weight) && x.dim() >= 1 && weight.dim() == 2 &&
         weight.sym_size(1) == x.sym_size(-1) &&
         (!bias || (fits(*bias) && bias->dim() == 1 && bias->sym_size(0) == weight.sym_size(0)));
}

inline void check_linear_backward(const Tensor& grad, const Tensor& x, const Tensor& weight) {
  constexpr auto where = "palabra::linear_backward";
  TORCH_CHECK(is_dense_linear(x, weight, std::nullopt), where,
              ": expected dense x (…, I) and weight (O, I) of one floating type, received ",
              x.scalar_type(), " ", x.sym_sizes(), " and ", weight.scalar_type(), " ",
              weight.sym_sizes(), ".");
  TORCH_CHECK(grad.layout() == at::kStrided && grad.device().is_cpu() &&
                  grad.scalar_type() == x.scalar_type() && grad.dim() == x.dim() &&
                  grad.sym_sizes().slice(0, x.dim() - 1) == x.sym_sizes().slice(0, x.dim() - 1) &&
                  grad.sym_size(-1) == weight.sym_size(0),
              where, ": expected grad like the result of the map from ", x.sym_sizes(), " by ",
              weight.sym_sizes(), ", received ", grad.scalar_type(), " ", grad.sym_sizes(), ".");
}

/// The numbers of a row of a quantized weight: in uint8 a byte holds two.
inline int64_t count_numbers(const Tensor& weight) {
  return weight.size(1) * (weight.scalar_type() == at::kByte ? 2 : 1);
}
inline c10::SymInt count_sym_numbers(const Tensor& weight) {
  return weight.sym_size(1) * (weight.scalar_type() == at::kByte ? 2 : 1);
}

/// Numbers of a group come in multiples of this.
inline constexpr int64_t kGroupUnit = 32;

/// What the groups of rows have: (O, G), or (O, G, 2) with offsets, where G groups fill a row.
inline void check_group_scale(const char* where, const Tensor& weight, const Tensor& scale) {
  const auto type = scale.scalar_type();
  TORCH_CHECK((type == at::kHalf || type == at::kFloat) &&
                  (scale.dim() == 2 || (scale.dim() == 3 && scale.sym_size(2) == 2 &&
                                        weight.scalar_type() == at::kByte)) &&
                  scale.sym_size(0) == weight.sym_size(0),
              where, ": expected scale (", weight.sym_size(0),
              ", G) in float16 or float32, or with four bits (O, G, 2), received ", type, " ",
              scale.sym_sizes(), ".");
  const c10::SymInt groups = scale.sym_size(1), width = count_sym_numbers(weight);
  TORCH_CHECK(groups > 0 && width % (groups * kGroupUnit) == 0, where, ": expected rows of ", width,
              " numbers in groups of a multiple of 32, received ", groups, " groups.");
}

/// A weight (O, I) of a short floating type, of int8 with a factor for each row or group, or of
/// four bits (O, I / 2) with factors for each group.
inline void check_quantized_weight(const char* where, const Tensor& weight,
                                   const std::optional<Tensor>& scale) {
  const auto type = weight.scalar_type();
  const bool scaled = type == at::kChar || type == at::kByte;
  TORCH_CHECK((type == at::kBFloat16 || type == at::kHalf || scaled) &&
                  weight.layout() == at::kStrided && weight.dim() == 2,
              where,
              ": expected a dense weight (O, I) in bfloat16, float16 or int8, or (O, I / 2) "
              "in uint8, received ",
              type, " ", weight.sym_sizes(), ".");
  TORCH_CHECK(scale.has_value() == scaled, where,
              ": expected a scale with a weight in int8 or uint8 and with no other, received ",
              scale ? "one" : "none", " with ", type, ".");
  if (!scale) return;
  if (type == at::kByte || scale->dim() > 1) return check_group_scale(where, weight, *scale);
  TORCH_CHECK(scale->scalar_type() == at::kFloat && scale->dim() == 1 &&
                  scale->sym_size(0) == weight.sym_size(0),
              where, ": expected scale in float32 of shape [", weight.sym_size(0), "], received ",
              scale->scalar_type(), " ", scale->sym_sizes(), ".");
}

inline void check_quantized_linear(const Tensor& x, const Tensor& weight,
                                   const std::optional<Tensor>& scale,
                                   const std::optional<Tensor>& bias) {
  constexpr auto where = "palabra::quantized_linear";
  check_floating(where, "x", x);
  check_quantized_weight(where, weight, scale);
  const c10::SymInt width = count_sym_numbers(weight);
  TORCH_CHECK(x.layout() == at::kStrided && x.dim() >= 1 && width == x.sym_size(-1), where,
              ": expected dense x (…, ", width, "), received ", x.sym_sizes(), ".");
  if (!bias) return;
  check_floating(where, "bias", *bias);
  TORCH_CHECK(bias->dim() == 1 && bias->sym_size(0) == weight.sym_size(0), where,
              ": expected bias of shape [", weight.sym_size(0), "], received ", bias->sym_sizes(),
              ".");
}

inline void check_quantized_linear_backward(const Tensor& grad, const Tensor& weight,
                                            const std::optional<Tensor>& scale) {
  constexpr auto where = "palabra::quantized_linear_backward";
  check_floating(where, "grad", grad);
  check_quantized_weight(where, weight, scale);
  TORCH_CHECK(
      grad.layout() == at::kStrided && grad.dim() >= 1 && weight.sym_size(0) == grad.sym_size(-1),
      where, ": expected dense grad (…, ", weight.sym_size(0), "), received ", grad.sym_sizes(),
      ".");
}

inline void check_linear_cross_entropy(const Tensor& x, const Tensor& weight,
                                       const std::optional<Tensor>& bias, const Tensor& targets,
                                       double label_smoothing) {
  constexpr auto where = "palabra::linear_cross_entropy";
  check_floating(where, "x", x);
  check_parameter_type(where, "weight", weight, x);
  TORCH_CHECK(x.dim() >= 1 && weight.dim() == 2 && weight.sym_size(1) == x.sym_size(-1), where,
              ": expected x (…, C) and weight (V, C), received ", x.sym_sizes(), " and ",
              weight.sym_sizes(), ".");
  TORCH_CHECK(targets.scalar_type() == at::kLong, where, ": expected targets in int64, received ",
              targets.scalar_type(), ".");
  TORCH_CHECK(targets.sym_sizes() == x.sym_sizes().slice(0, x.dim() - 1), where,
              ": expected targets of shape ", x.sym_sizes().slice(0, x.dim() - 1), ", received ",
              targets.sym_sizes(), ".");
  TORCH_CHECK(label_smoothing >= 0 && label_smoothing <= 1, where,
              ": expected label_smoothing from 0 to 1, received ", label_smoothing, ".");
  if (!bias) return;
  check_parameter_type(where, "bias", *bias, x);
  TORCH_CHECK(bias->dim() == 1 && bias->sym_size(0) == weight.sym_size(0), where,
              ": expected bias of shape [", weight.sym_size(0), "], received ", bias->sym_sizes(),
              ".");
}

inline void check_dropout(const Tensor& x, double p) {
  check_floating("palabra::dropout", "x", x);
  TORCH_CHECK(p >= 0 && p <= 1, "palabra::dropout: expected p from 0 to 1, received ", p, ".");
}

inline void check_dropout_backward(const Tensor& grad, const Tensor& mask, double p) {
  check_dropout(grad, p);
  TORCH_CHECK(mask.scalar_type() == at::kBool && mask.sym_sizes() == grad.sym_sizes(),
              "palabra::dropout_backward: expected a bool mask of shape ", grad.sym_sizes(),
              ", received ", mask.scalar_type(), " ", mask.sym_sizes(), ".");
}

inline void check_causal_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                   const std::optional<Tensor>& documents) {
  constexpr auto where = "palabra::causal_attention";
  check_floating(where, "q", q);
  TORCH_CHECK(k.scalar_type() == q.scalar_type() && v.scalar_type() == q.scalar_type(), where,
              ": expected k and v in ", q.scalar_type(), ", received ", k.scalar_type(), " and ",
              v.scalar_type(), ".");
  TORCH_CHECK(
      q.dim() == 4 && k.dim() == 4 && k.sym_sizes() == v.sym_sizes() &&
          k.sym_size(0) == q.sym_size(0) && k.sym_size(2) == q.sym_size(2) &&
          k.sym_size(3) == q.sym_size(3) && q.sym_size(3) > 0 && q.sym_size(1) > 0 &&
          k.sym_size(1) > 0 && q.sym_size(1) % k.sym_size(1) == 0,
      where,
      ": expected q of shape (B, H, T, D), and k and v (B, K, T, D) where K divides H and none of "
      "H, K and D is 0, received ",
      q.sym_sizes(), ", ", k.sym_sizes(), " and ", v.sym_sizes(), ".");
  if (!documents) return;
  TORCH_CHECK(documents->scalar_type() == at::kLong && documents->dim() == 2 &&
                  documents->sym_size(0) == q.sym_size(0) &&
                  documents->sym_size(1) == q.sym_size(2),
              where, ": expected documents of shape (B, T) in int64 for q ", q.sym_sizes(),
              ", received ", documents->scalar_type(), " ", documents->sym_sizes(), ".");
}

inline void check_causal_attention_backward(const Tensor& grad, const Tensor& q, const Tensor& k,
                                            const Tensor& v, const Tensor& output,
                                            const Tensor& logsumexp,
                                            const std::optional<Tensor>& documents) {
  check_causal_attention(q, k, v, documents);
  for (const Tensor& like : {grad, output}) {
    TORCH_CHECK(like.sym_sizes() == q.sym_sizes() && like.scalar_type() == q.scalar_type(),
                "palabra::causal_attention_backward: expected grad and output like q, ",
                q.scalar_type(), " ", q.sym_sizes(), ", received ", like.scalar_type(), " ",
                like.sym_sizes(), ".");
  }
  TORCH_CHECK(logsumexp.sym_sizes() == q.sym_sizes().slice(0, 3) &&
                  logsumexp.scalar_type() == statistics_type(q.scalar_type()),
              "palabra::causal_attention_backward: expected logsumexp of shape ",
              q.sym_sizes().slice(0, 3), ", received ", logsumexp.scalar_type(), " ",
              logsumexp.sym_sizes(), ".");
}

/// The shape of the numbers in blocks of a format.
inline c10::SymDimVector check_dequantize(const Tensor& blocks, std::string_view name) {
  constexpr auto where = "palabra::dequantize";
  const auto& format = cpu::find_block_format(name);
  TORCH_CHECK(blocks.scalar_type() == at::kByte && blocks.layout() == at::kStrided, where,
              ": expected dense blocks in uint8, received ", blocks.scalar_type(), ".");
  TORCH_CHECK(blocks.dim() >= 1 && blocks.sym_size(-1) % format.bytes == 0, where,
              ": expected rows of whole blocks of ", format.bytes, " bytes, received ",
              blocks.sym_sizes(), ".");
  c10::SymDimVector shape(blocks.sym_sizes());
  shape.back() = shape.back() / format.bytes * format.elements;
  return shape;
}

}  // namespace palabra::ops
