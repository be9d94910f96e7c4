#pragma once

// How much kernels take on at a time, which decides what they hold beside their results.

#include <algorithm>
#include <cstdint>

namespace palabra::ops {

/// Terms of a float32 product that are summed at a time.
inline constexpr int64_t kTermsPerSum = int64_t{1} << 13;

/// Rows of a quantized weight that are unpacked at a time.
inline int64_t count_rows_unpacked(int64_t width) {
  constexpr int64_t kNumbers = int64_t{1} << 20;
  return std::max<int64_t>(1, kNumbers / std::max<int64_t>(1, width));
}

/// Tokens whose logits are formed at a time.
inline int64_t count_tokens_per_run(int64_t classes, int64_t element_size) {
  constexpr int64_t kLogitBytes = int64_t{32} << 20;
  const int64_t row = std::max<int64_t>(1, classes * element_size);
  return std::clamp<int64_t>(kLogitBytes / row, 16, 1024);
}

}  // namespace palabra::ops
