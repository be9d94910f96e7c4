#include "js.h"

#include <cmath>

#include "error.h"

namespace palabra::js {

namespace {

constexpr double kMaxSafe = 9007199254740991.0;

void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

napi_valuetype type_of(napi_env env, napi_value value) {
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type));
  return type;
}

[[noreturn]] void wrong(napi_env env, napi_value value, const std::string& where,
                        const char* expected) {
  fail("PAL_ARGUMENT", {where, expected, describe(env, value)});
}

std::string number_text(double value) {
  char text[32];
  snprintf(text, sizeof text, "%.17g", value);
  return text;
}

int64_t big_integer(napi_env env, napi_value value, const std::string& where) {
  int64_t result;
  bool lossless;
  check(env, napi_get_value_bigint_int64(env, value, &result, &lossless));
  if (!lossless) wrong(env, value, where, "an integer of 64 bits");
  return result;
}

}  // namespace

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
    case napi_boolean: return boolean(env, value, "") ? "true" : "false";
    case napi_number: return number_text(number(env, value, ""));
    case napi_string: {
      const std::string text = string(env, value, "");
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

double number(napi_env env, napi_value value, const std::string& where) {
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok) wrong(env, value, where, "a number");
  return result;
}

int64_t integer(napi_env env, napi_value value, const std::string& where) {
  if (type_of(env, value) == napi_bigint) return big_integer(env, value, where);
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok || std::trunc(result) != result ||
      std::abs(result) > kMaxSafe) {
    wrong(env, value, where, "an integer");
  }
  return static_cast<int64_t>(result);
}

bool boolean(napi_env env, napi_value value, const std::string& where) {
  bool result;
  if (napi_get_value_bool(env, value, &result) != napi_ok)
    wrong(env, value, where, "true or false");
  return result;
}

std::string string(napi_env env, napi_value value, const std::string& where) {
  size_t size;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &size) != napi_ok)
    wrong(env, value, where, "a string");
  std::string text(size, '\0');
  check(env, napi_get_value_string_utf8(env, value, text.data(), size + 1, &size));
  return text;
}

SlotId slot(napi_env env, napi_value value, const std::string& where) {
  double id;
  if (napi_get_value_double(env, value, &id) != napi_ok || !(id >= 0 && id <= kMaxSafe) ||
      std::trunc(id) != id) {
    wrong(env, value, where, "a tensor");
  }
  return static_cast<SlotId>(id);
}

uint32_t id(napi_env env, napi_value value, const std::string& where) {
  const int64_t result = integer(env, value, where);
  if (result < 0 || result > UINT32_MAX) wrong(env, value, where, "an id");
  return static_cast<uint32_t>(result);
}

uint64_t seed(napi_env env, napi_value value, const std::string& where) {
  if (type_of(env, value) == napi_bigint) {
    uint64_t result;
    bool lossless;
    check(env, napi_get_value_bigint_uint64(env, value, &result, &lossless));
    if (!lossless) wrong(env, value, where, "an integer of 64 bits without sign");
    return result;
  }
  const int64_t result = integer(env, value, where);
  if (result < 0) wrong(env, value, where, "an integer without sign");
  return static_cast<uint64_t>(result);
}

uint32_t length(napi_env env, napi_value array, const std::string& where) {
  uint32_t count;
  if (napi_get_array_length(env, array, &count) != napi_ok) wrong(env, array, where, "an array");
  if (count > kMaxLength) wrong(env, array, where, "an array of at most 1,048,576 elements");
  return count;
}

napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  check(env, napi_get_element(env, array, index, &value));
  return value;
}

namespace {

template <typename Item, typename Read>
std::vector<Item> read_array(napi_env env, napi_value array, const std::string& where, Read read) {
  const uint32_t count = length(env, array, where);
  std::vector<Item> items;
  for (uint32_t i = 0; i < count; ++i) items.push_back(read(env, element(env, array, i), where));
  return items;
}

}  // namespace

std::vector<int64_t> integers(napi_env env, napi_value value, const std::string& where) {
  return read_array<int64_t>(env, value, where, integer);
}

std::vector<SlotId> slots(napi_env env, napi_value value, const std::string& where) {
  return read_array<SlotId>(env, value, where, slot);
}

Napi::Function function(napi_env env, napi_value value, const std::string& where) {
  if (type_of(env, value) != napi_function) wrong(env, value, where, "a function");
  return Napi::Function(env, value);
}

bool absent(napi_env env, napi_value value) {
  const napi_valuetype type = type_of(env, value);
  return type == napi_undefined || type == napi_null;
}

Bytes bytes(napi_env env, napi_value value, const std::string& where) {
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
  if (!is) wrong(env, value, where, "a typed array, DataView or ArrayBuffer");
  check(env, napi_get_arraybuffer_info(env, value, &data, &size));
  return {data, size};
}

napi_value number_value(napi_env env, double value) {
  napi_value result;
  check(env, napi_create_double(env, value, &result));
  return result;
}

napi_value slot_value(napi_env env, SlotId id) {
  return number_value(env, static_cast<double>(id));
}

napi_value integer_value(napi_env env, int64_t value) {
  if (std::abs(static_cast<double>(value)) <= kMaxSafe)
    return number_value(env, static_cast<double>(value));
  napi_value result;
  check(env, napi_create_bigint_int64(env, value, &result));
  return result;
}

napi_value undefined(napi_env env) {
  napi_value result;
  check(env, napi_get_undefined(env, &result));
  return result;
}

}  // namespace palabra::js
