#include "node/read_values.h"

#include <algorithm>
#include <cmath>

#include "node/error.h"

namespace palabra::js {

namespace {

void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

napi_valuetype type_of(napi_env env, napi_value value) {
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type));
  return type;
}

std::string format_number(double value) {
  char text[32];
  snprintf(text, sizeof text, "%.17g", value);
  return text;
}

int64_t read_big_integer(napi_env env, napi_value value, const std::string& where) {
  int64_t result;
  bool lossless;
  check(env, napi_get_value_bigint_int64(env, value, &result, &lossless));
  if (!lossless) throw_argument(env, value, where, "an integer of 64 bits");
  return result;
}

// The elements of a typed array of one type.
template <typename Element>
std::span<const Element> read_elements(napi_env env, napi_value value, napi_typedarray_type wanted,
                                       const std::string& where, const char* expected) {
  bool is_typed = false;
  napi_is_typedarray(env, value, &is_typed);
  if (!is_typed) throw_argument(env, value, where, expected);
  napi_typedarray_type type;
  size_t length;
  void* data;
  check(env, napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr));
  if (type != wanted) throw_argument(env, value, where, expected);
  return {static_cast<const Element*>(data), data == nullptr ? 0 : length};
}

}  // namespace

void throw_argument(napi_env env, napi_value value, const std::string& where,
                    const std::string& expected) {
  throw_error("PAL_ARGUMENT", {where, expected, describe(env, value)});
}

std::string describe(napi_env env, napi_value value) {
  bool is_array = false;
  napi_is_array(env, value, &is_array);
  if (is_array) {
    uint32_t count = 0;
    napi_get_array_length(env, value, &count);
    return "an array of " + std::to_string(count);
  }
  switch (type_of(env, value)) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_boolean: return read_boolean(env, value, "") ? "true" : "false";
    case napi_number: return format_number(read_number(env, value, ""));
    case napi_string: {
      const std::string text = read_string(env, value, "");
      return "\"" + (text.size() > 60 ? text.substr(0, 60) + "…" : text) + "\"";
    }
    case napi_symbol: return "a symbol";
    case napi_object: return "an object";
    case napi_function: return "a function";
    case napi_external: return "an external value";
    case napi_bigint: return "a bigint";
  }
  return "a value";
}

double read_number(napi_env env, napi_value value, const std::string& where) {
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok)
    throw_argument(env, value, where, "a number");
  return result;
}

int64_t read_integer(napi_env env, napi_value value, const std::string& where) {
  if (type_of(env, value) == napi_bigint) return read_big_integer(env, value, where);
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok || std::trunc(result) != result ||
      std::abs(result) > kMaxSafe) {
    throw_argument(env, value, where, "an integer");
  }
  return static_cast<int64_t>(result);
}

bool read_boolean(napi_env env, napi_value value, const std::string& where) {
  bool result;
  if (napi_get_value_bool(env, value, &result) != napi_ok)
    throw_argument(env, value, where, "true or false");
  return result;
}

void append_utf8(napi_env env, napi_value value, const std::string& where, size_t padding,
                 std::string& out) {
  size_t size;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &size) != napi_ok)
    throw_argument(env, value, where, "a string");
  const size_t start = out.size();
  // Node-API ends what it writes with a zero.
  out.resize(start + size + std::max<size_t>(padding, 1));
  check(env, napi_get_value_string_utf8(env, value, out.data() + start, size + 1, &size));
  out.resize(start + size);
}

std::string read_string(napi_env env, napi_value value, const std::string& where) {
  std::string text;
  append_utf8(env, value, where, 0, text);
  return text;
}

uint64_t read_count(napi_env env, napi_value value, const std::string& where, uint64_t most) {
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok ||
      !(result >= 0 && result <= static_cast<double>(most)) || std::trunc(result) != result) {
    throw_argument(env, value, where, "an integer from 0 to " + std::to_string(most));
  }
  return static_cast<uint64_t>(result);
}

uint32_t read_id(napi_env env, napi_value value, const std::string& where) {
  const int64_t result = read_integer(env, value, where);
  if (result < 0 || result > UINT32_MAX) throw_argument(env, value, where, "an id");
  return static_cast<uint32_t>(result);
}

uint64_t read_seed(napi_env env, napi_value value, const std::string& where) {
  if (type_of(env, value) == napi_bigint) {
    uint64_t result;
    bool lossless;
    check(env, napi_get_value_bigint_uint64(env, value, &result, &lossless));
    if (!lossless) throw_argument(env, value, where, "an integer of 64 bits without sign");
    return result;
  }
  const int64_t result = read_integer(env, value, where);
  if (result < 0) throw_argument(env, value, where, "an integer without sign");
  return static_cast<uint64_t>(result);
}

uint32_t read_length(napi_env env, napi_value array, const std::string& where) {
  uint32_t count;
  if (napi_get_array_length(env, array, &count) != napi_ok)
    throw_argument(env, array, where, "an array");
  if (count > kMaxLength)
    throw_argument(env, array, where, "an array of at most 1,048,576 elements");
  return count;
}

napi_value read_element(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  check(env, napi_get_element(env, array, index, &value));
  return value;
}

std::vector<int64_t> read_integers(napi_env env, napi_value value, const std::string& where) {
  return read_array<int64_t>(env, value, where, read_integer);
}

std::vector<std::string> read_strings(napi_env env, napi_value value, const std::string& where) {
  return read_array<std::string>(env, value, where, read_string);
}

Napi::Function read_function(napi_env env, napi_value value, const std::string& where) {
  if (type_of(env, value) != napi_function) throw_argument(env, value, where, "a function");
  return Napi::Function(env, value);
}

bool is_absent(napi_env env, napi_value value) {
  const napi_valuetype type = type_of(env, value);
  return type == napi_undefined || type == napi_null;
}

napi_value read_field(napi_env env, napi_value object, const char* name, const std::string& where) {
  if (type_of(env, object) != napi_object) throw_argument(env, object, where, "an object");
  napi_value value;
  check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

Bytes read_bytes(napi_env env, napi_value value, const std::string& where) {
  bool is = false;
  void* data = nullptr;
  size_t size = 0;
  napi_value buffer;
  size_t offset;
  check(env, napi_is_typedarray(env, value, &is));
  if (is) {
    napi_typedarray_type type;
    size_t count;
    check(env, napi_get_typedarray_info(env, value, &type, &count, &data, &buffer, &offset));
    return {data, count * Napi::TypedArray(env, value).ElementSize()};
  }
  check(env, napi_is_dataview(env, value, &is));
  if (is) {
    check(env, napi_get_dataview_info(env, value, &size, &data, &buffer, &offset));
    return {data, size};
  }
  check(env, napi_is_arraybuffer(env, value, &is));
  if (!is) throw_argument(env, value, where, "a typed array, DataView or ArrayBuffer");
  check(env, napi_get_arraybuffer_info(env, value, &data, &size));
  return {data, size};
}

std::span<const uint32_t> read_uint32s(napi_env env, napi_value value, const std::string& where) {
  return read_elements<uint32_t>(env, value, napi_uint32_array, where, "a Uint32Array");
}

std::span<const uint8_t> read_uint8s(napi_env env, napi_value value, const std::string& where) {
  return read_elements<uint8_t>(env, value, napi_uint8_array, where, "a Uint8Array");
}

}  // namespace palabra::js
