#include "node/environment.h"

namespace palabra {

napi_value NodeEnvironment::make_error_value(const Failure& failure) {
  if (make_error.IsEmpty()) return Napi::Error::New(env, failure.message).Value();
  return make_error.Call(
      {Napi::String::New(env, failure.code), Napi::String::New(env, failure.message)});
}

void throw_to_javascript(NodeEnvironment& environment) noexcept {
  try {
    try {
      throw;
    } catch (const Napi::Error& error) {
      error.ThrowAsJavaScriptException();
    } catch (...) {
      const Failure failure = environment.describe(std::current_exception(), environment.entry);
      napi_throw(environment.env, environment.make_error_value(failure));
    }
  } catch (...) {
    // JavaScript is shutting down, or its error class threw; where that left an exception pending,
    // it stays.
    napi_throw_error(environment.env, "PAL_INTERNAL",
                     "[PAL_INTERNAL] palabra: the error could not be made");
  }
}

}  // namespace palabra
