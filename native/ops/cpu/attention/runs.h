#pragma once

#include <vector>

#include "operators.h"

namespace palabra::ops::cpu {

/// Consecutive tokens of one document.
struct Run {
  int64_t row;
  int64_t begin;
  int64_t count;
};

/// The documents of all rows whose documents each lie in one piece, and the other rows.
struct Runs {
  std::vector<Run> whole;
  std::vector<int64_t> apart;
};

/// The runs of equal ids in (B, T), int64, for q (B, H, T, D); all of a row where there are none.
Runs list_runs(const OptionalTensor& documents, const Tensor& q);

}  // namespace palabra::ops::cpu
