#pragma once

#include <string>

namespace palabra::ops::cpu {

/// What the vector units can do, in ascending order; each holds those before it. kAvx512 means the
/// sets F, BW, VL and DQ.
enum class Capability { kDefault, kAvx2, kAvx512, kAvx512Bf16 };

/// What processor and operating system allow, and no more than PALABRA_CPU_CAPABILITY (default,
/// avx2, avx512 or avx512_bf16) says where it is set.
Capability find_capability();

/// Names the processor: maker's words, family, model and stepping.
std::string name_processor();

}  // namespace palabra::ops::cpu
