#pragma once

#include <string>
#include <vector>

#include "node/make_values.h"
#include "node/read_values.h"
#include "tensors/slots.h"

// Slots as values of JavaScript.
namespace palabra::js {

inline SlotId read_slot(napi_env env, napi_value value, const std::string& where) {
  double id;
  if (napi_get_value_double(env, value, &id) != napi_ok || !(id >= 0 && id <= kMaxSafe) ||
      static_cast<double>(static_cast<SlotId>(id)) != id) {
    throw_argument(env, value, where, "a tensor");
  }
  return static_cast<SlotId>(id);
}

inline std::vector<SlotId> read_slots(napi_env env, napi_value value, const std::string& where) {
  return read_array<SlotId>(env, value, where, read_slot);
}

inline napi_value make_slot(napi_env env, SlotId id) {
  return make_number(env, static_cast<double>(id));
}

}  // namespace palabra::js
