// The differentiable entries: each saves what its backward operator needs and calls the kernels.

#include <ATen/core/Generator.h>
#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/rsub.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>
#include <torch/csrc/autograd/autograd_not_implemented_fallback.h>
#include <torch/csrc/autograd/custom_function.h>

#include "checks.h"
#include "operators.h"
#include "registry.h"

namespace palabra::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;
using BelowAutograd = at::AutoDispatchBelowADInplaceOrView;

OptionalTensor optional(const Tensor& x) { return x.defined() ? OptionalTensor(x) : std::nullopt; }

/// Whether the gradient of input `index` is wanted; an input that is not there wants none.
bool wants(const AutogradContext* ctx, size_t index, bool present = true) {
  return present && ctx->needs_input_grad(index);
}

class RmsNorm : public Function<RmsNorm> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const OptionalTensor& weight,
                        double eps) {
    BelowAutograd guard;
    ctx->save_for_backward({x, weight.value_or(Tensor())});
    ctx->saved_data["eps"] = eps;
    return rms_norm(x, weight, eps);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const auto weight = optional(saved[1]);
    auto [grad_x, grad_weight] =
        rms_norm_backward(grads[0], saved[0], weight, ctx->saved_data["eps"].toDouble(),
                          {wants(ctx, 0), wants(ctx, 1, weight.has_value())});
    return {grad_x, grad_weight, Tensor()};
  }
};

/// Holds its inputs alone. Under a graph of gradients the backward pass differentiates.
class Swiglu : public Function<Swiglu> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& gate, const Tensor& up) {
    BelowAutograd guard;
    ctx->save_for_backward({gate, up});
    return ops::swiglu(gate, up);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &grad = grads[0], &gate = saved[0], &up = saved[1];
    return {wants(ctx, 0) ? silu_gradient(at::mul(grad, up), gate) : Tensor(),
            wants(ctx, 1) ? at::mul(grad, at::silu(gate)) : Tensor()};
  }

 private:
  static Tensor silu_gradient(const Tensor& grad, const Tensor& x) {
    if (!at::GradMode::is_enabled()) return at::silu_backward(grad, x);
    const Tensor share = at::sigmoid(x);
    return at::mul(at::mul(grad, share), at::add(at::mul(x, at::rsub(share, 1)), 1));
  }
};

/// Under a graph of gradients the backward pass is spelt out in operators that differentiate. The
/// input is held for a weight that is trained alone.
class Linear : public Function<Linear> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& weight,
                        const OptionalTensor& bias) {
    const bool trained = weight.requires_grad();
    BelowAutograd guard;
    ctx->save_for_backward({trained ? x : stand_in_for(x), weight});
    ctx->saved_data["bias"] = bias.has_value();
    return ops::linear(x, weight, bias);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const std::array<bool, 3> mask{wants(ctx, 0), wants(ctx, 1),
                                   wants(ctx, 2, ctx->saved_data["bias"].toBool())};
    if (at::GradMode::is_enabled()) return differentiable(grads[0], saved[0], saved[1], mask);
    auto [x, weight, bias] = ops::linear_backward(grads[0], saved[0], saved[1], mask);
    return {x, weight, bias};
  }

 private:
  /// One number in the shape of x.
  static Tensor stand_in_for(const Tensor& x) {
    return at::empty({1}, x.options()).expand_symint(x.sym_sizes());
  }

  static variable_list differentiable(const Tensor& grad, const Tensor& x, const Tensor& weight,
                                      std::array<bool, 3> mask) {
    const Tensor grads = as_rows(grad);
    return {mask[0] ? at::matmul(grad, weight) : Tensor(),
            mask[1] ? at::matmul(grads.t(), as_rows(x)) : Tensor(),
            mask[2] ? grads.sum(0) : Tensor()};
  }
};

/// A weight that is held in a short type is a constant.
void check_frozen(const Tensor& weight, const OptionalTensor& scale) {
  TORCH_CHECK(!weight.requires_grad() && (!scale || !scale->requires_grad()),
              "palabra::quantized_linear: expected weight and scale without gradients, received "
              "one that requires a gradient. Dequantise the weight to train it.");
}

class QuantizedLinear : public Function<QuantizedLinear> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& weight,
                        const OptionalTensor& scale, const OptionalTensor& bias) {
    check_frozen(weight, scale);
    BelowAutograd guard;
    ctx->save_for_backward({weight, scale.value_or(Tensor())});
    ctx->saved_data["bias"] = bias.has_value();
    if (bias) ctx->saved_data["type"] = bias->scalar_type();
    return quantized_linear(x, weight, scale, bias);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    // Inputs that are not there are not counted.
    const size_t bias = saved[1].defined() ? 3 : 2;
    const bool wants_bias = wants(ctx, bias, ctx->saved_data["bias"].toBool());
    return {wants(ctx, 0) ? quantized_linear_backward(grads[0], saved[0], optional(saved[1]))
                          : Tensor(),
            Tensor(), Tensor(),
            wants_bias ? as_rows(grads[0]).sum(0).to(ctx->saved_data["type"].toScalarType())
                       : Tensor()};
  }
};

/// The map's gradient is linear in grad: it differentiates into the map without bias.
class QuantizedLinearBackward : public Function<QuantizedLinearBackward> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& grad, const Tensor& weight,
                        const OptionalTensor& scale) {
    check_frozen(weight, scale);
    BelowAutograd guard;
    ctx->save_for_backward({weight, scale.value_or(Tensor())});
    return quantized_linear_backward(grad, weight, scale);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    return {quantized_linear(grads[0], saved[0], optional(saved[1]), std::nullopt), Tensor(),
            Tensor()};
  }
};

void check_constant_angles(const Tensor& cos, const Tensor& sin) {
  TORCH_CHECK(!cos.requires_grad() && !sin.requires_grad(),
              "palabra::rotary: expected cos and sin without gradients, received one that requires "
              "a gradient. Detach it.");
}

/// A rotation's gradient is the rotation back, so each direction differentiates into the other.
template <bool kBack>
class Rotation : public Function<Rotation<kBack>> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& cos,
                        const Tensor& sin) {
    check_constant_angles(cos, sin);
    BelowAutograd guard;
    ctx->save_for_backward({cos, sin});
    return kBack ? rotary_backward(x, cos, sin) : rotary(x, cos, sin);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const auto rotate = kBack ? rotary : rotary_backward;
    return {rotate(grads[0], saved[0], saved[1]), Tensor(), Tensor()};
  }
};

/// The forward pass forms the gradients of the loss; the backward pass scales them in place and
/// hands them on. A second backward pass through the same graph forms them anew.
class LinearCrossEntropy : public Function<LinearCrossEntropy> {
 public:
  static variable_list forward(AutogradContext* ctx, const Tensor& x, const Tensor& weight,
                               const OptionalTensor& bias, const Tensor& targets,
                               int64_t ignore_index, double label_smoothing, double z_loss) {
    BelowAutograd guard;
    const CrossEntropyOptions options{ignore_index, label_smoothing, z_loss};
    const std::array<bool, 3> mask{x.requires_grad(), weight.requires_grad(),
                                   bias && bias->requires_grad()};
    save(ctx, x, weight, bias, targets, options);
    auto [loss, count, grad_x, grad_weight, grad_bias] =
        linear_cross_entropy_gradients(x, weight, bias, targets, options, mask);
    ctx->saved_data["gradients"] =
        std::vector<OptionalTensor>{optional(grad_x), optional(grad_weight), optional(grad_bias)};
    ctx->mark_non_differentiable({count});
    return {loss, count};
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    TORCH_CHECK(!at::GradMode::is_enabled(),
                "palabra::linear_cross_entropy: expected first derivatives only, received a "
                "backward pass with createGraph. Use the reference function for second ones.");
    const auto saved = ctx->get_saved_variables();
    auto gradients = take(ctx, saved);
    for (size_t i = 0; i < gradients.size(); ++i) {
      if (gradients[i].defined())
        gradients[i] = gradients[i].mul_(grads[0]).to(saved[i].scalar_type());
    }
    gradients.resize(7);
    return gradients;
  }

 private:
  static void save(AutogradContext* ctx, const Tensor& x, const Tensor& weight,
                   const OptionalTensor& bias, const Tensor& targets,
                   const CrossEntropyOptions& options) {
    ctx->save_for_backward({x, weight, bias.value_or(Tensor()), targets});
    ctx->saved_data["ignore_index"] = options.ignore_index;
    ctx->saved_data["label_smoothing"] = options.label_smoothing;
    ctx->saved_data["z_loss"] = options.z_loss;
  }

  static variable_list take(AutogradContext* ctx, const variable_list& saved) {
    auto held = ctx->saved_data.find("gradients");
    if (held == ctx->saved_data.end()) return form(ctx, saved);
    variable_list gradients;
    for (const auto& gradient : held->second.toOptionalTensorVector()) {
      gradients.push_back(gradient.value_or(Tensor()));
    }
    ctx->saved_data.erase(held);
    return gradients;
  }

  static variable_list form(AutogradContext* ctx, const variable_list& saved) {
    const auto bias = optional(saved[2]);
    const CrossEntropyOptions options{ctx->saved_data["ignore_index"].toInt(),
                                      ctx->saved_data["label_smoothing"].toDouble(),
                                      ctx->saved_data["z_loss"].toDouble()};
    auto [loss, count, grad_x, grad_weight, grad_bias] = linear_cross_entropy_gradients(
        saved[0], saved[1], bias, saved[3], options,
        {wants(ctx, 0), wants(ctx, 1), wants(ctx, 2, bias.has_value())});
    return {grad_x, grad_weight, grad_bias};
  }
};

class Dropout : public Function<Dropout> {
 public:
  static variable_list forward(AutogradContext* ctx, const Tensor& x, double p,
                               const std::optional<at::Generator>& generator) {
    BelowAutograd guard;
    auto [output, mask] = dropout(x, p, generator);
    ctx->save_for_backward({mask});
    ctx->saved_data["p"] = p;
    ctx->mark_non_differentiable({mask});
    return {output, mask};
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto mask = ctx->get_saved_variables()[0];
    return {dropout_backward(grads[0], mask, ctx->saved_data["p"].toDouble()), Tensor(), Tensor()};
  }
};

class DropoutBackward : public Function<DropoutBackward> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& grad, const Tensor& mask, double p) {
    BelowAutograd guard;
    ctx->save_for_backward({mask});
    ctx->saved_data["p"] = p;
    return dropout_backward(grad, mask, p);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto mask = ctx->get_saved_variables()[0];
    return {dropout_backward(grads[0], mask, ctx->saved_data["p"].toDouble()), Tensor(), Tensor()};
  }
};

class CausalAttention : public Function<CausalAttention> {
 public:
  static variable_list forward(AutogradContext* ctx, const Tensor& q, const Tensor& k,
                               const Tensor& v, const OptionalTensor& documents,
                               std::optional<double> scale) {
    BelowAutograd guard;
    auto [output, logsumexp] = causal_attention(q, k, v, documents, scale);
    ctx->save_for_backward({q, k, v, documents.value_or(Tensor()), output, logsumexp});
    ctx->saved_data["scale"] = scale;
    ctx->mark_non_differentiable({logsumexp});
    return {output, logsumexp};
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    auto [q, k, v] = causal_attention_backward(grads[0], saved[0], saved[1], saved[2], saved[4],
                                               saved[5], optional(saved[3]),
                                               ctx->saved_data["scale"].toOptional<double>());
    return {q, k, v, Tensor(), Tensor()};
  }
};

Tensor rms_norm_entry(const Tensor& x, const OptionalTensor& weight, double eps) {
  return RmsNorm::apply(x, weight, eps);
}

Tensor swiglu_entry(const Tensor& gate, const Tensor& up) { return Swiglu::apply(gate, up); }

Tensor linear_entry(const Tensor& x, const Tensor& weight, const OptionalTensor& bias) {
  if (!is_dense_linear(x, weight, bias)) return at::linear(x, weight, bias);
  return Linear::apply(x, weight, bias);
}

Tensor quantized_linear_entry(const Tensor& x, const Tensor& weight, const OptionalTensor& scale,
                              const OptionalTensor& bias) {
  return QuantizedLinear::apply(x, weight, scale, bias);
}

Tensor quantized_linear_backward_entry(const Tensor& grad, const Tensor& weight,
                                       const OptionalTensor& scale) {
  return QuantizedLinearBackward::apply(grad, weight, scale);
}

template <bool kBack>
Tensor rotary_entry(const Tensor& x, const Tensor& cos, const Tensor& sin) {
  return Rotation<kBack>::apply(x, cos, sin);
}

bool wants_gradient(const Tensor& x, const Tensor& weight, const OptionalTensor& bias) {
  const bool any = x.requires_grad() || weight.requires_grad() || (bias && bias->requires_grad());
  return any && at::GradMode::is_enabled();
}

/// Without a gradient to form, the loss alone is a third of the work.
Pair linear_cross_entropy_entry(const Tensor& x, const Tensor& weight, const OptionalTensor& bias,
                                const Tensor& targets, int64_t ignore_index, double label_smoothing,
                                double z_loss) {
  if (!wants_gradient(x, weight, bias)) {
    BelowAutograd guard;
    return linear_cross_entropy(x, weight, bias, targets, {ignore_index, label_smoothing, z_loss});
  }
  const auto results =
      LinearCrossEntropy::apply(x, weight, bias, targets, ignore_index, label_smoothing, z_loss);
  return {results[0], results[1]};
}

Pair dropout_entry(const Tensor& x, double p, std::optional<at::Generator> generator) {
  const auto results = Dropout::apply(x, p, generator);
  return {results[0], results[1]};
}

Tensor dropout_backward_entry(const Tensor& grad, const Tensor& mask, double p) {
  return DropoutBackward::apply(grad, mask, p);
}

Pair causal_attention_entry(const Tensor& q, const Tensor& k, const Tensor& v,
                            const OptionalTensor& documents, std::optional<double> scale) {
  const auto results = CausalAttention::apply(q, k, v, documents, scale);
  return {results[0], results[1]};
}

}  // namespace

void register_autograd(torch::Library& library) {
  library.impl("rms_norm", TORCH_FN(rms_norm_entry));
  library.impl("rotary", TORCH_FN(rotary_entry<false>));
  library.impl("swiglu", TORCH_FN(swiglu_entry));
  library.impl("rotary_backward", TORCH_FN(rotary_entry<true>));
  library.impl("linear", TORCH_FN(linear_entry));
  library.impl("quantized_linear", TORCH_FN(quantized_linear_entry));
  library.impl("quantized_linear_backward", TORCH_FN(quantized_linear_backward_entry));
  library.impl("linear_cross_entropy", TORCH_FN(linear_cross_entropy_entry));
  library.impl("dropout", TORCH_FN(dropout_entry));
  library.impl("dropout_backward", TORCH_FN(dropout_backward_entry));
  library.impl("causal_attention", TORCH_FN(causal_attention_entry));
  // These have no second derivative: asking for it is an error, never a silent zero.
  library.impl("rms_norm_backward", torch::autograd::autogradNotImplementedFallback());
  library.impl("linear_backward", torch::autograd::autogradNotImplementedFallback());
  library.impl("linear_cross_entropy_gradients", torch::autograd::autogradNotImplementedFallback());
  library.impl("causal_attention_backward", torch::autograd::autogradNotImplementedFallback());
  // Bytes have no gradient.
  library.impl("dequantize", torch::autograd::autogradNotImplementedFallback());
}

}  // namespace palabra::ops
