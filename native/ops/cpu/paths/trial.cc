#include "cpu/paths/trial.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/isfinite.h>
#include <c10/util/Exception.h>
#include <c10/util/accumulate.h>

#include <time.h>

#include <algorithm>
#include <limits>

// Of the OpenMP and the MKL inside libtorch; null where it was built without.
extern "C" {
[[gnu::weak]] int omp_get_max_threads();
[[gnu::weak]] void omp_set_num_threads(int count);
[[gnu::weak]] int MKL_Set_Num_Threads_Local(int count);
}

namespace palabra::ops::cpu {

using at::Tensor;

namespace {

/// Leaves this thread alone at its work: waking others takes a time that other processes decide.
class OneThread {
 public:
  OneThread() {
    if (omp_set_num_threads != nullptr) {
      openmp_ = omp_get_max_threads();
      omp_set_num_threads(1);
    }
    if (MKL_Set_Num_Threads_Local != nullptr) mkl_ = MKL_Set_Num_Threads_Local(1);
  }
  ~OneThread() {
    if (omp_set_num_threads != nullptr) omp_set_num_threads(openmp_);
    if (MKL_Set_Num_Threads_Local != nullptr) MKL_Set_Num_Threads_Local(mkl_);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int openmp_ = 1;
  int mkl_ = 0;
};

/// The processor time of this thread, in seconds.
double read_own_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

void require_close(const Tensor& found, const Tensor& expected, const Tensor& scale,
                   double tolerance) {
  const Tensor wide = found.to(at::kDouble);
  TORCH_CHECK(at::isfinite(wide).all().item<bool>(), "its results are not finite");
  const double worst = ((wide - expected).abs() / scale.clamp_min(1e-30)).max().item<double>();
  TORCH_CHECK(worst <= tolerance, "its results are off by ", worst, " where ", tolerance,
              " is allowed");
}

Tensor make_trial_values(at::IntArrayRef shape, at::ScalarType type, double seed) {
  const Tensor index = at::arange(c10::multiply_integers(shape), at::kDouble);
  return (index * 12.9898 + seed).sin().mul(43758.5453).sin().view(shape).to(type);
}

double measure_seconds(const std::function<void()>& work) {
  constexpr int kRuns = 3;
  constexpr double kEnough = 0.05;
  const OneThread alone;
  double least = std::numeric_limits<double>::infinity(), spent = 0;
  for (int run = 0; run < kRuns && spent < kEnough; ++run) {
    const double start = read_own_time();
    work();
    const double time = read_own_time() - start;
    least = std::min(least, time);
    spent += time;
  }
  return least;
}

}  // namespace palabra::ops::cpu
