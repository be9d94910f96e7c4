#include "text/unicode/unicode.h"

#include <memory>

#include "text/unicode/unicode_ranges.generated.h"

namespace palabra::unicode {

namespace {

using Table = std::array<Category, kCodePoints>;

template <size_t count>
void mark(Table& table, const CodePointRange (&ranges)[count], Category category) {
  for (const CodePointRange& range : ranges) {
    for (uint32_t code = range.first; code <= range.last; ++code) table[code] = category;
  }
}

const Table* make_table() {
  auto table = std::make_unique<Table>();
  mark(*table, kLetters, Category::kLetter);
  mark(*table, kNumbers, Category::kNumber);
  mark(*table, kSpaces, Category::kSpace);
  return table.release();
}

}  // namespace

Category classify(uint32_t code) {
  // Never freed: a worker may still read it while the process ends.
  static const Table* const table = make_table();
  return (*table)[code];
}

Character read_long_character(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  const uint32_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
  if (length == 1 || at + length > text.size()) return {lead, 1};
  uint32_t code = lead & (0x7Fu >> length);
  for (uint32_t i = 1; i < length; ++i) code = (code << 6) | (byte(i) & 0x3Fu);
  return code < kCodePoints ? Character{code, length} : Character{lead, 1};
}

}  // namespace palabra::unicode
