// Registers the operators when the library is opened. A second copy of the library in one process
// would abort it, so the dispatcher is asked first and an equal operator set is shared.

#include <ATen/core/dispatch/Dispatcher.h>

#include <cstring>
#include <string>
#include <vector>

#include "registry.h"

namespace palabra::ops {
namespace {

using c10::DispatchKey;
using torch::Library;

/// Registrations live as long as the process: at exit, threads may still be inside an operator.
Library& keep(Library::Kind kind, std::optional<DispatchKey> key) {
  static auto* libraries = new std::vector<std::unique_ptr<Library>>();
  libraries->push_back(std::make_unique<Library>(kind, kNamespace, key, __FILE__, __LINE__));
  return *libraries->back();
}

bool is_registered() {
  return c10::Dispatcher::singleton().findSchema({"palabra::rms_norm", ""}).has_value();
}

void register_all() {
  define_schemas(keep(Library::FRAGMENT, std::nullopt));
  register_every_device(keep(Library::IMPL, DispatchKey::CompositeExplicitAutograd));
  register_random(keep(Library::IMPL, DispatchKey::CompositeExplicitAutograd));
  register_paths(keep(Library::IMPL, DispatchKey::CompositeExplicitAutograd));
  register_cpu(keep(Library::IMPL, DispatchKey::CPU));
  register_meta(keep(Library::IMPL, DispatchKey::Meta));
  register_autograd(keep(Library::IMPL, DispatchKey::Autograd));
  register_autocast_cpu(keep(Library::IMPL, DispatchKey::AutocastCPU));
}

/// "registered", "shared" with a copy loaded before, or the reason for which neither was possible.
std::string load() noexcept {
  try {
    if (is_registered()) return "shared";
    register_all();
    return "registered";
  } catch (const std::exception& error) {
    return error.what();
  }
}

const std::string& state() {
  static const auto* state = new std::string(load());
  return *state;
}

[[maybe_unused]] const std::string& at_load = state();

}  // namespace
}  // namespace palabra::ops

/// How loading went: "registered", "shared" or a reason for the failure. The caller does not own
/// it.
extern "C" __attribute__((visibility("default"))) const char* palabra_ops_state() {
  return palabra::ops::state().c_str();
}
