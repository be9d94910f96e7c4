#include "cpu/paths/kind.h"

#include <ATen/autocast_mode.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

#include "cpu/paths/memory.h"

namespace palabra::ops::cpu {
namespace {

/// A trial sees no mode of the caller.
struct PlainModes {
  c10::InferenceMode inference{false};
  c10::impl::ExcludeDispatchKeyGuard autocast{c10::autocast_dispatch_keyset};
  c10::impl::ExcludeDispatchKeyGuard fake{c10::DispatchKey::Fake};
};

/// The first line of an exception's message.
std::string get_message(const std::exception& error) {
  const auto* torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text = torch ? torch->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

/// Why a path does not serve; empty where it does.
std::string find_failure(const Path& path) {
  if (!path.hindrance.empty()) return path.hindrance;
  try {
    path.trial();
    return "";
  } catch (const std::exception& error) {
    return get_message(error);
  }
}

std::string format_milliseconds(const std::string& name, double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), " %.3f ms", 1e3 * seconds);
  return name + text;
}

std::string join(const std::vector<std::string>& parts, const char* between) {
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : between) + part;
  return all;
}

}  // namespace

Kind::Kind(std::string name, std::vector<Path> paths)
    : name_(std::move(name)), paths_(std::move(paths)) {}

size_t Kind::get_choice() {
  const size_t known = chosen_.load(std::memory_order_acquire);
  if (known != kUnknown) return known;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (chosen_.load() == kUnknown) chosen_.store(choose(), std::memory_order_release);
  return chosen_.load();
}

size_t Kind::choose() {
  const PlainModes modes;
  const auto serving = find_usable();
  if (serving.size() == 1) {
    reasons_.insert(reasons_.begin(), "the only one that serves");
    return 0;
  }
  if (paths_.front().seconds) return find_fastest(serving);
  reasons_.insert(reasons_.begin(), "agrees with " + paths_.front().name);
  return serving.back();
}

std::vector<size_t> Kind::find_usable() {
  std::vector<size_t> serving{0};
  for (size_t i = 1; i < paths_.size(); ++i) {
    const std::string why = find_failure(paths_[i]);
    if (why.empty()) {
      serving.push_back(i);
    } else {
      reasons_.push_back("not " + paths_[i].name + ": " + why);
    }
  }
  return serving;
}

size_t Kind::find(const std::vector<size_t>& serving, const std::string& name) const {
  const auto found = std::find_if(serving.begin(), serving.end(),
                                  [&](size_t i) { return paths_[i].name == name; });
  return found == serving.end() ? kUnknown : *found;
}

std::vector<double> Kind::measure_in_turn(const std::vector<size_t>& serving) const {
  constexpr int kRounds = 6;
  constexpr std::chrono::milliseconds kEnough{400};
  std::vector<double> least(paths_.size(), std::numeric_limits<double>::infinity());
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < kRounds; ++round) {
    for (const size_t i : serving) least[i] = std::min(least[i], paths_[i].seconds());
    if (std::chrono::steady_clock::now() - start > kEnough) break;
  }
  return least;
}

size_t Kind::find_fastest(const std::vector<size_t>& serving) {
  if (const auto before = recall(name_)) {
    const size_t path = find(serving, before->path);
    if (path != kUnknown) {
      reasons_.insert(reasons_.begin(), before->reason + ", as measured before");
      return path;
    }
  }
  const auto seconds = measure_in_turn(serving);
  size_t best = 0;
  std::vector<std::string> times;
  for (const size_t i : serving) {
    times.push_back(format_milliseconds(paths_[i].name, seconds[i]));
    if (i != 0 && seconds[i] * paths_[i].margin < seconds[best]) best = i;
  }
  const std::string reason = join(times, ", ");
  remember(name_, {paths_[best].name, reason});
  reasons_.insert(reasons_.begin(), reason);
  return best;
}

void Kind::leave(const std::exception& why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const size_t left = chosen_.exchange(0);
  if (left != 0 && left != kUnknown)
    reasons_ = {"left " + paths_[left].name + ": " + get_message(why)};
}

std::string Kind::report() {
  const size_t path = get_choice();
  const std::lock_guard<std::mutex> lock(mutex_);
  return name_ + "\t" + paths_[path].name + "\t" + join(reasons_, "; ") + "\n";
}

}  // namespace palabra::ops::cpu
