#include "entries/entries.h"
#include "fake/mode.h"
#include "node/error.h"
#include "node/make_values.h"
#include "node/read_values.h"
#include "programs/recording/tracer.h"

namespace palabra {

namespace {

napi_value fake_enter(Environment& environment, const Napi::CallbackInfo&) {
  if (environment.tracer) {
    throw_error("PAL_PROGRAM", {"withFakeTensors", "no recording of a program under way",
                                "a recording", "Record nothing, or compute."});
  }
  environment.fake.push_back(std::make_unique<FakeMode>());
  return js::make_integer(environment.env, environment.fake.size());
}

napi_value fake_exit(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t depth = js::read_id(environment.env, info[0], "fakeExit, depth");
  if (depth == 0 || depth > environment.fake.size()) {
    throw_error("PAL_ARGUMENT",
                {"fakeExit", "the depth of an open pass without values", std::to_string(depth)});
  }
  // Innermost first: each restores what it found.
  while (environment.fake.size() >= depth) environment.fake.pop_back();
  return js::make_undefined(environment.env);
}

}  // namespace

std::vector<Export> list_fake_entries() {
  return {make_export<fake_enter>("fakeEnter"), make_export<fake_exit>("fakeExit")};
}

}  // namespace palabra
