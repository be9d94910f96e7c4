#include "module.h"

#include <cstring>
#include <vector>

#include "../core/error.h"
#include "../text/arguments.h"
#include "../text/environment.h"
#include "../text/handles.h"
#include "token_reader.h"

namespace palabra::text {

template <>
struct Tag<data::TokenReader> {
  static constexpr napi_type_tag value{0x70616c6162726120, 0x746f6b656e730001};
  static constexpr const char* name = "a reader made by openTokens";
};

}  // namespace palabra::text

namespace palabra::data {

namespace {

using text::count;
using text::Entry;
using text::unwrap;

// Errors are made as in the text part; its readers of arguments are used as well.
struct Environment : text::Environment {
  using text::Environment::Environment;
  // The readers in use, so that all can be stopped before the process ends.
  std::vector<std::weak_ptr<TokenReader>> readers;
};

constexpr double kMostTokens = 281474976710656.0;  // 2^48
constexpr uint32_t kMostPlaces = 1U << 28;
// Low and high half of the start, count, at, from.
constexpr size_t kPieceFields = 5;

napi_value undefined(text::Environment& environment) { return environment.env.Undefined(); }

napi_value initialize(text::Environment& environment, const Napi::CallbackInfo& info) {
  environment.make_error =
      Napi::Persistent(text::function(environment.env, info[0], "initialize, makeError"));
  return undefined(environment);
}

napi_value open_tokens(text::Environment& environment, const Napi::CallbackInfo& info) {
  const auto number = [&](size_t index, const char* name, double most) {
    return count(environment.env, info[index], name, static_cast<uint64_t>(most));
  };
  const auto descriptor = static_cast<int>(number(0, "openTokens, descriptor", INT32_MAX));
  const TokenLayout layout{number(1, "openTokens, offset", kMostTokens),
                           number(2, "openTokens, length", kMostTokens),
                           static_cast<uint32_t>(number(3, "openTokens, bytesPerToken", 4)),
                           static_cast<uint32_t>(number(4, "openTokens, vocabSize", UINT32_MAX))};
  if (layout.bytes_per_token != 2 && layout.bytes_per_token != 4)
    fail("PAL_ARGUMENT", {"openTokens, bytesPerToken", "2 or 4", "another number"});
  auto reader = std::make_shared<TokenReader>(descriptor, layout);
  auto& readers = static_cast<Environment&>(environment).readers;
  std::erase_if(readers, [](const auto& held) { return held.expired(); });
  readers.push_back(reader);
  return text::wrap(environment.env, std::move(reader));
}

std::vector<Piece> read_pieces(napi_env env, napi_value value) {
  const auto fields = text::integers(env, value, "requestBatch, pieces");
  if (fields.size() % kPieceFields != 0)
    fail("PAL_ARGUMENT", {"requestBatch, pieces", "five numbers a piece", "another count"});
  std::vector<Piece> pieces;
  pieces.reserve(fields.size() / kPieceFields);
  for (size_t i = 0; i < fields.size(); i += kPieceFields) {
    const uint64_t start = fields[i] | (static_cast<uint64_t>(fields[i + 1]) << 32U);
    pieces.push_back({start, fields[i + 2], fields[i + 3], fields[i + 4]});
  }
  return pieces;
}

napi_value request_batch(text::Environment& environment, const Napi::CallbackInfo& info) {
  const Napi::Env env = environment.env;
  const auto places =
      static_cast<uint32_t>(count(env, info[1], "requestBatch, places", kMostPlaces));
  const auto padding =
      static_cast<int32_t>(count(env, info[2], "requestBatch, padding", INT32_MAX));
  BatchRequest request{places, padding, read_pieces(env, info[3])};
  unwrap<TokenReader>(env, info[0], "requestBatch, reader")->request(std::move(request));
  return undefined(environment);
}

napi_value int32_array(Napi::Env env, const std::vector<int32_t>& elements) {
  Napi::Int32Array array = Napi::Int32Array::New(env, elements.size());
  if (!elements.empty()) std::memcpy(array.Data(), elements.data(), elements.size() * 4);
  return array;
}

napi_value take_batch(text::Environment& environment, const Napi::CallbackInfo& info) {
  const auto reader = unwrap<TokenReader>(environment.env, info[0], "takeBatch, reader");
  const TokenBatch batch = reader->take();
  Napi::Object result = Napi::Object::New(environment.env);
  result["inputs"] = Napi::Value(environment.env, int32_array(environment.env, batch.inputs));
  result["targets"] = Napi::Value(environment.env, int32_array(environment.env, batch.targets));
  return result;
}

napi_value clear_batches(text::Environment& environment, const Napi::CallbackInfo& info) {
  unwrap<TokenReader>(environment.env, info[0], "clearBatches, reader")->clear();
  return undefined(environment);
}

napi_value close_tokens(text::Environment& environment, const Napi::CallbackInfo& info) {
  unwrap<TokenReader>(environment.env, info[0], "closeTokens, reader")->stop();
  return undefined(environment);
}

napi_value stop(text::Environment& environment, const Napi::CallbackInfo&) {
  for (const auto& held : static_cast<Environment&>(environment).readers) {
    if (const auto reader = held.lock()) reader->stop();
  }
  return undefined(environment);
}

template <Entry entry>
void define(Napi::Object exports, text::Environment* environment, const char* name) {
  napi_value function;
  if (napi_create_function(environment->env, name, NAPI_AUTO_LENGTH, text::guarded<entry>,
                           environment, &function) != napi_ok) {
    throw Napi::Error::New(environment->env);
  }
  exports.Set(name, Napi::Value(environment->env, function));
}

}  // namespace

Napi::Object data_exports(Napi::Env env) {
  auto* environment = new Environment(env);
  napi_add_env_cleanup_hook(
      env, [](void* data) { delete static_cast<Environment*>(data); }, environment);
  const Napi::Object exports = Napi::Object::New(env);
  define<initialize>(exports, environment, "initialize");
  define<open_tokens>(exports, environment, "openTokens");
  define<request_batch>(exports, environment, "requestBatch");
  define<take_batch>(exports, environment, "takeBatch");
  define<clear_batches>(exports, environment, "clearBatches");
  define<close_tokens>(exports, environment, "closeTokens");
  define<stop>(exports, environment, "stop");
  return exports;
}

}  // namespace palabra::data
