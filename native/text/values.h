// Results as values of JavaScript.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace palabra::text {

// A Uint32Array of the elements; a large one takes over their memory.
napi_value uint32_array(Napi::Env env, std::vector<uint32_t> elements);

// A Uint8Array of the bytes.
napi_value uint8_array(Napi::Env env, const std::string& bytes);

}  // namespace palabra::text
