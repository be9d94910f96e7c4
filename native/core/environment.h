#pragma once

#include <ATen/core/Generator.h>
#include <c10/core/InferenceMode.h>
#include <napi.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "operators.h"
#include "slots.h"

namespace palabra {

class MappedFile;
class Recording;
class Runtime;

// All that one Node environment (the main thread, or a worker) holds. Its JavaScript thread owns
// it.
struct Environment {
  explicit Environment(Napi::Env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // The entry's environment: the data of each exported function.
  static Environment& of(const Napi::CallbackInfo& info) {
    return *static_cast<Environment*>(info.Data());
  }

  // Puts a tensor into a slot and gives its id to JavaScript.
  Napi::Value hand_out(at::Tensor tensor);
  // Tells V8 of the escaped bytes that changed.
  void report_external();

  Napi::Env env;
  Napi::FunctionReference make_error;
  SlotTable slots;
  OperatorTable operators;
  torch::jit::Stack stack;
  std::vector<std::unique_ptr<c10::InferenceMode>> inference;
  std::unordered_map<uint32_t, at::Generator> generators;
  uint32_t generator = 0;
  uint32_t next_generator = 1;
  std::unordered_map<uint32_t, std::shared_ptr<MappedFile>> maps;
  uint32_t next_map = 1;
  // Whether an entry is at work.
  bool inside = false;
  // What runs now, for error messages.
  std::string entry = "palabra";
  // The recording under way, or null.
  std::unique_ptr<Recording> recording;
  std::unique_ptr<Runtime> runtime;
};

}  // namespace palabra
