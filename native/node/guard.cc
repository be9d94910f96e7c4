#include "node/guard.h"

#include "node/error.h"
#include "node/make_values.h"
#include "node/read_values.h"

namespace palabra {

namespace {

napi_value initialize(NodeEnvironment& environment, const Napi::CallbackInfo& info) {
  environment.make_error =
      Napi::Persistent(js::read_function(environment.env, info[0], "initialize, makeError"));
  return js::make_undefined(environment.env);
}

void define_export(Napi::Object exports, NodeEnvironment& environment, const Export& entry) {
  napi_value function;
  if (napi_create_function(environment.env, entry.name, NAPI_AUTO_LENGTH, entry.callback,
                           &environment, &function) != napi_ok) {
    throw Napi::Error::New(environment.env);
  }
  exports.Set(entry.name, Napi::Value(environment.env, function));
}

}  // namespace

Inside::Inside(NodeEnvironment& environment) : environment_(environment) {
  if (environment.inside) {
    throw_error("PAL_ARGUMENT", {"palabra", "arguments that are plain values",
                                 "one whose getter calls palabra again"});
  }
  environment.inside = true;
}

void define_exports(Napi::Object exports, NodeEnvironment& environment,
                    const std::vector<Export>& entries) {
  define_export(exports, environment, make_export<initialize>("initialize"));
  for (const Export& entry : entries) define_export(exports, environment, entry);
}

}  // namespace palabra
