#include "text/training/vocabulary_builder.h"

#include <array>
#include <set>

#include "node/error.h"
#include "text/unicode/unicode.h"

namespace palabra {

namespace {

// GPT-2 writes bytes as visible characters, and these come in the order of those: first the bytes
// that are visible in Latin-1 as they are, then the others.
bool is_visible(unsigned byte) {
  return (byte > 0x20 && byte < 0x7F) || (byte > 0xA0 && byte != 0xAD);
}

std::array<bool, 256> bytes_seen(const WordCounts& counts) {
  std::array<bool, 256> seen{};
  for (const WordCounts::Word& word : counts.words()) {
    for (const char byte : counts.text(word)) seen[static_cast<unsigned char>(byte)] = true;
  }
  return seen;
}

// Calls `take` with the bytes of each character and whether it is the last, while it returns true.
template <typename Take>
void each_character(std::string_view text, Take take) {
  for (size_t at = 0; at < text.size();) {
    const Character character = read_character(text, at);
    const size_t end = at + character.bytes;
    if (!take(text.substr(at, character.bytes), end == text.size())) return;
    at = end;
  }
}

}  // namespace

VocabularyBuilder::VocabularyBuilder(const BpeTraining& training) : training_(training) {
  for (const std::string& text : training.special) add(text, false);
}

void VocabularyBuilder::add(std::string text, bool ends) {
  std::string form = write_form(text, ends);
  if (!ids_.emplace(form, static_cast<uint32_t>(tokens_.size())).second) {
    throw_error("PAL_ARGUMENT", {"BpeTokenizer.train",
                                 "special tokens that differ from each other and from the symbols",
                                 "\"" + form + "\" twice"});
  }
  tokens_.push_back({std::move(text), ends});
}

std::string VocabularyBuilder::write_form(const std::string& text, bool ends) const {
  return ends ? text + training_.ending : text;
}

void VocabularyBuilder::add_symbols(const WordCounts& counts, AbortCheck& check) {
  if (training_.characters) {
    add_characters(counts, check);
  } else {
    add_bytes(counts);
  }
}

void VocabularyBuilder::add_bytes(const WordCounts& counts) {
  const std::array<bool, 256> seen = bytes_seen(counts);
  for (const bool visible : {true, false}) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (is_visible(byte) == visible && (training_.all_bytes || seen[byte]))
        add(std::string(1, static_cast<char>(byte)), false);
    }
  }
}

void VocabularyBuilder::add_characters(const WordCounts& counts, AbortCheck& check) {
  // UTF-8 sorts as its code points do.
  std::set<std::string_view> characters;
  for (const WordCounts::Word& word : counts.words()) {
    each_character(counts.text(word), [&](std::string_view bytes, bool) {
      characters.insert(bytes);
      return !check.stop();
    });
  }
  for (const std::string_view character : characters) add(std::string(character), false);
  if (training_.ending.empty()) return;
  for (const std::string_view character : characters) add(std::string(character), true);
}

void VocabularyBuilder::read_symbols(std::string_view piece, std::vector<uint32_t>& symbols,
                                     AbortCheck& check) const {
  const auto push = [&](std::string_view bytes, bool ends) {
    symbols.push_back(ids_.at(write_form(std::string(bytes), ends)));
  };
  if (!training_.characters) {
    for (size_t at = 0; at < piece.size() && !check.stop(); ++at) push(piece.substr(at, 1), false);
    return;
  }
  each_character(piece, [&](std::string_view bytes, bool last) {
    push(bytes, last && !training_.ending.empty());
    return !check.stop();
  });
}

std::optional<uint32_t> VocabularyBuilder::join(uint32_t left, uint32_t right) {
  std::string text = tokens_[left].text + tokens_[right].text;
  const bool ends = tokens_[right].ends;
  const auto found = ids_.find(write_form(text, ends));
  if (found == ids_.end()) {
    add(std::move(text), ends);
    return static_cast<uint32_t>(tokens_.size() - 1);
  }
  const bool special = found->second < training_.special.size();
  if (special || tokens_[found->second].ends != ends) return std::nullopt;
  return found->second;
}

}  // namespace palabra
