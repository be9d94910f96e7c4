// Instruction sets this process may use.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace palabra {

// The instruction sets that CPU, kernel and C library all allow, in /proc/cpuinfo's spelling.
// Empty optional: the C library (before glibc 2.33) doesn't tell.
std::optional<std::vector<std::string>> usable_instruction_sets();

}  // namespace palabra
