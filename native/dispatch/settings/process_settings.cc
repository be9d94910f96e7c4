#include "dispatch/settings/process_settings.h"

#include <ATen/Context.h>
#include <torch/csrc/autograd/anomaly_mode.h>

#include <algorithm>

#include "tensors/memory_counter.h"

namespace palabra {

void ProcessSetting::ask(const void* environment, int64_t strength) {
  const std::lock_guard<std::mutex> lock(mutex_);
  asked_[environment] = strength;
  apply_strongest();
}

void ProcessSetting::forget(const void* environment) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (asked_.erase(environment) > 0) apply_strongest();
}

int64_t ProcessSetting::asked_by(const void* environment) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = asked_.find(environment);
  return found == asked_.end() ? none_ : found->second;
}

void ProcessSetting::apply_strongest() {
  int64_t strongest = none_;
  for (const auto& [_, strength] : asked_) strongest = std::max(strongest, strength);
  apply_(strongest);
}

ProcessSetting& determinism() {
  static ProcessSetting setting(0, [](int64_t strength) {
    at::globalContext().setDeterministicAlgorithms(strength > 0, /*warn_only=*/false);
  });
  return setting;
}

ProcessSetting& anomaly_mode() {
  static ProcessSetting setting(0, [](int64_t strength) {
    torch::autograd::AnomalyMode::set_enabled(strength > 0, strength > 1);
  });
  return setting;
}

ProcessSetting& memory_limit() {
  static ProcessSetting setting(-INT64_MAX, [](int64_t strength) { limit_allocations(-strength); });
  return setting;
}

void forget_settings(const void* environment) {
  for (ProcessSetting* setting : {&determinism(), &anomaly_mode(), &memory_limit()}) {
    setting->forget(environment);
  }
}

}  // namespace palabra
