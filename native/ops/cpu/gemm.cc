#include "cpu/gemm.h"

#include <ATen/Context.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>

#include "cpu/paths/products.h"
#include "sizes.h"

// MKL's, of this thread alone; 0 stands for the number of the process. Null in builds without MKL.
extern "C" [[gnu::weak]] int MKL_Set_Num_Threads_Local(int count);
// OpenMP's, of this thread alone, which oneDNN goes by.
extern "C" [[gnu::weak]] int omp_get_max_threads();
extern "C" [[gnu::weak]] void omp_set_num_threads(int count);

namespace palabra::ops::cpu {
namespace {

using at::Tensor;

/// The fast paths take some 10 µs to find their kernel, in which MKL has done a product this small.
bool is_small(const Tensor& out, const Tensor& a) {
  return a.scalar_type() == at::kFloat && out.numel() * a.size(1) < int64_t{1} << 18;
}

/// A second thread wakes later than such a product is done.
bool is_short(const Tensor& out, const Tensor& a) {
  return out.numel() * a.size(1) < int64_t{1} << 20;
}

/// Keeps products on this thread as long as it lives.
class OneThread {
 public:
  explicit OneThread(bool wanted) {
    if (!wanted || omp_set_num_threads == nullptr || omp_get_max_threads() == 1) return;
    threads_ = omp_get_max_threads();
    omp_set_num_threads(1);
    if (MKL_Set_Num_Threads_Local != nullptr) mkl_threads_ = MKL_Set_Num_Threads_Local(1);
  }
  ~OneThread() {
    if (threads_ == 0) return;
    omp_set_num_threads(threads_);
    if (MKL_Set_Num_Threads_Local != nullptr) MKL_Set_Num_Threads_Local(mkl_threads_);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int threads_ = 0;
  int mkl_threads_ = 0;
};

/// For a single row or column MKL is as fast, and oneDNN writes past its buffers where it adds a
/// product of more than 1,024 terms to one.
bool is_vector(const Tensor& out) { return out.size(0) == 1 || out.size(1) == 1; }

void multiply_suited(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  const bool has_paths = a.scalar_type() != at::kDouble && at::globalContext().userEnabledMkldnn();
  const OneThread alone(is_short(out, a));
  if (!has_paths || is_vector(out) || is_small(out, a))
    return multiply_plainly(out, a, b, accumulate);
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
