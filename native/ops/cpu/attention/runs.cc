#include "cpu/attention/runs.h"

#include <unordered_set>

namespace palabra::ops::cpu {
namespace {

/// Adds the runs of a row; false, and none, where an id comes back.
bool add_runs(const int64_t* ids, int64_t row, int64_t length, std::vector<Run>& runs) {
  std::unordered_set<int64_t> seen;
  const size_t first = runs.size();
  for (int64_t begin = 0; begin < length;) {
    int64_t end = begin + 1;
    while (end < length && ids[end] == ids[begin]) ++end;
    if (!seen.insert(ids[begin]).second) {
      runs.resize(first);
      return false;
    }
    runs.push_back({row, begin, end - begin});
    begin = end;
  }
  return true;
}

}  // namespace

Runs list_runs(const OptionalTensor& documents, const Tensor& q) {
  const int64_t rows = q.size(0), length = q.size(2);
  Runs runs;
  if (!documents) {
    for (int64_t row = 0; row < rows; ++row) runs.whole.push_back({row, 0, length});
    return runs;
  }
  const Tensor ids = documents->contiguous();
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t* first = ids.const_data_ptr<int64_t>() + row * length;
    if (!add_runs(first, row, length, runs.whole)) runs.apart.push_back(row);
  }
  return runs;
}

}  // namespace palabra::ops::cpu
