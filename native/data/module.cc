#include "data/module.h"

#include <vector>

#include "data/token_reader.h"
#include "node/error.h"
#include "node/guard.h"
#include "node/handles.h"
#include "node/make_values.h"
#include "node/read_values.h"

namespace palabra {

template <>
struct Tag<data::TokenReader> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x746f6b656e730001};
  static constexpr const char* name = "a reader made by openTokens";
};

}  // namespace palabra

namespace palabra::data {

namespace {

struct DataEnvironment : NodeEnvironment {
  explicit DataEnvironment(Napi::Env env) : NodeEnvironment(env) {}
  // The readers in use, so that all can be stopped before the process ends.
  std::vector<std::weak_ptr<TokenReader>> readers;
};

constexpr double kMostTokens = 281474976710656.0;  // 2^48
constexpr uint32_t kMostBatchTokens = 1U << 28;
// Low and high half of the start, count, at, from.
constexpr size_t kSpanFields = 5;

napi_value open_tokens(DataEnvironment& environment, const Napi::CallbackInfo& info) {
  const auto read = [&](size_t index, const char* name, double most) {
    return js::read_count(environment.env, info[index], name, static_cast<uint64_t>(most));
  };
  const auto descriptor = static_cast<int>(read(0, "openTokens, descriptor", INT32_MAX));
  const TokenLayout layout{read(1, "openTokens, offset", kMostTokens),
                           read(2, "openTokens, length", kMostTokens),
                           static_cast<uint32_t>(read(3, "openTokens, bytesPerToken", 4)),
                           static_cast<uint32_t>(read(4, "openTokens, vocabSize", UINT32_MAX))};
  if (layout.bytes_per_token != 2 && layout.bytes_per_token != 4)
    throw_error("PAL_ARGUMENT", {"openTokens, bytesPerToken", "2 or 4", "another number"});
  auto reader = std::make_shared<TokenReader>(descriptor, layout);
  auto& readers = environment.readers;
  std::erase_if(readers, [](const auto& held) { return held.expired(); });
  readers.push_back(reader);
  return wrap(environment.env, std::move(reader));
}

std::vector<Span> read_spans(napi_env env, napi_value value) {
  const auto fields = js::read_uint32s(env, value, "requestBatch, spans");
  if (fields.size() % kSpanFields != 0)
    throw_error("PAL_ARGUMENT", {"requestBatch, spans", "five numbers a span", "another count"});
  std::vector<Span> spans;
  spans.reserve(fields.size() / kSpanFields);
  for (size_t i = 0; i < fields.size(); i += kSpanFields) {
    const uint64_t start = fields[i] | (static_cast<uint64_t>(fields[i + 1]) << 32U);
    spans.push_back({start, fields[i + 2], fields[i + 3], fields[i + 4]});
  }
  return spans;
}

napi_value request_batch(DataEnvironment& environment, const Napi::CallbackInfo& info) {
  const Napi::Env env = environment.env;
  const auto tokens =
      static_cast<uint32_t>(js::read_count(env, info[1], "requestBatch, tokens", kMostBatchTokens));
  const auto padding =
      static_cast<int32_t>(js::read_count(env, info[2], "requestBatch, padding", INT32_MAX));
  BatchRequest request{tokens, padding, read_spans(env, info[3])};
  unwrap<TokenReader>(env, info[0], "requestBatch, reader")->request(std::move(request));
  return js::make_undefined(environment.env);
}

napi_value take_batch(DataEnvironment& environment, const Napi::CallbackInfo& info) {
  const auto reader = unwrap<TokenReader>(environment.env, info[0], "takeBatch, reader");
  const TokenBatch batch = reader->take();
  Napi::Object result = Napi::Object::New(environment.env);
  result["inputs"] =
      Napi::Value(environment.env, js::make_int32_array(environment.env, batch.inputs));
  result["targets"] =
      Napi::Value(environment.env, js::make_int32_array(environment.env, batch.targets));
  return result;
}

napi_value clear_batches(DataEnvironment& environment, const Napi::CallbackInfo& info) {
  unwrap<TokenReader>(environment.env, info[0], "clearBatches, reader")->clear();
  return js::make_undefined(environment.env);
}

napi_value close_tokens(DataEnvironment& environment, const Napi::CallbackInfo& info) {
  unwrap<TokenReader>(environment.env, info[0], "closeTokens, reader")->stop();
  return js::make_undefined(environment.env);
}

napi_value stop(DataEnvironment& environment, const Napi::CallbackInfo&) {
  for (const auto& held : environment.readers) {
    if (const auto reader = held.lock()) reader->stop();
  }
  return js::make_undefined(environment.env);
}

}  // namespace

Napi::Object make_data_exports(Napi::Env env) {
  const Napi::Object exports = Napi::Object::New(env);
  define_exports(
      exports, *make_environment<DataEnvironment>(env),
      {make_export<open_tokens>("openTokens"), make_export<request_batch>("requestBatch"),
       make_export<take_batch>("takeBatch"), make_export<clear_batches>("clearBatches"),
       make_export<close_tokens>("closeTokens"), make_export<stop>("stop")});
  return exports;
}

}  // namespace palabra::data
