// Settings of libtorch that hold for the whole process, while each thread of Node asks for its own:
// the strongest wish counts, and one that ends takes nothing from the others.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace palabra {

class ProcessSetting {
 public:
  // `apply` puts a strength into effect; `none` is the strength where nobody asks.
  ProcessSetting(int64_t none, std::function<void(int64_t)> apply)
      : none_(none), apply_(std::move(apply)) {}

  void ask(const void* environment, int64_t strength);
  void forget(const void* environment);
  // What one environment asks for.
  int64_t asked_by(const void* environment) const;

 private:
  void apply_strongest();

  const int64_t none_;
  const std::function<void(int64_t)> apply_;
  mutable std::mutex mutex_;
  std::map<const void*, int64_t> asked_;
};

// 1 for operators with the same bits each time.
ProcessSetting& determinism();
// 1 tells where a backward step comes from, 2 looks for NaN as well.
ProcessSetting& anomaly_mode();
// The bytes that tensors may hold, negated: the least counts.
ProcessSetting& memory_limit();

// Withdraws all that an environment asked for.
void forget_settings(const void* environment);

}  // namespace palabra
