#include "text/bpe/bpe.h"

#include <cstdio>

#include "node/error.h"
#include "text/bpe/merge.h"
#include "text/unicode/unicode.h"

namespace palabra {

namespace {

uint32_t find_id(const Bpe::Characters& ids, uint32_t code) {
  const auto found = ids.find(code);
  return found == ids.end() ? Bpe::kNone : found->second;
}

[[noreturn]] void refuse(std::string_view character) {
  char name[16];
  snprintf(name, sizeof name, "U+%04X", read_character(character, 0).code);
  throw_error("PAL_ARGUMENT", {"BpeTokenizer.encode", "characters of the vocabulary",
                               "\"" + std::string(character) + "\" (" + name + ")",
                               "Train on text that has it, or with unknown: 'token' or 'bytes'."});
}

}  // namespace

void Encoder::encode(std::string_view text, std::vector<uint32_t>& ids,
                     const std::atomic<bool>& aborted) {
  AbortCheck check(aborted);
  visit_pieces(bpe_->pattern, text, [&](std::string_view piece) {
    encode_piece(piece, ids, check);
    return !check.stop();
  });
}

void Encoder::encode_piece(std::string_view piece, std::vector<uint32_t>& ids, AbortCheck& check) {
  if (piece.size() > PieceKey::kLongest) {
    encode_new(piece, check);
    if (!check.stopped()) ids.insert(ids.end(), symbols_.begin(), symbols_.end());
    return;
  }
  const PieceKey key = PieceKey::make(piece);
  const PieceCache::Found found = cache_.find(key, piece.size());
  if (found.count == 1) {
    ids.push_back(*found.ids);
  } else if (found.ids != nullptr) {
    ids.insert(ids.end(), found.ids, found.ids + found.count);
  } else {
    encode_new(piece, check);
    // What was left half done is not remembered.
    if (check.stopped()) return;
    cache_.add(key, piece.size(), symbols_);
    ids.insert(ids.end(), symbols_.begin(), symbols_.end());
  }
}

void Encoder::encode_new(std::string_view piece, AbortCheck& check) {
  symbols_.clear();
  if (!bpe_->words.empty()) {
    const auto found = bpe_->words.find(std::string(piece));
    if (found != bpe_->words.end()) return symbols_.push_back(found->second);
  }
  read_symbols(piece, check);
  merge_symbols(bpe_->merges, symbols_, check);
}

void Encoder::read_symbols(std::string_view piece, AbortCheck& check) {
  if (!bpe_->has_characters) {
    for (size_t at = 0; at < piece.size() && !check.stop(); ++at) {
      if (!add_bytes(piece.substr(at, 1))) refuse(piece.substr(at, 1));
    }
    return;
  }
  for (size_t at = 0; at < piece.size() && !check.stop();) {
    const Character character = read_character(piece, at);
    const bool last = at + character.bytes == piece.size();
    add_character(piece.substr(at, character.bytes), character.code, last);
    at += character.bytes;
  }
}

void Encoder::add_character(std::string_view bytes, uint32_t code, bool last) {
  const bool ending = last && bpe_->has_endings;
  const uint32_t id = find_id(ending ? bpe_->endings : bpe_->characters, code);
  if (id != Bpe::kNone) return symbols_.push_back(id);
  if (!add_bytes(bytes)) add_unknown(bytes);
}

// All bytes or none.
bool Encoder::add_bytes(std::string_view bytes) {
  const auto id = [&](char byte) { return bpe_->bytes[static_cast<unsigned char>(byte)]; };
  for (const char byte : bytes) {
    if (id(byte) == Bpe::kNone) return false;
  }
  for (const char byte : bytes) symbols_.push_back(id(byte));
  return true;
}

void Encoder::add_unknown(std::string_view character) {
  if (bpe_->unknown == Bpe::kNone) refuse(character);
  const bool repeats = !symbols_.empty() && symbols_.back() == bpe_->unknown;
  if (!repeats || !bpe_->fuse_unknown) symbols_.push_back(bpe_->unknown);
}

}  // namespace palabra
