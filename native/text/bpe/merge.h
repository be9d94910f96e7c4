// Merging the symbols of one piece.
#pragma once

#include <cstdint>
#include <vector>

#include "text/abort_check.h"
#include "text/bpe/merge_table.h"

namespace palabra {

// Merges neighbouring symbols in place, the pair of lowest rank first and the leftmost of equals,
// until no pair merges or `check` says to stop. Time grows as n log n with the number of symbols.
void merge_symbols(const MergeTable& merges, std::vector<uint32_t>& symbols, AbortCheck& check);

}  // namespace palabra
