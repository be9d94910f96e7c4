#include "cpu.h"

#include <dlfcn.h>

#include <array>

namespace palabra {

namespace {

// glibc's view of one CPUID leaf: what the CPU reports, and what of it may be used. The second half
// respects the kernel's register saving and GLIBC_TUNABLES.
struct FeatureLeaf {
  std::array<unsigned, 4> reported;
  std::array<unsigned, 4> usable;
};

using FeatureLeafReader = const FeatureLeaf* (*)(unsigned);

// glibc numbers the leaves it keeps.
enum Leaf : unsigned { kLeaf1 = 0, kLeaf7 = 1, kLeaf7Sub1 = 6 };
enum Register : unsigned { kEax = 0, kEbx = 1, kEcx = 2, kEdx = 3 };

struct InstructionSet {
  const char* name;
  Leaf leaf;
  Register reg;
  unsigned bit;
};

constexpr InstructionSet kInstructionSets[] = {
    {"sse4_2", kLeaf1, kEcx, 20},      {"fma", kLeaf1, kEcx, 12},
    {"avx", kLeaf1, kEcx, 28},         {"f16c", kLeaf1, kEcx, 29},
    {"avx2", kLeaf7, kEbx, 5},         {"avx512f", kLeaf7, kEbx, 16},
    {"avx512dq", kLeaf7, kEbx, 17},    {"avx512bw", kLeaf7, kEbx, 30},
    {"avx512vl", kLeaf7, kEbx, 31},    {"avx512_vnni", kLeaf7, kEcx, 11},
    {"amx_bf16", kLeaf7, kEdx, 22},    {"avx512_fp16", kLeaf7, kEdx, 23},
    {"amx_tile", kLeaf7, kEdx, 24},    {"amx_int8", kLeaf7, kEdx, 25},
    {"avx_vnni", kLeaf7Sub1, kEax, 4}, {"avx512_bf16", kLeaf7Sub1, kEax, 5},
};

}  // namespace

std::optional<std::vector<std::string>> usable_instruction_sets() {
  // Looked up by name: linking to it would make older C libraries refuse the loader.
  auto read =
      reinterpret_cast<FeatureLeafReader>(dlsym(RTLD_DEFAULT, "__x86_get_cpuid_feature_leaf"));
  if (read == nullptr) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& set : kInstructionSets) {
    if ((read(set.leaf)->usable[set.reg] >> set.bit) & 1U) names.emplace_back(set.name);
  }
  return names;
}

}  // namespace palabra
