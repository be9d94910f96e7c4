#pragma once

#include <napi.h>

namespace palabra::text {

// The text part's surface for one environment; lib/native/text-addon.ts is its typed twin.
Napi::Object text_exports(Napi::Env env);

}  // namespace palabra::text
