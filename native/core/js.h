#pragma once

#include <ATen/core/Tensor.h>
#include <napi.h>

#include <string>
#include <vector>

#include "slots.h"

namespace palabra::js {

// A value in brief, for an error: `"text"`, `12`, `array of 3`, `undefined`.
std::string describe(napi_env env, napi_value value);

// Each reads one argument and throws PAL_ARGUMENT, naming `where`, when it is of another kind.
double number(napi_env env, napi_value value, const std::string& where);
int64_t integer(napi_env env, napi_value value, const std::string& where);
bool boolean(napi_env env, napi_value value, const std::string& where);
std::string string(napi_env env, napi_value value, const std::string& where);
SlotId slot(napi_env env, napi_value value, const std::string& where);
uint32_t id(napi_env env, napi_value value, const std::string& where);
uint64_t seed(napi_env env, napi_value value, const std::string& where);
std::vector<int64_t> integers(napi_env env, napi_value value, const std::string& where);
std::vector<SlotId> slots(napi_env env, napi_value value, const std::string& where);
Napi::Function function(napi_env env, napi_value value, const std::string& where);
bool absent(napi_env env, napi_value value);

// The length of an array of at most kMaxLength elements.
constexpr uint32_t kMaxLength = 1u << 20;
uint32_t length(napi_env env, napi_value array, const std::string& where);
napi_value element(napi_env env, napi_value array, uint32_t index);

// The memory of a typed array, DataView or ArrayBuffer, valid until JavaScript runs again.
struct Bytes {
  void* data;
  size_t size;
};
Bytes bytes(napi_env env, napi_value value, const std::string& where);

// An integer as a number, or as a bigint past 2^53.
napi_value integer_value(napi_env env, int64_t value);
napi_value number_value(napi_env env, double value);
napi_value slot_value(napi_env env, SlotId id);
napi_value undefined(napi_env env);

}  // namespace palabra::js
