#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <torch/version.h>

#include "entries.h"
#include "error.h"
#include "js.h"
#include "runtime.h"

namespace palabra {

namespace {

napi_value threads(Environment& environment, const Napi::CallbackInfo&) {
  return js::integer_value(environment.env, at::get_num_threads());
}

napi_value set_threads(Environment& environment, const Napi::CallbackInfo& info) {
  const int64_t count = js::integer(environment.env, info[0], "setThreads, count");
  if (count < 1 || count > 1024) {
    fail("PAL_ARGUMENT", {"setThreads", "between 1 and 1024 threads", std::to_string(count)});
  }
  environment.runtime->set_threads(static_cast<int>(count));
  return js::undefined(environment.env);
}

napi_value deterministic(Environment& environment, const Napi::CallbackInfo&) {
  const bool on = at::globalContext().deterministicAlgorithms();
  return Napi::Boolean::New(environment.env, on);
}

napi_value set_deterministic(Environment& environment, const Napi::CallbackInfo& info) {
  const bool on = js::boolean(environment.env, info[0], "setDeterministic, on");
  at::globalContext().setDeterministicAlgorithms(on, /*warn_only=*/false);
  return js::undefined(environment.env);
}

napi_value runtime(Environment& environment, const Napi::CallbackInfo&) {
  Napi::Object object = Napi::Object::New(environment.env);
  object["libtorch"] = TORCH_VERSION;
  object["cpuCapability"] = at::get_cpu_capability();
  object["parallel"] = at::get_parallel_info();
  object["config"] = at::show_config();
  return object;
}

napi_value load_library(Environment& environment, const Napi::CallbackInfo& info) {
  const std::string path = js::string(environment.env, info[0], "loadLibrary, path");
  if (path.empty() || path[0] != '/') {
    fail("PAL_NATIVE_LOAD",
         {"loadLibrary", "the full path of a shared library", "\"" + path + "\""});
  }
  if (!dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
    fail("PAL_NATIVE_LOAD", {"loadLibrary", "a library that opens", dlerror()});
  }
  return js::undefined(environment.env);
}

// "cpu" or "cuda"; other words are refused.
bool is_cuda(Environment& environment, napi_value value, const char* where) {
  const std::string type = js::string(environment.env, value, where);
  if (type != "cpu" && type != "cuda")
    fail("PAL_DEVICE", {where, "cpu or cuda", "\"" + type + "\""});
  return type == "cuda";
}

int64_t cuda_devices() { return at::detail::getCUDAHooks().deviceCount(); }

napi_value device_count(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "deviceCount";
  const bool cuda = is_cuda(environment, info[0], "deviceCount");
  return js::integer_value(environment.env, cuda ? cuda_devices() : 1);
}

napi_value synchronize(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "synchronize";
  if (is_cuda(environment, info[0], "synchronize")) {
    for (int64_t i = 0; i < cuda_devices(); ++i) at::detail::getCUDAHooks().deviceSynchronize(i);
  }
  return js::undefined(environment.env);
}

}  // namespace

std::vector<Export> runtime_entries() {
  return {exported<threads>("threads"),
          exported<set_threads>("setThreads"),
          exported<deterministic>("deterministic"),
          exported<set_deterministic>("setDeterministic"),
          exported<runtime>("runtime"),
          exported<load_library>("loadLibrary"),
          exported<device_count>("deviceCount"),
          exported<synchronize>("synchronize")};
}

}  // namespace palabra
