#pragma once

#include <napi.h>

#include "environment.h"

namespace palabra {

// Turns the exception in flight into a pending JavaScript exception.
void throw_to_javascript(Environment& environment) noexcept;

// An entry of the addon: reads its arguments from `info` and returns a value; it may throw
// anything.
using Entry = napi_value (*)(Environment&, const Napi::CallbackInfo&);

// What JavaScript finds in the exports.
struct Export {
  const char* name;
  napi_callback callback;
};

// The time an environment spends in an entry. A getter on an argument may call back into
// JavaScript, and that may call the addon: such a nested entry is refused, as the outer one is
// halfway through.
class Inside {
 public:
  explicit Inside(Environment& environment);
  ~Inside() { environment_.inside = false; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  Environment& environment_;
};

// Runs an entry; no C++ exception leaves it.
template <Entry entry>
napi_value guarded(napi_env env, napi_callback_info raw) {
  Napi::CallbackInfo info(env, raw);
  Environment& environment = Environment::of(info);
  try {
    const Inside inside(environment);
    return entry(environment, info);
  } catch (...) {
    throw_to_javascript(environment);
    return nullptr;
  }
}

// `entry` as the export called `name`.
template <Entry entry>
Export exported(const char* name) {
  return {name, guarded<entry>};
}

}  // namespace palabra
