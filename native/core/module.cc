#include <napi.h>

#include "entries.h"
#include "js.h"
#include "memory_counter.h"

namespace palabra {

namespace {

// Takes the function that makes JavaScript's error classes.
napi_value initialize(Environment& environment, const Napi::CallbackInfo& info) {
  environment.make_error =
      Napi::Persistent(js::function(environment.env, info[0], "initialize, makeError"));
  return js::undefined(environment.env);
}

void define(Napi::Env env, Napi::Object exports, Environment* environment,
            const std::vector<Export>& entries) {
  for (const Export& entry : entries) {
    napi_value function;
    const napi_status status = napi_create_function(env, entry.name, NAPI_AUTO_LENGTH,
                                                    entry.callback, environment, &function);
    if (status != napi_ok) throw Napi::Error::New(env);
    exports.Set(entry.name, Napi::Value(env, function));
  }
}

Napi::Object start(Napi::Env env, Napi::Object exports) {
  count_allocations();
  auto* environment = new Environment(env);
  napi_add_env_cleanup_hook(
      env, [](void* data) { delete static_cast<Environment*>(data); }, environment);
  define(env, exports, environment, {exported<initialize>("initialize")});
  for (const auto& entries :
       {operator_entries(), tensor_entries(), lifetime_entries(), sharing_entries(), map_entries(),
        autograd_entries(), random_entries(), runtime_entries(), program_entries()}) {
    define(env, exports, environment, entries);
  }
  return exports;
}

}  // namespace

}  // namespace palabra

static Napi::Object palabra_start(Napi::Env env, Napi::Object exports) {
  return palabra::start(env, exports);
}

NODE_API_MODULE(palabra_core, palabra_start)
