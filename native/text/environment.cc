#include "environment.h"

#include <new>
#include <stdexcept>

#include "../core/error.h"

namespace palabra::text {

namespace {

Failure make(const char* code, const std::string& where, const std::string& said) {
  return {code, "[" + std::string(code) + "] " + where + ": " + said};
}

}  // namespace

Failure describe_failure(const std::exception_ptr& exception, const std::string& where) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return make("PAL_OUT_OF_MEMORY", where, "the process has no memory left for it");
  } catch (const std::length_error& error) {
    return make("PAL_OUT_OF_MEMORY", where,
                std::string("a size past every limit: ") + error.what());
  } catch (const std::exception& error) {
    return make("PAL_INTERNAL", where, error.what());
  } catch (...) {
    return make("PAL_INTERNAL", where, "an exception of an unknown type");
  }
}

napi_value Environment::error_value(const Failure& failure) {
  if (make_error.IsEmpty()) return Napi::Error::New(env, failure.message).Value();
  return make_error.Call(
      {Napi::String::New(env, failure.code), Napi::String::New(env, failure.message)});
}

void throw_to_javascript(Environment& environment, const char* where) noexcept {
  try {
    try {
      throw;
    } catch (const Napi::Error& error) {
      error.ThrowAsJavaScriptException();
    } catch (...) {
      napi_throw(environment.env,
                 environment.error_value(describe_failure(std::current_exception(), where)));
    }
  } catch (...) {
    // JavaScript is shutting down, or its error class threw; what is pending stays.
    napi_throw_error(environment.env, "PAL_INTERNAL",
                     "[PAL_INTERNAL] palabra: the error could not be made");
  }
}

}  // namespace palabra::text
