#include "cpu/paths/memory.h"

#include <torch/version.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cpu/paths/capability.h"

namespace palabra::ops::cpu {
namespace {

namespace fs = std::filesystem;

/// The value of an environment variable; empty where it has none.
std::string get_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// As in lib/native/libtorch/cache.ts; empty where the user has no home.
fs::path find_cache_folder() {
  if (auto own = get_variable("PALABRA_CACHE"); !own.empty()) return own;
  if (const auto base = get_variable("XDG_CACHE_HOME"); !base.empty())
    return fs::path(base) / "palabra";
  const auto home = get_variable("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".cache" / "palabra";
}

/// All that a time depends on, in one line.
std::string form_key(const std::string& kind) {
  std::string line = "3 " + kind + " | " TORCH_VERSION " | " + name_processor() + " | " +
                     std::to_string(static_cast<int>(find_capability()));
  for (const char* name : {"ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA",
                           "MKL_ENABLE_INSTRUCTIONS", "MKL_DEBUG_CPU_TYPE"}) {
    line += " " + get_variable(name);
  }
  return line;
}

/// FNV-1a
std::string hash(const std::string& text) {
  uint64_t value = 0xcbf29ce484222325;
  for (const unsigned char byte : text) value = (value ^ byte) * 0x100000001b3;
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016llx", static_cast<unsigned long long>(value));
  return digits;
}

fs::path find_file(const std::string& line) {
  const fs::path folder = find_cache_folder();
  return folder.empty() ? folder : folder / "cpu-paths" / hash(line);
}

}  // namespace

std::optional<Measured> recall(const std::string& kind) {
  const std::string line = form_key(kind);
  std::ifstream file(find_file(line));
  std::string found;
  Measured measured;
  if (!std::getline(file, found) || found != line) return std::nullopt;
  if (!std::getline(file, measured.path) || !std::getline(file, measured.reason))
    return std::nullopt;
  return measured;
}

void remember(const std::string& kind, const Measured& measured) {
  const std::string line = form_key(kind);
  const fs::path file = find_file(line);
  if (file.empty()) return;
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  const fs::path part = file.string() + "." + std::to_string(getpid());
  std::ofstream out(part);
  out << line << "\n" << measured.path << "\n" << measured.reason << "\n";
  out.close();
  if (out) fs::rename(part, file, failed);
  if (!out || failed) fs::remove(part, failed);
}

}  // namespace palabra::ops::cpu
