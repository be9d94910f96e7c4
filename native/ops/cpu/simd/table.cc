// Compiled once per instruction set: CPU_CAPABILITY names it and the namespace its loops are in.

#include "cpu/loops.h"
#include "cpu/simd/attention.h"
#include "cpu/simd/cross_entropy.h"
#include "cpu/simd/dropout.h"
#include "cpu/simd/rms_norm.h"
#include "cpu/simd/rotary.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {
namespace {

template <typename T>
constexpr Loops loops_of() {
  return {rms_norm_rows<T>,           rms_norm_backward_rows<T>, rotary_rows<T>,
          cross_entropy_rows<T>,      dropout_range<T>,          attention_heads<T>,
          attention_backward_heads<T>};
}

}  // namespace

const LoopTable table = {loops_of<float>(), loops_of<double>(), loops_of<c10::BFloat16>(),
                         loops_of<c10::Half>()};

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
