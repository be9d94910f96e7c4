#pragma once

// Work that can be done along several paths. Which one is taken follows from what the processor can
// do, a trial of each path at first use, and its speed where two compete.

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace palabra::ops::cpu {

/// One way to do a kind of work.
struct Path {
  std::string name;
  /// What is lacking for it here; empty where nothing is.
  std::string hindrance;
  /// Throws where the path refuses or its results differ from those of the plain path.
  std::function<void()> trial;
  /// The time that a small piece of the work takes, in seconds; empty where paths don't compete.
  std::function<double()> seconds;
  /// How many times as fast as those before it the path must be: above 1 to replace what is exact
  /// or plain.
  double margin = 1.15;
};

/// A kind of work and its paths. The first path is the plain one: it needs nothing and is never
/// tried. Without times the last path that serves is taken.
class Kind {
 public:
  Kind(std::string name, std::vector<Path> paths);
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;

  /// The index of the path to take; the first call tries and measures them.
  size_t get_choice();
  /// Takes the plain path from now on.
  void leave(const std::exception& why);
  /// "kind<tab>path<tab>reason"
  std::string report();

  const std::string& name() const { return name_; }

 private:
  size_t choose();
  std::vector<size_t> find_usable();
  size_t find_fastest(const std::vector<size_t>& usable);
  /// The least time of each path. They take turns, so that what else the machine does for a while
  /// meets all of them.
  std::vector<double> measure_in_turn(const std::vector<size_t>& usable) const;
  size_t find(const std::vector<size_t>& usable, const std::string& name) const;

  static constexpr size_t kUnknown = static_cast<size_t>(-1);

  const std::string name_;
  const std::vector<Path> paths_;
  std::mutex mutex_;
  std::atomic<size_t> chosen_{kUnknown};
  /// Why the path is taken, and why others are not.
  std::vector<std::string> reasons_;
};

}  // namespace palabra::ops::cpu
