#pragma once

#include <ATen/core/Tensor.h>

namespace palabra::ops::cpu {

class Kind;

/// out = a b, or out += a b, for matrices of one floating type; out may be of the statistics type.
void multiply(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b, bool accumulate);

/// The same along libtorch's own way.
void multiply_plainly(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b,
                      bool accumulate);

/// The products of an element type: float32, bfloat16 or float16.
Kind& products(at::ScalarType type);

/// Products that may be rounded to bfloat16: in float32, or in bfloat16 where that is clearly
/// faster. Instructions for it don't say so: on a processor without AMX it took half as long again.
Kind& fastest_products();

}  // namespace palabra::ops::cpu
