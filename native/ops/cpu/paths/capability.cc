#include "cpu/paths/capability.h"

#include <c10/util/Exception.h>
#include <cpuid.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace palabra::ops::cpu {
namespace {

constexpr auto kVariable = "PALABRA_CPU_CAPABILITY";

Capability find_supported() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    return Capability::kDefault;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (!avx512) return Capability::kAvx2;
  return __builtin_cpu_supports("avx512bf16") ? Capability::kAvx512Bf16 : Capability::kAvx512;
}

Capability read_allowed() {
  const char* word = std::getenv(kVariable);
  if (word == nullptr || *word == '\0') return Capability::kAvx512Bf16;
  if (std::strcmp(word, "default") == 0) return Capability::kDefault;
  if (std::strcmp(word, "avx2") == 0) return Capability::kAvx2;
  if (std::strcmp(word, "avx512") == 0) return Capability::kAvx512;
  if (std::strcmp(word, "avx512_bf16") == 0) return Capability::kAvx512Bf16;
  TORCH_CHECK(false, kVariable, ": expected default, avx2, avx512 or avx512_bf16, received ", word,
              ".");
}

}  // namespace

Capability find_capability() {
  static const Capability value = std::min(find_supported(), read_allowed());
  return value;
}

std::string name_processor() {
  unsigned words[13] = {};
  for (unsigned i = 0; i < 3; ++i) {
    unsigned* part = words + size_t{4} * i;
    __get_cpuid(0x80000002 + i, part, part + 1, part + 2, part + 3);
  }
  unsigned version = 0, b, c, d;
  __get_cpuid(1, &version, &b, &c, &d);
  char name[sizeof(words)];
  std::memcpy(name, words, sizeof(words));
  return std::string(name) + " " + std::to_string(version);
}

}  // namespace palabra::ops::cpu
