#pragma once

#include <ATen/core/Generator.h>
#include <c10/core/InferenceMode.h>
#include <napi.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "dispatch/operators.h"
#include "node/environment.h"
#include "tensors/busy.h"
#include "tensors/slots.h"

namespace palabra {

class FakeMode;
class MappedFile;
class Tracer;
class Runtime;

// What the tensors and operators of one Node environment need; its JavaScript thread owns it.
struct Environment : NodeEnvironment {
  explicit Environment(Napi::Env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // Puts a tensor into a slot and gives its id to JavaScript.
  Napi::Value hand_out(at::Tensor tensor);
  // Tells V8 of the escaped bytes that changed.
  void report_external();

  SlotTable slots;
  // The tensors of runs that wait or are under way.
  BusyTensors busy;
  OperatorTable operators;
  torch::jit::Stack stack;
  std::vector<std::unique_ptr<c10::InferenceMode>> inference;
  // Passes without values under way, one within another.
  std::vector<std::unique_ptr<FakeMode>> fake;
  std::unordered_map<uint32_t, at::Generator> generators;
  uint32_t generator = 0;
  uint32_t next_generator = 1;
  std::unordered_map<uint32_t, std::shared_ptr<MappedFile>> maps;
  uint32_t next_map = 1;
  // The recording under way, or null.
  std::unique_ptr<Tracer> tracer;
  std::unique_ptr<Runtime> runtime;
};

}  // namespace palabra
