#pragma once

#include <napi.h>

namespace palabra::text {

// The text part's surface for one environment; lib/native/text-addon.ts types it.
Napi::Object make_text_exports(Napi::Env env);

}  // namespace palabra::text
