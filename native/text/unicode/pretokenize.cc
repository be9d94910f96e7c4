#include "text/unicode/pretokenize.h"

#include <algorithm>

#include "text/unicode/unicode.h"

namespace palabra {

namespace {

// What stands at a place of the text.
struct Seen {
  Category category;
  uint32_t bytes;
};

Seen look(std::string_view text, size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {unicode::kAscii[byte], 1};
  const Character character = unicode::read_long_character(text, at);
  return {unicode::classify(character.code), character.bytes};
}

// The end of the characters of one category from `at` on.
size_t run_end(std::string_view text, size_t at, Category category) {
  while (at < text.size()) {
    const Seen seen = look(text, at);
    if (seen.category != category) break;
    at += seen.bytes;
  }
  return at;
}

char at_or_zero(std::string_view text, size_t at) { return at < text.size() ? text[at] : '\0'; }

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

// The long s folds to s: regular expressions that ignore case see 's in it.
constexpr std::string_view kLongS = "ſ";

// The length of 's, 't, 're, 've, 'm, 'll or 'd at `at`, or 0.
size_t contraction(std::string_view text, size_t at, bool any_case) {
  if (text[at] != '\'') return 0;
  const auto letter = [&](size_t i) {
    const char found = at_or_zero(text, at + i);
    return any_case ? lower(found) : found;
  };
  const char first = letter(1);
  const char second = letter(2);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
  if ((first == 'r' || first == 'v') && second == 'e') return 3;
  if (first == 'l' && second == 'l') return 3;
  return any_case && text.substr(at + 1, kLongS.size()) == kLongS ? 1 + kLongS.size() : 0;
}

size_t last_character(std::string_view text, size_t end) {
  do --end;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
  return end;
}

// \s+(?!\S)|\s+: white space but for the last character when a word follows.
size_t spaces_end(std::string_view text, size_t start, size_t end) {
  if (end == text.size()) return end;
  const size_t last = last_character(text, end);
  return last > start ? last : end;
}

bool is_line_break(char byte) { return byte == '\r' || byte == '\n'; }

size_t line_breaks_end(std::string_view text, size_t at) {
  while (is_line_break(at_or_zero(text, at))) ++at;
  return at;
}

// Whether a space stands at `at` and something of the category behind it.
bool space_before(std::string_view text, size_t at, Category category) {
  return text[at] == ' ' && at + 1 < text.size() && look(text, at + 1).category == category;
}

size_t numbers_end(std::string_view text, size_t at, int most) {
  for (int i = 0; i < most && at < text.size(); ++i) {
    const Seen seen = look(text, at);
    if (seen.category != Category::kNumber) break;
    at += seen.bytes;
  }
  return at;
}

// \s*[\r\n]+|\s+(?!\S)|\s+
size_t lines_end(std::string_view text, size_t start) {
  const size_t end = run_end(text, start, Category::kSpace);
  for (size_t at = end; at > start; --at) {
    if (is_line_break(text[at - 1])) return at;
  }
  return spaces_end(text, start, end);
}

// [^\r\n\p{L}\p{N}]?\p{L}+: where its letters start, or the start where it doesn't match.
size_t word_start(std::string_view text, size_t start, Seen first) {
  const bool other = first.category == Category::kOther || first.category == Category::kSpace;
  if (!other || is_line_break(text[start])) return start;
  const size_t next = start + first.bytes;
  return next < text.size() && look(text, next).category == Category::kLetter ? next : start;
}

size_t modern_end(std::string_view text, size_t start, int digits) {
  if (const size_t length = contraction(text, start, true)) return start + length;
  const Seen first = look(text, start);
  if (first.category == Category::kLetter) return run_end(text, start, Category::kLetter);
  if (first.category == Category::kNumber) return numbers_end(text, start, digits);
  if (const size_t word = word_start(text, start, first); word > start)
    return run_end(text, word, Category::kLetter);
  if (first.category == Category::kOther || space_before(text, start, Category::kOther))
    return line_breaks_end(text, run_end(text, start + first.bytes, Category::kOther));
  return lines_end(text, start);
}

}  // namespace

std::optional<Pattern> parse_pattern(const std::string& name) {
  if (name == "none") return Pattern::kWhole;
  if (name == "metaspace") return Pattern::kMetaspace;
  if (name == "gpt-2") return Pattern::kGpt2;
  if (name == "llama-3") return Pattern::kLlama3;
  if (name == "qwen-2") return Pattern::kQwen2;
  if (name == "gpt-2-digits") return Pattern::kGpt2Digits;
  return std::nullopt;
}

template <>
size_t find_piece_end<Pattern::kWhole>(std::string_view text, size_t) {
  return text.size();
}

template <>
size_t find_piece_end<Pattern::kMetaspace>(std::string_view text, size_t start) {
  return std::min(text.find("▁", start + 1), text.size());
}

template <>
size_t find_piece_end<Pattern::kGpt2>(std::string_view text, size_t start) {
  if (const size_t length = contraction(text, start, false)) return start + length;
  const Seen first = look(text, start);
  if (first.category != Category::kSpace) return run_end(text, start + first.bytes, first.category);
  if (text[start] == ' ' && start + 1 < text.size()) {
    const Seen next = look(text, start + 1);
    if (next.category != Category::kSpace)
      return run_end(text, start + 1 + next.bytes, next.category);
  }
  return spaces_end(text, start, run_end(text, start, Category::kSpace));
}

template <>
size_t find_piece_end<Pattern::kLlama3>(std::string_view text, size_t start) {
  return modern_end(text, start, 3);
}

template <>
size_t find_piece_end<Pattern::kQwen2>(std::string_view text, size_t start) {
  return modern_end(text, start, 1);
}

template <>
size_t find_piece_end<Pattern::kGpt2Digits>(std::string_view text, size_t start) {
  const Seen first = look(text, start);
  if (first.category == Category::kNumber) return start + first.bytes;
  if (first.category == Category::kSpace) {
    const size_t end = run_end(text, start, Category::kSpace);
    if (end < text.size() && look(text, end).category == Category::kNumber) return end;
  }
  return find_piece_end<Pattern::kGpt2>(text, start);
}

}  // namespace palabra
