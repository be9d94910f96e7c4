#pragma once

#include <napi.h>

#include <vector>

#include "node/environment.h"

namespace palabra {

// The time an environment spends in an entry. A getter on an argument may call back into
// JavaScript, and that may call the addon: such a nested entry is refused, as the outer one is
// halfway through.
class Inside {
 public:
  explicit Inside(NodeEnvironment& environment);
  ~Inside() { environment_.inside = false; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  NodeEnvironment& environment_;
};

// An entry of the addon reads its arguments and returns a value; it may throw anything. No C++
// exception leaves `call`.
template <auto entry>
struct Guarded;

template <typename Part, napi_value (*entry)(Part&, const Napi::CallbackInfo&)>
struct Guarded<entry> {
  static napi_value call(napi_env env, napi_callback_info raw) {
    const Napi::CallbackInfo info(env, raw);
    NodeEnvironment& environment = *static_cast<NodeEnvironment*>(info.Data());
    try {
      const Inside inside(environment);
      return entry(static_cast<Part&>(environment), info);
    } catch (...) {
      throw_to_javascript(environment);
      return nullptr;
    }
  }
};

// What JavaScript finds in the exports.
struct Export {
  const char* name;
  napi_callback callback;
};

// `entry` as the export called `name`.
template <auto entry>
Export make_export(const char* name) {
  return {name, Guarded<entry>::call};
}

// Puts the entries, and `initialize`, which takes the maker of errors, into an object.
void define_exports(Napi::Object exports, NodeEnvironment& environment,
                    const std::vector<Export>& entries);

}  // namespace palabra
