#include "text/bpe_arguments.h"

#include "node/error.h"
#include "node/make_values.h"
#include "node/read_values.h"
#include "text/unicode/unicode.h"

namespace palabra::text {

namespace {

const char* const kBpe = "bpe";
const char* const kTrain = "trainBpe";

constexpr uint64_t kMostTokens = uint64_t{1} << 24;
constexpr uint64_t kSafe = (uint64_t{1} << 53) - 1;

// An id, or kNone where JavaScript says 2^32 - 1.
uint32_t checked_id(uint32_t id, const char* where) {
  if (id >= kMostTokens && id != Bpe::kNone) {
    throw_error("PAL_ARGUMENT",
                {where, "ids below " + std::to_string(kMostTokens), std::to_string(id)});
  }
  return id;
}

std::span<const uint32_t> read_groups(napi_env env, napi_value settings, const char* name,
                                      size_t size) {
  const std::string where = std::string(kBpe) + ", " + name;
  const auto found = js::read_uint32s(env, js::read_field(env, settings, name, kBpe), where);
  if (found.size() % size != 0 || found.size() / size > kMostTokens) {
    throw_error("PAL_ARGUMENT", {where, "groups of " + std::to_string(size) + " numbers",
                                 std::to_string(found.size()) + " numbers"});
  }
  return found;
}

MergeTable read_merges(napi_env env, napi_value settings) {
  const auto merges = read_groups(env, settings, "merges", 3);
  MergeTable table(merges.size() / 3);
  for (size_t i = 0; i < merges.size(); i += 3) {
    table.add(checked_id(merges[i], kBpe), checked_id(merges[i + 1], kBpe),
              static_cast<uint32_t>(i / 3), checked_id(merges[i + 2], kBpe));
  }
  return table;
}

std::array<uint32_t, 256> read_bytes(napi_env env, napi_value settings) {
  const auto ids = read_groups(env, settings, "bytes", 256);
  std::array<uint32_t, 256> bytes = Bpe::no_ids();
  for (size_t i = 0; i < ids.size() && i < bytes.size(); ++i) bytes[i] = checked_id(ids[i], kBpe);
  return bytes;
}

// Pairs of code point and id; false where there are none to read.
bool read_characters(napi_env env, napi_value settings, const char* name,
                     Bpe::Characters& characters) {
  if (js::is_absent(env, js::read_field(env, settings, name, kBpe))) return false;
  const auto pairs = read_groups(env, settings, name, 2);
  for (size_t i = 0; i < pairs.size(); i += 2)
    characters.emplace(pairs[i], checked_id(pairs[i + 1], kBpe));
  return true;
}

// Pieces that are one token: their bytes, one after another, with lengths and ids.
void read_words(napi_env env, napi_value settings, Bpe& bpe) {
  if (js::is_absent(env, js::read_field(env, settings, "words", kBpe))) return;
  const auto given = read_groups(env, settings, "wordParts", 2);
  // A getter that runs below may take the memory away.
  const std::vector<uint32_t> parts(given.begin(), given.end());
  auto text = js::read_uint8s(env, js::read_field(env, settings, "words", kBpe), "bpe, words");
  for (size_t i = 0; i < parts.size(); i += 2) {
    if (parts[i] > text.size())
      throw_error("PAL_ARGUMENT", {"bpe, words", "the bytes of all words", "fewer"});
    const auto word = text.first(parts[i]);
    bpe.words.emplace(std::string(word.begin(), word.end()), checked_id(parts[i + 1], kBpe));
    text = text.subspan(parts[i]);
  }
}

}  // namespace

Pattern read_pattern(napi_env env, napi_value name, const std::string& where) {
  const std::string text = js::read_string(env, name, where);
  const auto pattern = parse_pattern(text);
  if (!pattern) throw_error("PAL_ARGUMENT", {where, "the name of a pattern", "another name"});
  return *pattern;
}

std::shared_ptr<const Bpe> read_bpe(napi_env env, napi_value settings) {
  auto bpe = std::make_shared<Bpe>();
  bpe->pattern = read_pattern(env, js::read_field(env, settings, "pattern", kBpe), "bpe, pattern");
  bpe->merges = read_merges(env, settings);
  bpe->bytes = read_bytes(env, settings);
  bpe->has_characters = read_characters(env, settings, "characters", bpe->characters);
  bpe->has_endings = read_characters(env, settings, "endings", bpe->endings);
  napi_value unknown = js::read_field(env, settings, "unknown", kBpe);
  if (!js::is_absent(env, unknown))
    bpe->unknown = static_cast<uint32_t>(js::read_count(env, unknown, "bpe, unknown", kMostTokens));
  bpe->fuse_unknown =
      js::read_boolean(env, js::read_field(env, settings, "fuseUnknown", kBpe), "bpe, fuseUnknown");
  read_words(env, settings, *bpe);
  return bpe;
}

BpeTraining read_training(napi_env env, napi_value settings) {
  const auto get = [&](const char* name) { return js::read_field(env, settings, name, kTrain); };
  BpeTraining training;
  training.vocab_size = static_cast<uint32_t>(
      js::read_count(env, get("vocabSize"), "trainBpe, vocabSize", kMostTokens));
  training.min_frequency =
      js::read_count(env, get("minFrequency"), "trainBpe, minFrequency", kSafe);
  training.special = js::read_strings(env, get("specialTokens"), "trainBpe, specialTokens");
  training.characters = js::read_boolean(env, get("characters"), "trainBpe, characters");
  training.all_bytes = js::read_boolean(env, get("allBytes"), "trainBpe, allBytes");
  training.ending = js::read_string(env, get("ending"), "trainBpe, ending");
  return training;
}

napi_value make_trained_value(Napi::Env env, const BpeVocabulary& vocabulary) {
  std::string texts;
  std::vector<uint32_t> parts;
  for (const BpeVocabulary::Token& token : vocabulary.tokens) {
    texts += token.text;
    parts.push_back(static_cast<uint32_t>(token.text.size()));
    parts.push_back(token.ends ? 1 : 0);
  }
  std::vector<uint32_t> merges;
  for (const auto& [left, right, result] : vocabulary.merges)
    merges.insert(merges.end(), {left, right, result});
  Napi::Object value = Napi::Object::New(env);
  value["texts"] = Napi::Value(env, js::make_uint8_array(env, texts));
  value["parts"] = Napi::Value(env, js::make_uint32_array(env, std::move(parts)));
  value["merges"] = Napi::Value(env, js::make_uint32_array(env, std::move(merges)));
  return value;
}

}  // namespace palabra::text
