#pragma once

#include <ATen/core/Tensor.h>

namespace palabra::ops::cpu {

/// out = a b, or out += a b; out may be of the statistics type of a and b.
void gemm(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b, bool accumulate);

}  // namespace palabra::ops::cpu
