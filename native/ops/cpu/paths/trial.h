#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace palabra::ops::cpu {

/// Throws unless `found` is finite and within `tolerance` times `scale`, element by element, of
/// `expected`; the last two are float64.
void require_close(const at::Tensor& found, const at::Tensor& expected, const at::Tensor& scale,
                   double tolerance);

/// Numbers from -1 to 1 without a pattern that sums could profit from; the same at each call.
at::Tensor make_trial_values(at::IntArrayRef shape, at::ScalarType type, double seed);

/// The least time of a few runs by one thread, in seconds.
double measure_seconds(const std::function<void()>& work);

}  // namespace palabra::ops::cpu
