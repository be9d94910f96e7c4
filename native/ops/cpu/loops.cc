#include "cpu/loops.h"

#include <ATen/Version.h>
#include <c10/util/Exception.h>

namespace palabra::ops::cpu {
namespace {

const LoopTable& choose() {
  const auto capability = at::get_cpu_capability();
  if (capability == "AVX512") return AVX512::table;
  if (capability == "AVX2") return AVX2::table;
  return DEFAULT::table;
}

}  // namespace

const Loops& loops(c10::ScalarType type) {
  static const LoopTable& table = choose();
  switch (type) {
    case c10::ScalarType::Float: return table.float32;
    case c10::ScalarType::Double: return table.float64;
    case c10::ScalarType::BFloat16: return table.bfloat16;
    case c10::ScalarType::Half: return table.float16;
    default: TORCH_CHECK(false, "palabra: expected a floating element type, received ", type, ".");
  }
}

}  // namespace palabra::ops::cpu
