// Reading what JavaScript hands in. Each throws PAL_ARGUMENT, naming `where`, at a value of another
// kind.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace palabra::text {

std::string string(napi_env env, napi_value value, const std::string& where);

// A string with kPadding bytes of zero behind its UTF-8; `out` is overwritten from `at` on.
void append_utf8(napi_env env, napi_value value, const std::string& where, std::string& out);

bool boolean(napi_env env, napi_value value, const std::string& where);

// An integer from 0 to `most`.
uint64_t count(napi_env env, napi_value value, const std::string& where, uint64_t most);

Napi::Function function(napi_env env, napi_value value, const std::string& where);

std::vector<std::string> strings(napi_env env, napi_value value, const std::string& where);

// The elements of a Uint32Array, valid until JavaScript runs again.
std::span<const uint32_t> integers(napi_env env, napi_value value, const std::string& where);

// The bytes of a Uint8Array, valid until JavaScript runs again.
std::span<const uint8_t> bytes(napi_env env, napi_value value, const std::string& where);

// A property of an object; what its getter throws goes on.
napi_value field(napi_env env, napi_value object, const char* name, const std::string& where);

bool absent(napi_env env, napi_value value);

}  // namespace palabra::text
