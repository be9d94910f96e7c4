#include "module.h"

#include "arguments.h"
#include "bpe.h"
#include "bpe_arguments.h"
#include "bpe_trainer.h"
#include "environment.h"
#include "handles.h"
#include "values.h"
#include "word_counts.h"

namespace palabra::text {

namespace {

// A vocabulary with what the JavaScript thread encodes with.
struct HeldBpe {
  explicit HeldBpe(std::shared_ptr<const Bpe> bpe) : encoder(std::move(bpe)) {}
  Encoder encoder;
  std::string text;
};

// Documents on their way to a job.
struct Texts {
  // Slices of them as UTF-8, one after another.
  std::vector<std::string> slices;
  size_t size = 0;
  // Where each document ends.
  std::vector<size_t> ends;
};

}  // namespace

template <>
struct Tag<HeldBpe> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x6270650000000001};
  static constexpr const char* name = "a vocabulary made by bpe";
};

template <>
struct Tag<Texts> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x7465787473000001};
  static constexpr const char* name = "texts made by texts";
};

template <>
struct Tag<WordCounts> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x636f756e74730001};
  static constexpr const char* name = "counts made by wordCounts";
};

namespace {

const std::atomic<bool> never{false};

napi_value undefined(Environment& environment) { return environment.env.Undefined(); }

// Takes the function that makes JavaScript's error classes.
napi_value initialize(Environment& environment, const Napi::CallbackInfo& info) {
  environment.make_error =
      Napi::Persistent(function(environment.env, info[0], "initialize, makeError"));
  return undefined(environment);
}

napi_value bpe(Environment& environment, const Napi::CallbackInfo& info) {
  return wrap(environment.env, std::make_shared<HeldBpe>(read_bpe(environment.env, info[0])));
}

napi_value encode(Environment& environment, const Napi::CallbackInfo& info) {
  const std::shared_ptr<HeldBpe> held = unwrap<HeldBpe>(environment.env, info[0], "encode, bpe");
  held->text.clear();
  append_utf8(environment.env, info[1], "encode, text", held->text);
  std::vector<uint32_t> ids;
  ids.reserve(held->text.size() / 4 + 1);
  held->encoder.encode(held->text, ids, never);
  // What one long text took is not kept.
  if (held->text.capacity() > size_t{1} << 20) std::string().swap(held->text);
  return uint32_array(environment.env, std::move(ids));
}

napi_value texts(Environment& environment, const Napi::CallbackInfo&) {
  return wrap(environment.env, std::make_shared<Texts>());
}

// Adds to the last document, and ends it when asked to; returns the bytes held.
napi_value append_text(Environment& environment, const Napi::CallbackInfo& info) {
  Texts& held = *unwrap<Texts>(environment.env, info[0], "appendText, texts");
  const bool ends = boolean(environment.env, info[2], "appendText, ends");
  std::string slice = string(environment.env, info[1], "appendText, text");
  held.size += slice.size();
  if (!slice.empty()) held.slices.push_back(std::move(slice));
  if (ends) held.ends.push_back(held.size);
  return Napi::Number::New(environment.env, static_cast<double>(held.size));
}

// The slices in one piece of memory with kPadding behind it, off the JavaScript thread.
std::string joined(Texts& texts) {
  std::string bytes;
  bytes.reserve(texts.size + kPadding);
  for (std::string& slice : texts.slices) {
    bytes += slice;
    std::string().swap(slice);
  }
  return bytes;
}

// Calls `take` with each document.
template <typename Take>
void each_document(Texts& texts, Take take) {
  const std::string bytes = joined(texts);
  size_t start = 0;
  for (const size_t end : texts.ends) {
    take(std::string_view(bytes).substr(start, end - start));
    start = end;
  }
}

napi_value start(Environment& environment, std::shared_ptr<Job> job, napi_value done) {
  job->done = Napi::Persistent(function(environment.env, done, "done"));
  return Napi::Number::New(environment.env, environment.jobs.start(std::move(job)));
}

// The documents of the second argument, which is empty from then on.
std::shared_ptr<Texts> taken(Environment& environment, napi_value value, const std::string& where) {
  Texts& held = *unwrap<Texts>(environment.env, value, where);
  auto texts = std::make_shared<Texts>();
  std::swap(*texts, held);
  return texts;
}

napi_value encode_texts(Environment& environment, const Napi::CallbackInfo& info) {
  const auto vocabulary =
      unwrap<HeldBpe>(environment.env, info[0], "encodeTexts, bpe")->encoder.bpe();
  function(environment.env, info[2], "encodeTexts, done");
  const auto documents = taken(environment, info[1], "encodeTexts, texts");
  struct Encoded {
    std::vector<uint32_t> ids;
    std::vector<uint32_t> counts;
  };
  auto encoded = std::make_shared<Encoded>();
  auto job = std::make_shared<Job>();
  job->work = [vocabulary, documents, encoded](const std::atomic<bool>& aborted) {
    Encoder encoder(vocabulary);
    encoded->ids.reserve(documents->size / 4 + 1);
    each_document(*documents, [&](std::string_view document) {
      const size_t before = encoded->ids.size();
      encoder.encode(document, encoded->ids, aborted);
      encoded->counts.push_back(static_cast<uint32_t>(encoded->ids.size() - before));
    });
  };
  job->result = [encoded](Napi::Env env) -> napi_value {
    Napi::Object result = Napi::Object::New(env);
    result["ids"] = Napi::Value(env, uint32_array(env, std::move(encoded->ids)));
    result["counts"] = Napi::Value(env, uint32_array(env, std::move(encoded->counts)));
    return result;
  };
  return start(environment, std::move(job), info[2]);
}

napi_value word_counts(Environment& environment, const Napi::CallbackInfo& info) {
  const Pattern pattern = read_pattern(environment.env, info[0], "wordCounts, pattern");
  return wrap(environment.env, std::make_shared<WordCounts>(pattern));
}

napi_value count_texts(Environment& environment, const Napi::CallbackInfo& info) {
  const std::shared_ptr<WordCounts> counts =
      unwrap<WordCounts>(environment.env, info[0], "countTexts, counts");
  function(environment.env, info[2], "countTexts, done");
  const auto documents = taken(environment, info[1], "countTexts, texts");
  auto job = std::make_shared<Job>();
  job->work = [counts, documents](const std::atomic<bool>& aborted) {
    each_document(*documents, [&](std::string_view document) { counts->add(document, aborted); });
  };
  job->result = [](Napi::Env env) -> napi_value { return env.Undefined(); };
  return start(environment, std::move(job), info[2]);
}

napi_value train(Environment& environment, const Napi::CallbackInfo& info) {
  const std::shared_ptr<const WordCounts> counts =
      unwrap<WordCounts>(environment.env, info[0], "trainBpe, counts");
  const BpeTraining training = read_training(environment.env, info[1]);
  auto vocabulary = std::make_shared<BpeVocabulary>();
  auto job = std::make_shared<Job>();
  job->work = [counts, training, vocabulary](const std::atomic<bool>& aborted) {
    *vocabulary = train_bpe(*counts, training, aborted);
  };
  job->result = [vocabulary](Napi::Env env) { return trained_value(env, *vocabulary); };
  return start(environment, std::move(job), info[2]);
}

napi_value abort_job(Environment& environment, const Napi::CallbackInfo& info) {
  environment.jobs.abort(
      static_cast<uint32_t>(count(environment.env, info[0], "abort, job", UINT32_MAX)));
  return undefined(environment);
}

napi_value stop(Environment& environment, const Napi::CallbackInfo&) {
  environment.jobs.stop();
  return undefined(environment);
}

template <Entry entry>
void define(Napi::Object exports, Environment* environment, const char* name) {
  napi_value function;
  if (napi_create_function(environment->env, name, NAPI_AUTO_LENGTH, guarded<entry>, environment,
                           &function) != napi_ok) {
    throw Napi::Error::New(environment->env);
  }
  exports.Set(name, Napi::Value(environment->env, function));
}

}  // namespace

Napi::Object text_exports(Napi::Env env) {
  auto* environment = new Environment(env);
  napi_add_env_cleanup_hook(
      env, [](void* data) { delete static_cast<Environment*>(data); }, environment);
  const Napi::Object exports = Napi::Object::New(env);
  define<initialize>(exports, environment, "initialize");
  define<bpe>(exports, environment, "bpe");
  define<encode>(exports, environment, "encode");
  define<texts>(exports, environment, "texts");
  define<append_text>(exports, environment, "appendText");
  define<encode_texts>(exports, environment, "encodeTexts");
  define<word_counts>(exports, environment, "wordCounts");
  define<count_texts>(exports, environment, "countTexts");
  define<train>(exports, environment, "trainBpe");
  define<abort_job>(exports, environment, "abort");
  define<stop>(exports, environment, "stop");
  return exports;
}

}  // namespace palabra::text
