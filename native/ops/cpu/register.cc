#include <ATen/core/Generator.h>
#include <ATen/ops/silu.h>

#include "checks.h"
#include "cpu/kernels.h"
#include "registry.h"

namespace palabra::ops {

namespace {

Tensor compute_swiglu(const Tensor& gate, const Tensor& up) {
  check_swiglu(gate, up);
  return at::silu(gate).mul_(up);
}

}  // namespace

void register_every_device(torch::Library& library) {
  library.impl("linear", TORCH_FN(cpu::linear));
  library.impl("swiglu", TORCH_FN(compute_swiglu));
}

void register_cpu(torch::Library& library) {
  library.impl("rms_norm", TORCH_FN(cpu::rms_norm));
  library.impl("rms_norm_backward", TORCH_FN(cpu::rms_norm_backward));
  library.impl("rotary", TORCH_FN(cpu::rotary));
  library.impl("rotary_backward", TORCH_FN(cpu::rotary_backward));
  library.impl("linear", TORCH_FN(cpu::linear));
  library.impl("swiglu", TORCH_FN(compute_swiglu));
  library.impl("linear_backward", TORCH_FN(cpu::linear_backward));
  library.impl("quantized_linear", TORCH_FN(cpu::quantized_linear));
  library.impl("quantized_linear_backward", TORCH_FN(cpu::quantized_linear_backward));
  library.impl("linear_cross_entropy", TORCH_FN(cpu::linear_cross_entropy));
  library.impl("linear_cross_entropy_gradients", TORCH_FN(cpu::linear_cross_entropy_gradients));
  library.impl("dropout", TORCH_FN(cpu::dropout));
  library.impl("dropout_backward", TORCH_FN(cpu::dropout_backward));
  library.impl("causal_attention", TORCH_FN(cpu::causal_attention));
  library.impl("causal_attention_backward", TORCH_FN(cpu::causal_attention_backward));
  library.impl("dequantize", TORCH_FN(cpu::dequantize));
}

}  // namespace palabra::ops
