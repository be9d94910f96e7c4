#include "guard.h"

#include "error.h"
#include "failure.h"

namespace palabra {

namespace {

napi_value error_value(Environment& environment, const Failure& failure) {
  Napi::Env env = environment.env;
  if (environment.make_error.IsEmpty()) return Napi::Error::New(env, failure.message).Value();
  return environment.make_error.Call(
      {Napi::String::New(env, failure.code), Napi::String::New(env, failure.message)});
}

void throw_failure(Environment& environment, const Failure& failure) {
  napi_throw(environment.env, error_value(environment, failure));
}

}  // namespace

Inside::Inside(Environment& environment) : environment_(environment) {
  if (environment.inside) {
    fail("PAL_ARGUMENT",
         {"palabra", "arguments that are plain values", "one whose getter calls palabra again"});
  }
  environment.inside = true;
}

void throw_to_javascript(Environment& environment) noexcept {
  try {
    try {
      throw;
    } catch (const Napi::Error& error) {
      error.ThrowAsJavaScriptException();
    } catch (...) {
      throw_failure(environment, describe_failure(std::current_exception(), environment.entry));
    }
  } catch (...) {
    // JavaScript is shutting down, or its error class threw; where that left an exception pending,
    // it stays.
    napi_throw_error(environment.env, "PAL_INTERNAL",
                     "[PAL_INTERNAL] palabra: the error could not be made");
  }
}

}  // namespace palabra
