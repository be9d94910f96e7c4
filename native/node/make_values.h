// Results as values of JavaScript.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace palabra::js {

napi_value make_undefined(napi_env env);
napi_value make_number(napi_env env, double value);
// An integer as a number, or as a bigint past 2^53.
napi_value make_integer(napi_env env, int64_t value);

// An ArrayBuffer, a Uint8Array or an Int32Array with a copy of memory.
napi_value make_array_buffer(napi_env env, const void* data, size_t size);
napi_value make_uint8_array(napi_env env, const std::string& bytes);
napi_value make_int32_array(napi_env env, const std::vector<int32_t>& elements);

// A Uint32Array of the elements; a large one takes over their memory.
napi_value make_uint32_array(napi_env env, std::vector<uint32_t> elements);

}  // namespace palabra::js
