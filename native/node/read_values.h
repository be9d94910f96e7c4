// Reading what JavaScript hands in. Each throws PAL_ARGUMENT, naming `where`, at a value of another
// kind.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace palabra::js {

// The largest integer that a number holds exactly.
constexpr double kMaxSafe = 9007199254740991.0;
// Lists of JavaScript are at most so long.
constexpr uint32_t kMaxLength = 1u << 20;

// A value in brief, for an error: `"text"`, `12`, `an array of 3`, `undefined`.
std::string describe(napi_env env, napi_value value);
[[noreturn]] void throw_argument(napi_env env, napi_value value, const std::string& where,
                                 const std::string& expected);

double read_number(napi_env env, napi_value value, const std::string& where);
int64_t read_integer(napi_env env, napi_value value, const std::string& where);
// An integer from 0 to `most`.
uint64_t read_count(napi_env env, napi_value value, const std::string& where, uint64_t most);
uint32_t read_id(napi_env env, napi_value value, const std::string& where);
uint64_t read_seed(napi_env env, napi_value value, const std::string& where);
bool read_boolean(napi_env env, napi_value value, const std::string& where);
Napi::Function read_function(napi_env env, napi_value value, const std::string& where);

std::string read_string(napi_env env, napi_value value, const std::string& where);
// Adds the UTF-8 of a string to `out`, and room behind it for `padding` bytes, which are zero.
void append_utf8(napi_env env, napi_value value, const std::string& where, size_t padding,
                 std::string& out);

bool is_absent(napi_env env, napi_value value);

// The length of an array of at most kMaxLength elements.
uint32_t read_length(napi_env env, napi_value array, const std::string& where);
napi_value read_element(napi_env env, napi_value array, uint32_t index);
// A property of an object; what its getter throws goes on.
napi_value read_field(napi_env env, napi_value object, const char* name, const std::string& where);

template <typename Item, typename Read>
std::vector<Item> read_array(napi_env env, napi_value array, const std::string& where, Read read) {
  const uint32_t count = read_length(env, array, where);
  std::vector<Item> items;
  for (uint32_t i = 0; i < count; ++i)
    items.push_back(read(env, read_element(env, array, i), where));
  return items;
}
std::vector<int64_t> read_integers(napi_env env, napi_value value, const std::string& where);
std::vector<std::string> read_strings(napi_env env, napi_value value, const std::string& where);

// The memory of a typed array, DataView or ArrayBuffer, valid until JavaScript runs again.
struct Bytes {
  void* data;
  size_t size;
};
Bytes read_bytes(napi_env env, napi_value value, const std::string& where);
// The elements of a Uint32Array or Uint8Array, valid until JavaScript runs again.
std::span<const uint32_t> read_uint32s(napi_env env, napi_value value, const std::string& where);
std::span<const uint8_t> read_uint8s(napi_env env, napi_value value, const std::string& where);

}  // namespace palabra::js
