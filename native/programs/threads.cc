#include "programs/threads.h"

#include <ATen/Parallel.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

// Of OpenMP 5.0; null where libtorch was built with a runtime that lacks it.
extern "C" [[gnu::weak]] int omp_pause_resource_all(int kind);

namespace palabra {

namespace {

// The number of threads asked for in this process; 0 leaves libtorch's own choice.
std::atomic<int> requested_threads{0};

}  // namespace

void request_threads(int count) {
  requested_threads = count;
  at::set_num_threads(count);
}

void adopt_threads() {
  const int count = requested_threads.load();
  if (count > 0 && at::get_num_threads() != count) at::set_num_threads(count);
}

void limit_threads(int most) {
  static std::once_flag once;
  std::call_once(once, [most] {
    if (at::get_num_threads() > most) requested_threads = most;
  });
  adopt_threads();
}

void end_team() {
  constexpr int kSoft = 1;
  if (omp_pause_resource_all != nullptr && gettid() == getpid()) omp_pause_resource_all(kSoft);
}

}  // namespace palabra
