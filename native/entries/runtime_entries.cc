#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <torch/version.h>

#include "dispatch/settings/process_settings.h"
#include "entries/entries.h"
#include "fake/mode.h"
#include "node/error.h"
#include "node/make_values.h"
#include "node/read_values.h"
#include "programs/runtime.h"
#include "programs/threads.h"

namespace palabra {

namespace {

napi_value threads(Environment& environment, const Napi::CallbackInfo&) {
  return js::make_integer(environment.env, at::get_num_threads());
}

int read_threads(Environment& environment, napi_value value, const std::string& where) {
  const int64_t count = js::read_integer(environment.env, value, where + ", count");
  if (count < 1 || count > 1024) {
    throw_error("PAL_ARGUMENT", {where, "between 1 and 1024 threads", std::to_string(count)});
  }
  return static_cast<int>(count);
}

napi_value set_threads(Environment& environment, const Napi::CallbackInfo& info) {
  environment.runtime->set_threads(read_threads(environment, info[0], "setThreads"));
  return js::make_undefined(environment.env);
}

napi_value limit_most_threads(Environment& environment, const Napi::CallbackInfo& info) {
  limit_threads(read_threads(environment, info[0], "limitThreads"));
  return js::make_undefined(environment.env);
}

napi_value deterministic(Environment& environment, const Napi::CallbackInfo&) {
  return Napi::Boolean::New(environment.env, determinism().asked_by(&environment) > 0);
}

napi_value set_deterministic(Environment& environment, const Napi::CallbackInfo& info) {
  const bool on = js::read_boolean(environment.env, info[0], "setDeterministic, on");
  environment.runtime->expect_idle("setDeterministic");
  determinism().ask(&environment, int{on});
  return js::make_undefined(environment.env);
}

napi_value runtime(Environment& environment, const Napi::CallbackInfo&) {
  Napi::Object object = Napi::Object::New(environment.env);
  object["libtorch"] = TORCH_VERSION;
  object["cpuCapability"] = at::get_cpu_capability();
  object["parallel"] = at::get_parallel_info();
  object["config"] = at::show_config();
  return object;
}

napi_value cpu_paths(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "cpuPaths";
  const OutsideFakeMode outside;
  const auto op = c10::Dispatcher::singleton().findSchemaOrThrow("palabra::cpu_paths", "");
  const std::string kind = js::read_string(environment.env, info[0], "cpuPaths, kind");
  return Napi::String::New(environment.env, op.typed<std::string(std::string_view)>().call(kind));
}

napi_value load_library(Environment& environment, const Napi::CallbackInfo& info) {
  const std::string path = js::read_string(environment.env, info[0], "loadLibrary, path");
  if (path.empty() || path[0] != '/') {
    throw_error("PAL_NATIVE_LOAD",
                {"loadLibrary", "the full path of a shared library", "\"" + path + "\""});
  }
  if (!dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
    throw_error("PAL_NATIVE_LOAD", {"loadLibrary", "a library that opens", dlerror()});
  }
  return js::make_undefined(environment.env);
}

// "cpu" or "cuda"; other words are refused.
bool is_cuda(Environment& environment, napi_value value, const char* where) {
  const std::string type = js::read_string(environment.env, value, where);
  if (type != "cpu" && type != "cuda")
    throw_error("PAL_DEVICE", {where, "cpu or cuda", "\"" + type + "\""});
  return type == "cuda";
}

int64_t cuda_devices() { return at::detail::getCUDAHooks().deviceCount(); }

napi_value device_count(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "deviceCount";
  const bool cuda = is_cuda(environment, info[0], "deviceCount");
  return js::make_integer(environment.env, cuda ? cuda_devices() : 1);
}

napi_value synchronize(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "synchronize";
  if (is_cuda(environment, info[0], "synchronize")) {
    for (int64_t i = 0; i < cuda_devices(); ++i) at::detail::getCUDAHooks().deviceSynchronize(i);
  }
  return js::make_undefined(environment.env);
}

}  // namespace

std::vector<Export> list_runtime_entries() {
  return {make_export<threads>("threads"),
          make_export<set_threads>("setThreads"),
          make_export<limit_most_threads>("limitThreads"),
          make_export<deterministic>("deterministic"),
          make_export<set_deterministic>("setDeterministic"),
          make_export<runtime>("runtime"),
          make_export<cpu_paths>("cpuPaths"),
          make_export<load_library>("loadLibrary"),
          make_export<device_count>("deviceCount"),
          make_export<synchronize>("synchronize")};
}

}  // namespace palabra
