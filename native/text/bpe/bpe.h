// Byte-pair encoding with a known vocabulary.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/abort_check.h"
#include "text/bpe/merge_table.h"
#include "text/bpe/piece_cache.h"
#include "text/unicode/pretokenize.h"

namespace palabra {

// A vocabulary and its merges; never changed once it is made, so threads may share it.
struct Bpe {
  static constexpr uint32_t kNone = UINT32_MAX;

  // The ids of single characters; empty where symbols are bytes.
  using Characters = std::unordered_map<uint32_t, uint32_t>;

  Pattern pattern = Pattern::kGpt2;
  MergeTable merges;
  // The id of each byte: all symbols, or what stands in for characters without an id.
  std::array<uint32_t, 256> bytes = no_ids();
  bool has_characters = false;
  Characters characters;
  // Characters that end a piece, where an end-of-word marker sets them apart.
  bool has_endings = false;
  Characters endings;
  // What stands for a character that nothing else does, or kNone: then it is an error.
  uint32_t unknown = kNone;
  // Whether neighbouring unknown characters are one token.
  bool fuse_unknown = false;
  // Pieces that are one token, whatever the merges say.
  std::unordered_map<std::string, uint32_t> words;

  static constexpr std::array<uint32_t, 256> no_ids() {
    std::array<uint32_t, 256> ids{};
    ids.fill(kNone);
    return ids;
  }
};

// Encodes texts one after another and remembers the pieces it has seen.
class Encoder {
 public:
  explicit Encoder(std::shared_ptr<const Bpe> bpe) : bpe_(std::move(bpe)) {}

  // Appends the ids of a text of valid UTF-8, behind which kPadding bytes can be read.
  // Stops early when `aborted`; then the ids are not those of the text.
  void encode(std::string_view text, std::vector<uint32_t>& ids, const std::atomic<bool>& aborted);

  const std::shared_ptr<const Bpe>& bpe() const { return bpe_; }

 private:
  void encode_piece(std::string_view piece, std::vector<uint32_t>& ids, AbortCheck& check);
  void encode_new(std::string_view piece, AbortCheck& check);
  void read_symbols(std::string_view piece, AbortCheck& check);
  void add_character(std::string_view bytes, uint32_t code, bool last);
  bool add_bytes(std::string_view bytes);
  void add_unknown(std::string_view character);

  std::shared_ptr<const Bpe> bpe_;
  PieceCache cache_;
  // The symbols of the piece at hand; then its ids.
  std::vector<uint32_t> symbols_;
};

}  // namespace palabra
