// The tokens of a vocabulary that grows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "text/abort_check.h"
#include "text/training/bpe_trainer.h"

namespace palabra {

// Keeps every token once, under its written form: the text and, where it ends a piece, the ending.
class VocabularyBuilder {
 public:
  explicit VocabularyBuilder(const BpeTraining& training);

  // The symbols of all pieces, in the order of their codes; then those that end a piece.
  void add_symbols(const WordCounts& counts, AbortCheck& check);

  // The ids of the symbols of a piece, until `check` says to stop.
  void read_symbols(std::string_view piece, std::vector<uint32_t>& symbols,
                    AbortCheck& check) const;

  // The token made of two, new or there already. Nothing where its written form would be that of a
  // special token, or of a token with the same letters that ends elsewhere.
  std::optional<uint32_t> join(uint32_t left, uint32_t right);

  size_t size() const { return tokens_.size(); }
  std::vector<BpeVocabulary::Token> take() { return std::move(tokens_); }

 private:
  void add(std::string text, bool ends);
  void add_bytes(const WordCounts& counts);
  void add_characters(const WordCounts& counts, AbortCheck& check);
  std::string write_form(const std::string& text, bool ends) const;

  const BpeTraining& training_;
  std::vector<BpeVocabulary::Token> tokens_;
  std::unordered_map<std::string, uint32_t> ids_;
};

}  // namespace palabra
