#include "values.h"

#include <cstring>
#include <utility>

namespace palabra::text {

namespace {

// Below this, copying costs less than a finalizer.
constexpr size_t kCopied = size_t{1} << 18;

napi_value typed(Napi::Env env, napi_typedarray_type type, size_t length, napi_value buffer) {
  napi_value result;
  if (napi_create_typedarray(env, type, length, buffer, 0, &result) != napi_ok)
    throw Napi::Error::New(env);
  return result;
}

napi_value copied(Napi::Env env, const void* data, size_t size) {
  void* memory;
  napi_value buffer;
  if (napi_create_arraybuffer(env, size, &memory, &buffer) != napi_ok) throw Napi::Error::New(env);
  if (size > 0) std::memcpy(memory, data, size);
  return buffer;
}

}  // namespace

napi_value uint32_array(Napi::Env env, std::vector<uint32_t> elements) {
  const size_t length = elements.size();
  const size_t size = length * sizeof(uint32_t);
  if (size >= kCopied) {
    auto* kept = new std::vector<uint32_t>(std::move(elements));
    const auto free = [](napi_env, void*, void* data) {
      delete static_cast<std::vector<uint32_t>*>(data);
    };
    napi_value buffer;
    if (napi_create_external_arraybuffer(env, kept->data(), size, free, kept, &buffer) == napi_ok)
      return typed(env, napi_uint32_array, length, buffer);
    // Some builds of Node allow no memory of others.
    elements = std::move(*kept);
    delete kept;
  }
  return typed(env, napi_uint32_array, length, copied(env, elements.data(), size));
}

napi_value uint8_array(Napi::Env env, const std::string& bytes) {
  return typed(env, napi_uint8_array, bytes.size(), copied(env, bytes.data(), bytes.size()));
}

}  // namespace palabra::text
