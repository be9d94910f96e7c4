#include "environment.h"

#include <ATen/CPUGeneratorImpl.h>

#include <random>

#include "js.h"
#include "mapped_file.h"
#include "recording.h"
#include "runtime.h"

namespace palabra {

Environment::Environment(Napi::Env env) : env(env), runtime(std::make_unique<Runtime>(*this)) {
  generators.emplace(0, at::make_generator<at::CPUGeneratorImpl>(std::random_device{}()));
}

Environment::~Environment() {
  runtime->stop();
  recording.reset();
  slots.clear();
}

Napi::Value Environment::hand_out(at::Tensor tensor) {
  const SlotId id = slots.add(std::move(tensor));
  if (recording) recording->bind_result(id);
  report_external();
  return Napi::Value(env, js::slot_value(env, id));
}

void Environment::report_external() {
  if (const int64_t change = slots.take_external_change()) {
    int64_t total;
    napi_adjust_external_memory(env, change, &total);
  }
}

}  // namespace palabra
