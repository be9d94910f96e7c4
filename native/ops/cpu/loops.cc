#include "cpu/loops.h"

#include <ATen/Version.h>
#include <ATen/ops/empty_like.h>
#include <c10/util/Exception.h>

#include "cpu/paths/capability.h"
#include "cpu/paths/kind.h"
#include "cpu/paths/trial.h"

namespace palabra::ops::cpu {
namespace {

using at::Tensor;

/// In the order of their paths.
const LoopTable* const kTables[] = {&DEFAULT::table, &AVX2::table, &AVX512::table};

/// Rows whose width fills no vector.
constexpr int64_t kRows = 3, kWidth = 38;

Tensor normalise(const Loops& loops, const Tensor& x, double* scratch) {
  const Tensor y = at::empty_like(x);
  loops.rms_norm({x.data_ptr(), nullptr, y.data_ptr(), kRows, kWidth, 1e-6, scratch});
  return y;
}

/// The gradient of a cross-entropy.
Tensor differentiate(const Loops& loops, const Tensor& x, double* scratch) {
  const Tensor logits = x.clone();
  const int64_t targets[kRows] = {0, 5, kWidth - 1};
  double losses[kRows];
  loops.cross_entropy(
      {logits.data_ptr(), targets, losses, kRows, kWidth, -100, 0.1, 1e-3, true, scratch});
  return logits;
}

/// Throws where a table's results are not those of the baseline.
void try_table(const LoopTable& table) {
  double scratch[3 * kWidth];
  const Tensor x = make_trial_values({kRows, kWidth}, at::kFloat, 1);
  for (const auto work : {normalise, differentiate}) {
    const Tensor expected = work(DEFAULT::table.float32, x, scratch).to(at::kDouble);
    require_close(work(table.float32, x, scratch), expected, expected.abs().max(), 1e-5);
  }
}

std::string find_hindrance(Capability needed, bool libtorch_has, const char* name) {
  if (find_capability() < needed) return std::string("it needs ") + name;
  return libtorch_has ? "" : "libtorch uses " + at::get_cpu_capability();
}

std::vector<Path> list_tables() {
  const auto used = at::get_cpu_capability();
  const auto path = [](const char* name, std::string hindrance, const LoopTable* table) {
    return Path{name, std::move(hindrance), [=] { try_table(*table); }, {}};
  };
  return {
      path("baseline", "", kTables[0]),
      path("AVX2", find_hindrance(Capability::kAvx2, used == "AVX2" || used == "AVX512", "AVX2"),
           kTables[1]),
      path("AVX-512", find_hindrance(Capability::kAvx512, used == "AVX512", "AVX-512"),
           kTables[2])};
}

}  // namespace

Kind& vector_loops() {
  static auto& kind = *new Kind("vector loops", list_tables());
  return kind;
}

const Loops& loops(c10::ScalarType type) {
  static const LoopTable& table = *kTables[vector_loops().get_choice()];
  switch (type) {
    case c10::ScalarType::Float: return table.float32;
    case c10::ScalarType::Double: return table.float64;
    case c10::ScalarType::BFloat16: return table.bfloat16;
    case c10::ScalarType::Half: return table.float16;
    default: TORCH_CHECK(false, "palabra: expected a floating element type, received ", type, ".");
  }
}

}  // namespace palabra::ops::cpu
