#include "arguments.h"

#include <cmath>

#include "../core/error.h"
#include "piece_cache.h"

namespace palabra::text {

namespace {

// Lists of JavaScript are short: special tokens.
constexpr uint32_t kMaxLength = 1u << 20;

void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

const char* kind_of(napi_env env, napi_value value) {
  bool is_array = false;
  napi_is_array(env, value, &is_array);
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  switch (type) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_boolean: return "a boolean";
    case napi_number: return "another number";
    case napi_string: return "a string";
    case napi_symbol: return "a symbol";
    case napi_object: return is_array ? "an array" : "an object";
    case napi_function: return "a function";
    case napi_external: return "an external value";
    case napi_bigint: return "a bigint";
  }
  return "a value";
}

[[noreturn]] void wrong(napi_env env, napi_value value, const std::string& where,
                        const std::string& expected) {
  fail("PAL_ARGUMENT", {where, expected, kind_of(env, value)});
}

// The elements of a typed array of one type.
template <typename Element>
std::span<const Element> elements(napi_env env, napi_value value, napi_typedarray_type wanted,
                                  const std::string& where, const char* expected) {
  bool is_typed = false;
  napi_is_typedarray(env, value, &is_typed);
  if (!is_typed) wrong(env, value, where, expected);
  napi_typedarray_type type;
  size_t length;
  void* data;
  check(env, napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr));
  if (type != wanted) wrong(env, value, where, expected);
  return {static_cast<const Element*>(data), data == nullptr ? 0 : length};
}

}  // namespace

void append_utf8(napi_env env, napi_value value, const std::string& where, std::string& out) {
  size_t size;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &size) != napi_ok)
    wrong(env, value, where, "a string");
  const size_t start = out.size();
  out.resize(start + size + kPadding);
  check(env, napi_get_value_string_utf8(env, value, out.data() + start, size + 1, &size));
  out.resize(start + size);
  out.reserve(start + size + kPadding);
}

std::string string(napi_env env, napi_value value, const std::string& where) {
  std::string text;
  append_utf8(env, value, where, text);
  return text;
}

bool boolean(napi_env env, napi_value value, const std::string& where) {
  bool result;
  if (napi_get_value_bool(env, value, &result) != napi_ok)
    wrong(env, value, where, "true or false");
  return result;
}

uint64_t count(napi_env env, napi_value value, const std::string& where, uint64_t most) {
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok ||
      !(result >= 0 && result <= static_cast<double>(most)) || std::trunc(result) != result) {
    wrong(env, value, where, "an integer from 0 to " + std::to_string(most));
  }
  return static_cast<uint64_t>(result);
}

Napi::Function function(napi_env env, napi_value value, const std::string& where) {
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type));
  if (type != napi_function) wrong(env, value, where, "a function");
  return {env, value};
}

std::vector<std::string> strings(napi_env env, napi_value value, const std::string& where) {
  uint32_t length;
  if (napi_get_array_length(env, value, &length) != napi_ok || length > kMaxLength)
    wrong(env, value, where, "an array of strings");
  std::vector<std::string> result;
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    check(env, napi_get_element(env, value, i, &element));
    result.push_back(string(env, element, where));
  }
  return result;
}

std::span<const uint32_t> integers(napi_env env, napi_value value, const std::string& where) {
  return elements<uint32_t>(env, value, napi_uint32_array, where, "a Uint32Array");
}

std::span<const uint8_t> bytes(napi_env env, napi_value value, const std::string& where) {
  return elements<uint8_t>(env, value, napi_uint8_array, where, "a Uint8Array");
}

napi_value field(napi_env env, napi_value object, const char* name, const std::string& where) {
  napi_valuetype type;
  check(env, napi_typeof(env, object, &type));
  if (type != napi_object) wrong(env, object, where, "an object");
  napi_value value;
  check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

bool absent(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type == napi_undefined;
}

}  // namespace palabra::text
