#include "text/module.h"

#include "node/error.h"
#include "node/guard.h"
#include "node/handles.h"
#include "node/make_values.h"
#include "node/read_values.h"
#include "node/worker_thread.h"
#include "text/bpe/bpe.h"
#include "text/bpe_arguments.h"
#include "text/training/bpe_trainer.h"
#include "text/training/word_counts.h"

namespace palabra::text {

namespace {

struct TextEnvironment : NodeEnvironment {
  explicit TextEnvironment(Napi::Env env) : NodeEnvironment(env), jobs(*this) {}
  WorkerThread jobs;
};

// A vocabulary with what the JavaScript thread encodes with, and the jobs' thread.
struct HeldBpe {
  explicit HeldBpe(const std::shared_ptr<const Bpe>& bpe) : encoder(bpe), job_encoder(bpe) {}
  Encoder encoder;
  std::string text;
  Encoder job_encoder;
};

// Bytes of short texts that are kept in one slice.
constexpr size_t kSliceBytes = size_t{1} << 20;

// Documents on their way to a job.
struct Texts {
  // Slices of them as UTF-8, one after another.
  std::vector<std::string> slices;
  size_t size = 0;
  // Where each document ends.
  std::vector<size_t> ends;
};

// A job of functions; `run` looks at its argument now and then and stops early when it is set.
struct TextJob : Job {
  std::function<void(const std::atomic<bool>& aborted)> run;
  std::function<napi_value(Napi::Env)> result;

  void work() override {
    run(aborted);
    if (aborted) throw_error("PAL_ABORTED", {"palabra", "to finish", "a signal to stop"});
  }
  napi_value make_result(Napi::Env env) override { return result(env); }
};

}  // namespace

}  // namespace palabra::text

namespace palabra {

template <>
struct Tag<text::HeldBpe> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x6270650000000001};
  static constexpr const char* name = "a vocabulary made by bpe";
};

template <>
struct Tag<text::Texts> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x7465787473000001};
  static constexpr const char* name = "texts made by texts";
};

template <>
struct Tag<WordCounts> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x636f756e74730001};
  static constexpr const char* name = "counts made by wordCounts";
};

}  // namespace palabra

namespace palabra::text {

namespace {

const std::atomic<bool> never{false};

napi_value make_bpe(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  return wrap(environment.env, std::make_shared<HeldBpe>(read_bpe(environment.env, info[0])));
}

napi_value encode(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  const std::shared_ptr<HeldBpe> held = unwrap<HeldBpe>(environment.env, info[0], "encode, bpe");
  held->text.clear();
  js::append_utf8(environment.env, info[1], "encode, text", kPadding, held->text);
  std::vector<uint32_t> ids;
  ids.reserve(held->text.size() / 4 + 1);
  held->encoder.encode(held->text, ids, never);
  // What one long text took is not kept.
  if (held->text.capacity() > size_t{1} << 20) std::string().swap(held->text);
  return js::make_uint32_array(environment.env, std::move(ids));
}

napi_value make_texts(TextEnvironment& environment, const Napi::CallbackInfo&) {
  return wrap(environment.env, std::make_shared<Texts>());
}

// Adds to the last document, and ends it when asked to; returns the bytes held.
napi_value append_text(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  Texts& held = *unwrap<Texts>(environment.env, info[0], "appendText, texts");
  const bool ends = js::read_boolean(environment.env, info[2], "appendText, ends");
  if (held.slices.empty() || held.slices.back().size() > kSliceBytes) held.slices.emplace_back();
  std::string& slice = held.slices.back();
  const size_t before = slice.size();
  js::append_utf8(environment.env, info[1], "appendText, text", 0, slice);
  held.size += slice.size() - before;
  if (ends) held.ends.push_back(held.size);
  return Napi::Number::New(environment.env, static_cast<double>(held.size));
}

// The slices in one piece of memory with kPadding behind it, off the JavaScript thread.
std::string join_slices(Texts& texts) {
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
void visit_documents(Texts& texts, Take take) {
  const std::string bytes = join_slices(texts);
  size_t start = 0;
  for (const size_t end : texts.ends) {
    take(std::string_view(bytes).substr(start, end - start));
    start = end;
  }
}

napi_value start(TextEnvironment& environment, std::shared_ptr<TextJob> job, napi_value done) {
  const Napi::Function callback = js::read_function(environment.env, done, "done");
  environment.jobs.expect_running("PAL_ABORTED", "palabra");
  return Napi::Number::New(environment.env, environment.jobs.submit(std::move(job), callback));
}

// The documents of the second argument, which is empty from then on.
std::shared_ptr<Texts> take_texts(TextEnvironment& environment, napi_value value,
                                  const std::string& where) {
  Texts& held = *unwrap<Texts>(environment.env, value, where);
  auto texts = std::make_shared<Texts>();
  std::swap(*texts, held);
  return texts;
}

napi_value encode_texts(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  const auto bpe = unwrap<HeldBpe>(environment.env, info[0], "encodeTexts, bpe");
  js::read_function(environment.env, info[2], "encodeTexts, done");
  const auto documents = take_texts(environment, info[1], "encodeTexts, texts");
  struct Encoded {
    std::vector<uint32_t> ids;
    std::vector<uint32_t> counts;
  };
  auto encoded = std::make_shared<Encoded>();
  auto job = std::make_shared<TextJob>();
  job->run = [bpe, documents, encoded](const std::atomic<bool>& aborted) {
    encoded->ids.reserve(documents->size / 4 + 1);
    visit_documents(*documents, [&](std::string_view document) {
      const size_t before = encoded->ids.size();
      bpe->job_encoder.encode(document, encoded->ids, aborted);
      encoded->counts.push_back(static_cast<uint32_t>(encoded->ids.size() - before));
    });
  };
  job->result = [encoded](Napi::Env env) -> napi_value {
    Napi::Object result = Napi::Object::New(env);
    result["ids"] = Napi::Value(env, js::make_uint32_array(env, std::move(encoded->ids)));
    result["counts"] = Napi::Value(env, js::make_uint32_array(env, std::move(encoded->counts)));
    return result;
  };
  return start(environment, std::move(job), info[2]);
}

napi_value make_word_counts(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  const Pattern pattern = read_pattern(environment.env, info[0], "wordCounts, pattern");
  return wrap(environment.env, std::make_shared<WordCounts>(pattern));
}

napi_value count_texts(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  const std::shared_ptr<WordCounts> counts =
      unwrap<WordCounts>(environment.env, info[0], "countTexts, counts");
  js::read_function(environment.env, info[2], "countTexts, done");
  const auto documents = take_texts(environment, info[1], "countTexts, texts");
  auto job = std::make_shared<TextJob>();
  job->run = [counts, documents](const std::atomic<bool>& aborted) {
    visit_documents(*documents, [&](std::string_view document) { counts->add(document, aborted); });
  };
  job->result = [](Napi::Env env) -> napi_value { return env.Undefined(); };
  return start(environment, std::move(job), info[2]);
}

napi_value train(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  const std::shared_ptr<const WordCounts> counts =
      unwrap<WordCounts>(environment.env, info[0], "trainBpe, counts");
  const BpeTraining training = read_training(environment.env, info[1]);
  auto vocabulary = std::make_shared<BpeVocabulary>();
  auto job = std::make_shared<TextJob>();
  job->run = [counts, training, vocabulary](const std::atomic<bool>& aborted) {
    *vocabulary = train_bpe(*counts, training, aborted);
  };
  job->result = [vocabulary](Napi::Env env) { return make_trained_value(env, *vocabulary); };
  return start(environment, std::move(job), info[2]);
}

napi_value abort_job(TextEnvironment& environment, const Napi::CallbackInfo& info) {
  environment.jobs.abort(
      static_cast<uint32_t>(js::read_count(environment.env, info[0], "abort, job", UINT32_MAX)));
  return js::make_undefined(environment.env);
}

napi_value stop(TextEnvironment& environment, const Napi::CallbackInfo&) {
  environment.jobs.stop();
  return js::make_undefined(environment.env);
}

}  // namespace

Napi::Object make_text_exports(Napi::Env env) {
  const Napi::Object exports = Napi::Object::New(env);
  define_exports(
      exports, *make_environment<TextEnvironment>(env),
      {make_export<make_bpe>("bpe"), make_export<encode>("encode"),
       make_export<make_texts>("texts"), make_export<append_text>("appendText"),
       make_export<encode_texts>("encodeTexts"), make_export<make_word_counts>("wordCounts"),
       make_export<count_texts>("countTexts"), make_export<train>("trainBpe"),
       make_export<abort_job>("abort"), make_export<stop>("stop")});
  return exports;
}

}  // namespace palabra::text
