#pragma once

#include <napi.h>

namespace palabra::data {

// The data part's surface for one environment; lib/native/data-addon.ts types it.
Napi::Object make_data_exports(Napi::Env env);

}  // namespace palabra::data
