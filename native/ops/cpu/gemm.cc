#include "cpu/gemm.h"

#include <ATen/Context.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>

#include <algorithm>

namespace at::native {

// Exported by libtorch_cpu without a header; weak, since a build without oneDNN has none.
__attribute__((weak)) void mkldnn_matmul(const Tensor& a, const Tensor& b, const Tensor& result,
                                         float beta, float alpha);

}  // namespace at::native

namespace palabra::ops::cpu {
namespace {

using at::Tensor;

/// float32 products run on MKL in libtorch, which takes a slow path on processors that are not
/// Intel's; oneDNN, in the same library, does not.
bool prefers_onednn() {
  static const bool prefers =
      at::native::mkldnn_matmul != nullptr && at::hasMKL() && !__builtin_cpu_is("intel");
  return prefers && at::globalContext().userEnabledMkldnn();
}

/// oneDNN takes some 10 µs to find its kernel, in which MKL has done a product this small.
bool is_small(const Tensor& out, const Tensor& a) {
  return out.numel() * a.size(1) < int64_t{1} << 18;
}

/// For a single row or column MKL is as fast, and oneDNN writes past its buffers where it adds a
/// product of more than 1,024 terms to one.
bool is_vector(const Tensor& out) { return out.size(0) == 1 || out.size(1) == 1; }

void gemm_same_type(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  const bool is_suited = a.scalar_type() == at::kFloat && !is_vector(out) && !is_small(out, a);
  if (is_suited && prefers_onednn()) {
    return at::native::mkldnn_matmul(a, b, out, accumulate ? 1 : 0, 1);
  }
  Tensor result = out;
  accumulate ? at::addmm_out(result, out, a, b) : at::mm_out(result, a, b);
}

/// Rows at a time, so that the product in the short type stays small beside the sum.
void gemm_widened(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  constexpr int64_t kElements = int64_t{1} << 20;
  const int64_t step = std::max<int64_t>(1, kElements / std::max<int64_t>(1, out.size(1)));
  for (int64_t begin = 0; begin < out.size(0); begin += step) {
    const int64_t rows = std::min(step, out.size(0) - begin);
    const Tensor product = at::mm(a.narrow(0, begin, rows), b);
    const Tensor part = out.narrow(0, begin, rows);
    accumulate ? part.add_(product) : part.copy_(product);
  }
}

}  // namespace

void gemm(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  if (out.scalar_type() == a.scalar_type()) return gemm_same_type(out, a, b, accumulate);
  gemm_widened(out, a, b, accumulate);
}

}  // namespace palabra::ops::cpu
