#include "dynamic_libraries.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

namespace palabra {

namespace {

int collect(dl_phdr_info* info, size_t, void* data) {
  if (info->dlpi_name != nullptr && info->dlpi_name[0] == '/') {
    static_cast<std::vector<std::string>*>(data)->emplace_back(info->dlpi_name);
  }
  return 0;
}

// Drops the whole pages of a segment that is mapped from its file and never written.
void release_segment(const dl_phdr_info& info, const ElfW(Phdr) & segment) {
  if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) return;
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t start = (info.dlpi_addr + segment.p_vaddr + page - 1) / page * page;
  const uintptr_t end = (info.dlpi_addr + segment.p_vaddr + segment.p_filesz) / page * page;
  // Advice only: where the kernel does not take it, the pages stay.
  if (end > start) madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
}

// Text relocations would have made private copies of such pages.
bool has_text_relocations(const dl_phdr_info& info) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    if (info.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const auto* entry =
        reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_TEXTREL) return true;
      if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return true;
    }
  }
  return false;
}

int release(dl_phdr_info* info, size_t, void* data) {
  if (info->dlpi_name == nullptr || *static_cast<std::string*>(data) != info->dlpi_name) return 0;
  if (has_text_relocations(*info)) return 1;
  for (int i = 0; i < info->dlpi_phnum; ++i) release_segment(*info, info->dlpi_phdr[i]);
  return 1;
}

// Gives an environment variable that has none a value for as long as it lives.
class DefaultVariable {
 public:
  DefaultVariable(const char* name, const char* value) : name_(name) { setenv(name, value, 0); }
  ~DefaultVariable() { unsetenv(name_); }
  DefaultVariable(const DefaultVariable&) = delete;
  DefaultVariable& operator=(const DefaultVariable&) = delete;

 private:
  const char* name_;
};

// How often libgomp, which reads this once as it is loaded, lets a thread look again before it
// sleeps: 8,000 times, some tenths of a millisecond, or 1,000 times ("active") while it manages
// more threads than there are processors. A user's own choice of either stands. On the main thread
// only: elsewhere others may be reading the environment.
class WaitVariables {
 public:
  WaitVariables() {
    const bool chosen = std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY");
    if (chosen || gettid() != getpid()) return;
    spins_.emplace("GOMP_SPINCOUNT", "8000");
    policy_.emplace("OMP_WAIT_POLICY", "active");
  }

 private:
  std::optional<DefaultVariable> spins_;
  std::optional<DefaultVariable> policy_;
};

}  // namespace

void release_pages(const std::string& path) {
  std::string wanted = path;
  dl_iterate_phdr(release, &wanted);
}

std::string open_global(const std::string& path) {
  const WaitVariables variables;
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return "";
  const char* reason = dlerror();
  return reason != nullptr ? reason : "dlopen gave no reason";
}

std::vector<std::string> loaded_libraries() {
  std::vector<std::string> paths;
  dl_iterate_phdr(collect, &paths);
  return paths;
}

std::optional<uint64_t> torch_abi_version(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (library == nullptr) return std::nullopt;
  auto version = reinterpret_cast<uint64_t (*)()>(dlsym(library, "aoti_torch_abi_version"));
  std::optional<uint64_t> value;
  if (version != nullptr) value = version();
  dlclose(library);
  return value;
}

}  // namespace palabra
