#include "node/make_values.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <utility>

#include "node/read_values.h"

namespace palabra::js {

namespace {

// Below this, copying costs less than a finalizer.
constexpr size_t kCopied = size_t{1} << 18;

void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

napi_value make_typed_array(napi_env env, napi_typedarray_type type, size_t length,
                            napi_value buffer) {
  napi_value result;
  check(env, napi_create_typedarray(env, type, length, buffer, 0, &result));
  return result;
}

// In V8's own memory, which ends the process where there is none: for what is small.
napi_value copy_memory(napi_env env, const void* data, size_t size) {
  void* memory;
  napi_value buffer;
  check(env, napi_create_arraybuffer(env, size, &memory, &buffer));
  if (size > 0) std::memcpy(memory, data, size);
  return buffer;
}

using Release = std::function<void(void*)>;

// An ArrayBuffer over memory that `release` frees once nothing refers to it.
napi_value adopt_memory(napi_env env, void* memory, size_t size, Release release) {
  auto* kept = new Release(std::move(release));
  const auto finalize = [](napi_env, void* data, void* hint) {
    const std::unique_ptr<Release> owned(static_cast<Release*>(hint));
    (*owned)(data);
  };
  napi_value buffer;
  if (napi_create_external_arraybuffer(env, memory, size, finalize, kept, &buffer) == napi_ok)
    return buffer;
  // Some builds of Node allow no memory of others.
  buffer = copy_memory(env, memory, size);
  finalize(env, memory, kept);
  return buffer;
}

}  // namespace

napi_value make_undefined(napi_env env) {
  napi_value result;
  check(env, napi_get_undefined(env, &result));
  return result;
}

napi_value make_number(napi_env env, double value) {
  napi_value result;
  check(env, napi_create_double(env, value, &result));
  return result;
}

napi_value make_integer(napi_env env, int64_t value) {
  if (std::abs(static_cast<double>(value)) <= kMaxSafe)
    return make_number(env, static_cast<double>(value));
  napi_value result;
  check(env, napi_create_bigint_int64(env, value, &result));
  return result;
}

napi_value make_array_buffer(napi_env env, const void* data, size_t size) {
  if (size >= kCopied) {
    void* copy = std::malloc(size);
    if (!copy) throw std::bad_alloc();
    std::memcpy(copy, data, size);
    return adopt_memory(env, copy, size, std::free);
  }
  return copy_memory(env, data, size);
}

napi_value make_uint8_array(napi_env env, const std::string& bytes) {
  return make_typed_array(env, napi_uint8_array, bytes.size(),
                          make_array_buffer(env, bytes.data(), bytes.size()));
}

napi_value make_int32_array(napi_env env, const std::vector<int32_t>& elements) {
  return make_typed_array(
      env, napi_int32_array, elements.size(),
      make_array_buffer(env, elements.data(), elements.size() * sizeof(int32_t)));
}

napi_value make_uint32_array(napi_env env, std::vector<uint32_t> elements) {
  const size_t length = elements.size();
  const size_t size = length * sizeof(uint32_t);
  if (size < kCopied) {
    return make_typed_array(env, napi_uint32_array, length,
                            copy_memory(env, elements.data(), size));
  }
  auto* kept = new std::vector<uint32_t>(std::move(elements));
  napi_value buffer = adopt_memory(env, kept->data(), size, [kept](void*) { delete kept; });
  return make_typed_array(env, napi_uint32_array, length, buffer);
}

}  // namespace palabra::js
