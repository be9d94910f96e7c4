#pragma once

#include <ATen/core/Tensor.h>

namespace palabra::ops::cpu {

class Kind;

/// Rows of x up to which a weight is better multiplied as it lies than packed first.
inline constexpr int64_t kFewRows = 64;

/// Whether x weight^T is of those products: row-major float32 with at most kFewRows rows of x.
bool has_few_rows(const at::Tensor& x, const at::Tensor& weight);

/// out = x weight^T, or out += x weight^T, for such x and weight and a row-major out.
void multiply_few_rows(const at::Tensor& out, const at::Tensor& x, const at::Tensor& weight,
                       bool accumulate);

/// The products of as many rows: 1, up to 8, or up to kFewRows.
Kind& few_row_products(int64_t rows);

}  // namespace palabra::ops::cpu
