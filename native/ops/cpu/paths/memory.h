#pragma once

// What was measured on this processor, in the cache folder: a file a kind, so that processes that
// write at the same time disturb nothing.

#include <optional>
#include <string>

namespace palabra::ops::cpu {

/// A path that was found the fastest, and the times that say so.
struct Measured {
  std::string path;
  std::string reason;
};

/// What was measured for `kind` by this libtorch on this processor; empty where there is nothing to
/// read.
std::optional<Measured> recall(const std::string& kind);

/// Writes it down; where the cache folder can't be written, the next process measures again.
void remember(const std::string& kind, const Measured& measured);

}  // namespace palabra::ops::cpu
