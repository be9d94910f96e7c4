#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>

#include "checks.h"

namespace palabra::ops::cpu {

/// Room for `count` statistics of either type, for one thread.
class Scratch {
 public:
  explicit Scratch(int64_t count) : memory_(std::make_unique_for_overwrite<double[]>(count)) {}
  void* get() const { return memory_.get(); }

 private:
  std::unique_ptr<double[]> memory_;
};

/// Rows a thread takes at least: waking it costs as much as some ten thousand elements.
inline int64_t count_rows_per_task(int64_t width) {
  constexpr int64_t kElements = int64_t{1} << 15;
  return std::max<int64_t>(1, kElements / std::max<int64_t>(1, width));
}

/// The address of row `index` of a row-major tensor.
inline void* row(const at::Tensor& x, int64_t index, int64_t width) {
  return static_cast<char*>(x.data_ptr()) + index * width * x.element_size();
}

/// The address of the elements, or null.
inline const void* data(const std::optional<at::Tensor>& x) {
  return x ? x->const_data_ptr() : nullptr;
}

/// A parameter as the loops read it: row-major, in the statistics type of x.
inline at::Tensor as_statistics(const at::Tensor& parameter, const at::Tensor& x) {
  return parameter.to(statistics_type(x.scalar_type())).contiguous();
}

inline std::optional<at::Tensor> as_statistics(const std::optional<at::Tensor>& parameter,
                                               const at::Tensor& x) {
  if (!parameter) return std::nullopt;
  return as_statistics(*parameter, x);
}

}  // namespace palabra::ops::cpu
