// Characters of UTF-8 text and the classes that pre-tokenisation tells apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace palabra {

enum class Category : uint8_t { kOther, kLetter, kNumber, kSpace };

struct Character {
  uint32_t code;
  uint32_t bytes;
};

namespace unicode {

constexpr uint32_t kCodePoints = 0x110000;

// The categories of ASCII.
inline constexpr std::array<Category, 0x80> kAscii = [] {
  std::array<Category, 0x80> table{};
  for (unsigned char byte = '\t'; byte <= '\r'; ++byte) table[byte] = Category::kSpace;
  table[' '] = Category::kSpace;
  for (unsigned char byte = '0'; byte <= '9'; ++byte) table[byte] = Category::kNumber;
  for (unsigned char byte = 'a'; byte <= 'z'; ++byte) table[byte] = Category::kLetter;
  for (unsigned char byte = 'A'; byte <= 'Z'; ++byte) table[byte] = Category::kLetter;
  return table;
}();

// The category of any code point.
Category classify(uint32_t code);

// A character of two or more bytes; a byte that starts none stands for itself.
Character read_long_character(std::string_view text, size_t at);

}  // namespace unicode

// The character at `at`, which is less than the size of the text.
inline Character read_character(std::string_view text, size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte < 0x80 ? Character{byte, 1} : unicode::read_long_character(text, at);
}

}  // namespace palabra
