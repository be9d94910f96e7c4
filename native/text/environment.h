// What one Node environment holds of the text part: the maker of its errors and its work off the
// JavaScript thread.
#pragma once

#include <napi.h>

#include <string>

#include "jobs.h"

namespace palabra::text {

// What JavaScript is told of an error.
struct Failure {
  std::string code;
  std::string message;
};

// Classifies an exception; never throws.
Failure describe_failure(const std::exception_ptr& exception, const std::string& where) noexcept;

struct Environment {
  explicit Environment(napi_env environment) : env(environment), jobs(*this) {}

  // The error of JavaScript for a failure.
  napi_value error_value(const Failure& failure);

  Napi::Env env;
  Napi::FunctionReference make_error;
  Jobs jobs;
};

// Turns the exception in flight into a pending JavaScript exception.
void throw_to_javascript(Environment& environment, const char* where) noexcept;

using Entry = napi_value (*)(Environment&, const Napi::CallbackInfo&);

// Runs an entry; no C++ exception leaves it.
template <Entry entry>
napi_value guarded(napi_env env, napi_callback_info raw) {
  const Napi::CallbackInfo info(env, raw);
  Environment& environment = *static_cast<Environment*>(info.Data());
  try {
    return entry(environment, info);
  } catch (...) {
    throw_to_javascript(environment, "palabra");
    return nullptr;
  }
}

}  // namespace palabra::text
