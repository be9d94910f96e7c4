#pragma once

#include <napi.h>

#include <string>

#include "node/failure.h"

namespace palabra {

// What every part of the addon holds for one Node environment, the main thread or a worker. Its
// JavaScript thread owns it.
struct NodeEnvironment {
  using DescribeFailure = Failure (*)(const std::exception_ptr&, const std::string&);

  explicit NodeEnvironment(Napi::Env env, DescribeFailure describe = describe_failure)
      : env(env), describe(describe) {}
  NodeEnvironment(const NodeEnvironment&) = delete;
  NodeEnvironment& operator=(const NodeEnvironment&) = delete;

  // The error of JavaScript for a failure.
  napi_value make_error_value(const Failure& failure);

  Napi::Env env;
  // Classifies the exceptions of this part.
  DescribeFailure describe;
  // The function that makes JavaScript's error classes.
  Napi::FunctionReference make_error;
  // Whether an entry is at work.
  bool inside = false;
  // What runs now, for error messages.
  std::string entry = "palabra";
};

// Turns the exception in flight into a pending JavaScript exception.
void throw_to_javascript(NodeEnvironment& environment) noexcept;

// The environment of a part of the addon, deleted when Node's environment ends.
template <typename Part>
Part* make_environment(Napi::Env env) {
  auto* environment = new Part(env);
  napi_add_env_cleanup_hook(env, [](void* data) { delete static_cast<Part*>(data); }, environment);
  return environment;
}

}  // namespace palabra
