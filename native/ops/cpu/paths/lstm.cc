#include "cpu/paths/lstm.h"

#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/lstm.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros.h>

#include <vector>

#include "cpu/paths/capability.h"
#include "cpu/paths/kind.h"
#include "cpu/paths/trial.h"

namespace palabra::ops::cpu {
namespace {

using at::Tensor;

/// Autocast to bfloat16, without its cache of weights.
class Autocast {
 public:
  Autocast() {
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    at::autocast::set_autocast_cache_enabled(false);
    at::autocast::set_autocast_enabled(at::kCPU, true);
  }
  ~Autocast() {
    at::autocast::set_autocast_enabled(at::kCPU, enabled_);
    at::autocast::set_autocast_cache_enabled(caches_);
    at::autocast::set_autocast_dtype(at::kCPU, type_);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool enabled_ = at::autocast::is_autocast_enabled(at::kCPU);
  bool caches_ = at::autocast::is_autocast_cache_enabled();
  at::ScalarType type_ = at::autocast::get_autocast_dtype(at::kCPU);
};

/// Outputs of a pass and gradients of its input and recurrent weight. The numbers are the same in
/// either type.
std::vector<Tensor> run_pass(at::ScalarType type) {
  constexpr int64_t kWidth = 16, kTime = 5, kBatch = 3;
  const at::AutoGradMode gradients(true);
  const auto make = [&](at::IntArrayRef shape, double seed) {
    const Tensor value = make_trial_values(shape, at::kBFloat16, seed).div(4);
    return value.to(type, /*non_blocking=*/false, /*copy=*/true).requires_grad_(true);
  };
  const Tensor x = make({kBatch, kTime, kWidth}, 1);
  const Tensor state = at::zeros({1, kBatch, kWidth}, x.options().requires_grad(false));
  const std::vector<Tensor> weights{make({4 * kWidth, kWidth}, 2), make({4 * kWidth, kWidth}, 3),
                                    make({4 * kWidth}, 4), make({4 * kWidth}, 5)};
  const Tensor output = std::get<0>(at::lstm(x, {state, state}, weights, true, 1, 0,
                                             /*train=*/true, false, /*batch_first=*/true));
  output.backward(at::ones_like(output));
  return {output.detach(), x.grad(), weights[1].grad()};
}

void require_same(const std::vector<Tensor>& found, const std::vector<Tensor>& expected) {
  for (size_t i = 0; i < found.size(); ++i) {
    const Tensor exact = expected[i].to(at::kDouble);
    require_close(found[i], exact, exact.abs().max(), 0.05);
  }
}

/// In bfloat16 as such, and under autocast, which asks oneDNN without asking what it can do.
void try_bfloat16() {
  const auto expected = run_pass(at::kFloat);
  require_same(run_pass(at::kBFloat16), expected);
  const Autocast autocast;
  require_same(run_pass(at::kFloat), expected);
}

std::string find_hindrance() {
  return find_capability() < Capability::kAvx512 ? "it needs AVX-512 F, BW, VL and DQ" : "";
}

}  // namespace

Kind& bfloat16_lstm() {
  static auto& kind = *new Kind("bfloat16 LSTM", {{"in float32", "", {}, {}},
                                                  {"oneDNN", find_hindrance(), try_bfloat16, {}}});
  return kind;
}

}  // namespace palabra::ops::cpu
