// Looking for a signal to stop in loops that are too short to look each time.
#pragma once

#include <atomic>
#include <cstdint>

namespace palabra {

// Looks at the flag once in so many steps.
class AbortCheck {
 public:
  explicit AbortCheck(const std::atomic<bool>& aborted) : aborted_(aborted) {}

  // Counts a step; true where the work is to stop, and from then on.
  bool stop() {
    if (++steps_ % kStepsBetweenLooks == 0 && aborted_) stopped_ = true;
    return stopped_;
  }

  // Whether a step was told to stop.
  bool stopped() const { return stopped_; }

 private:
  static constexpr uint32_t kStepsBetweenLooks = 4096;

  const std::atomic<bool>& aborted_;
  uint32_t steps_ = 0;
  bool stopped_ = false;
};

}  // namespace palabra
