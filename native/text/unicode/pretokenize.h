// Cuts text into the pieces inside which BPE merges.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace palabra {

// How a text is cut. The regular expressions are those that the models of these names were trained
// with.
enum class Pattern {
  // No cut: the whole text is one piece.
  kWhole,
  // A piece from each ▁ to the next.
  kMetaspace,
  // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  kGpt2,
  // (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
  // |\s*[\r\n]+|\s+(?!\S)|\s+
  kLlama3,
  // As kLlama3, with \p{N} instead of \p{N}{1,3}.
  kQwen2,
  // As kGpt2 between digits, each of which is a piece.
  kGpt2Digits,
};

// The pattern called `name` in JavaScript.
std::optional<Pattern> parse_pattern(const std::string& name);

// Where the piece that starts at `start`, which is less than the size of the text, ends.
template <Pattern pattern>
size_t find_piece_end(std::string_view text, size_t start);
template <>
size_t find_piece_end<Pattern::kWhole>(std::string_view text, size_t start);
template <>
size_t find_piece_end<Pattern::kMetaspace>(std::string_view text, size_t start);
template <>
size_t find_piece_end<Pattern::kGpt2>(std::string_view text, size_t start);
template <>
size_t find_piece_end<Pattern::kLlama3>(std::string_view text, size_t start);
template <>
size_t find_piece_end<Pattern::kQwen2>(std::string_view text, size_t start);
template <>
size_t find_piece_end<Pattern::kGpt2Digits>(std::string_view text, size_t start);

// Calls `take` with every piece of a text in order, until it returns false.
template <Pattern pattern, typename Take>
void visit_pieces(std::string_view text, Take& take) {
  for (size_t start = 0; start < text.size();) {
    const size_t end = find_piece_end<pattern>(text, start);
    if (!take(text.substr(start, end - start))) return;
    start = end;
  }
}

template <typename Take>
void visit_pieces(Pattern pattern, std::string_view text, Take take) {
  switch (pattern) {
    case Pattern::kWhole: return visit_pieces<Pattern::kWhole>(text, take);
    case Pattern::kMetaspace: return visit_pieces<Pattern::kMetaspace>(text, take);
    case Pattern::kGpt2: return visit_pieces<Pattern::kGpt2>(text, take);
    case Pattern::kLlama3: return visit_pieces<Pattern::kLlama3>(text, take);
    case Pattern::kQwen2: return visit_pieces<Pattern::kQwen2>(text, take);
    case Pattern::kGpt2Digits: return visit_pieces<Pattern::kGpt2Digits>(text, take);
  }
}

}  // namespace palabra
