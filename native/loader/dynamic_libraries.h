// The shared objects of this process: opening them, asking what is there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace palabra {

// Opens `path` for all later libraries to link with; empty, or the dynamic linker's words on why
// not.
std::string open_global(const std::string& path);

// The paths of all shared objects loaded now, in load order; the program itself is left out.
std::vector<std::string> loaded_libraries();

// The value of `aoti_torch_abi_version()` in the library at `path`, which must be open already.
std::optional<uint64_t> torch_abi_version(const std::string& path);

// Gives back the resident read-only pages of the library at `path`. Relocating and initialising it
// read tables and code that are not needed again; a page that is comes back from the file at its
// next use.
void release_pages(const std::string& path);

}  // namespace palabra
