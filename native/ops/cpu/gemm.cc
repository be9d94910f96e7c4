#include "cpu/gemm.h"

#include <ATen/Context.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>

#include "cpu/paths/products.h"
#include "sizes.h"

// MKL's, of this thread alone; 0 stands for the number of the process. Null in builds without MKL.
extern "C" [[gnu::weak]] int MKL_Set_Num_Threads_Local(int count);

namespace palabra::ops::cpu {
namespace {

using at::Tensor;

/// The fast paths take some 10 µs to find their kernel, in which MKL has done a product this small.
bool is_small(const Tensor& out, const Tensor& a) {
  return a.scalar_type() == at::kFloat && out.numel() * a.size(1) < int64_t{1} << 18;
}

/// Keeps MKL from waking others for a product that is done before they are awake.
class OneThread {
 public:
  OneThread() : before_(set(1)) {}
  ~OneThread() { set(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  static int set(int count) {
    return MKL_Set_Num_Threads_Local == nullptr ? 0 : MKL_Set_Num_Threads_Local(count);
  }

  int before_;
};

/// For a single row or column MKL is as fast, and oneDNN writes past its buffers where it adds a
/// product of more than 1,024 terms to one.
bool is_vector(const Tensor& out) { return out.size(0) == 1 || out.size(1) == 1; }

void multiply_suited(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  const bool has_paths = a.scalar_type() != at::kDouble && at::globalContext().userEnabledMkldnn();
  if (is_small(out, a)) {
    const OneThread alone;
    return multiply_plainly(out, a, b, accumulate);
  }
  if (!has_paths || is_vector(out)) return multiply_plainly(out, a, b, accumulate);
  multiply(out, a, b, accumulate);
}

}  // namespace

void gemm(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  const int64_t terms = a.size(1);
  if (out.scalar_type() != at::kFloat || a.scalar_type() != at::kFloat || terms <= kTermsPerSum)
    return multiply_suited(out, a, b, accumulate);
  // A sum of float32 that has grown large loses the many small terms that follow: part by part.
  const Tensor part = at::empty_like(out);
  for (int64_t begin = 0; begin < terms; begin += kTermsPerSum) {
    const int64_t count = std::min(kTermsPerSum, terms - begin);
    multiply_suited(part, a.narrow(1, begin, count), b.narrow(0, begin, count), false);
    accumulate || begin > 0 ? out.add_(part) : out.copy_(part);
  }
}

}  // namespace palabra::ops::cpu
