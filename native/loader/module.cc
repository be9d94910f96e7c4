// The Node-API surface of palabra.node; lib/native/loader.ts types it.
#include <gnu/libc-version.h>
#include <napi.h>

#include "cpu.h"
#include "data/module.h"
#include "dynamic_libraries.h"
#include "text/module.h"

namespace palabra {

namespace {

std::string path_argument(const Napi::CallbackInfo& info) {
  if (info.Length() != 1 || !info[0].IsString()) {
    throw Napi::TypeError::New(info.Env(), "expected one argument, the path of a library");
  }
  return info[0].As<Napi::String>();
}

Napi::Value strings(Napi::Env env, const std::vector<std::string>& values) {
  auto array = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); ++i) array[i] = Napi::String::New(env, values[i]);
  return array;
}

void open(const Napi::CallbackInfo& info) {
  auto reason = open_global(path_argument(info));
  if (!reason.empty()) throw Napi::Error::New(info.Env(), reason);
}

Napi::Value loaded(const Napi::CallbackInfo& info) {
  return strings(info.Env(), loaded_libraries());
}

void forget_pages(const Napi::CallbackInfo& info) { release_pages(path_argument(info)); }

Napi::Value torch_version(const Napi::CallbackInfo& info) {
  auto version = torch_abi_version(path_argument(info));
  if (!version) return info.Env().Undefined();
  // Highest bytes: major, minor, patch.
  auto part = [&](int byte) { return std::to_string((*version >> (8 * byte)) & 0xFFU); };
  return Napi::String::New(info.Env(), part(7) + "." + part(6) + "." + part(5));
}

Napi::Value instruction_sets(const Napi::CallbackInfo& info) {
  auto names = usable_instruction_sets();
  return names ? strings(info.Env(), *names) : info.Env().Undefined();
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports["builtFor"] = PALABRA_TORCH;
  exports["libc"] = gnu_get_libc_version();
  exports["open"] = Napi::Function::New(env, open, "open");
  exports["loaded"] = Napi::Function::New(env, loaded, "loaded");
  exports["releasePages"] = Napi::Function::New(env, forget_pages, "releasePages");
  exports["torchVersion"] = Napi::Function::New(env, torch_version, "torchVersion");
  exports["instructionSets"] = Napi::Function::New(env, instruction_sets, "instructionSets");
  exports["text"] = text::make_text_exports(env);
  exports["data"] = data::make_data_exports(env);
  return exports;
}

}  // namespace

}  // namespace palabra

static Napi::Object palabra_initialize(Napi::Env env, Napi::Object exports) {
  return palabra::initialize(env, exports);
}

NODE_API_MODULE(palabra, palabra_initialize)
