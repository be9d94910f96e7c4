#include "dispatch/environment.h"

#include <ATen/CPUGeneratorImpl.h>

#include <random>

#include "dispatch/settings/process_settings.h"
#include "dispatch/torch_failure.h"
#include "fake/mode.h"
#include "programs/recording/tracer.h"
#include "programs/runtime.h"
#include "tensors/mapped_file.h"
#include "tensors/slot_values.h"

namespace palabra {

Environment::Environment(Napi::Env env)
    : NodeEnvironment(env, describe_torch_failure), runtime(std::make_unique<Runtime>(*this)) {
  generators.emplace(0, at::make_generator<at::CPUGeneratorImpl>(std::random_device{}()));
}

Environment::~Environment() {
  runtime->stop();
  tracer.reset();
  slots.clear();
  forget_settings(this);
}

Napi::Value Environment::hand_out(at::Tensor tensor) {
  const SlotId id = slots.add(std::move(tensor));
  if (tracer) tracer->bind_result(id);
  report_external();
  return Napi::Value(env, js::make_slot(env, id));
}

void Environment::report_external() {
  if (const int64_t change = slots.take_external_change()) {
    int64_t total;
    napi_adjust_external_memory(env, change, &total);
  }
}

}  // namespace palabra
