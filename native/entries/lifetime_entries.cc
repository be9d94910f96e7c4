#include "dispatch/settings/process_settings.h"
#include "entries/entries.h"
#include "fake/mode.h"
#include "node/error.h"
#include "programs/recording/tracer.h"
#include "tensors/memory_counter.h"
#include "tensors/slot_values.h"

namespace palabra {

namespace {

SlotId slot_of(Environment& environment, const Napi::CallbackInfo& info, const char* where) {
  return js::read_slot(environment.env, info[0], where);
}

napi_value dispose(Environment& environment, const Napi::CallbackInfo& info) {
  environment.slots.dispose(slot_of(environment, info, "dispose"));
  environment.report_external();
  return js::make_undefined(environment.env);
}

napi_value is_live(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(environment.env,
                            environment.slots.live(slot_of(environment, info, "isLive")));
}

napi_value alias(Environment& environment, const Napi::CallbackInfo& info) {
  const SlotId from = slot_of(environment, info, "alias");
  const SlotId to = environment.slots.add(environment.slots.get(from));
  if (environment.tracer) environment.tracer->add_alias(from, to);
  return js::make_slot(environment.env, to);
}

napi_value scope_enter(Environment& environment, const Napi::CallbackInfo&) {
  return js::make_integer(environment.env, environment.slots.enter_scope());
}

Napi::Array slots_to_js(Napi::Env env, const std::vector<SlotId>& slots) {
  Napi::Array array = Napi::Array::New(env, slots.size());
  for (uint32_t i = 0; i < slots.size(); ++i)
    array[i] = Napi::Value(env, js::make_slot(env, slots[i]));
  return array;
}

napi_value scope_exit(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t depth = js::read_id(environment.env, info[0], "scopeExit, depth");
  const bool keeps = !js::is_absent(environment.env, info[1]);
  const auto keep =
      keeps ? js::read_slots(environment.env, info[1], "scopeExit, keep") : std::vector<SlotId>();
  const auto moved = environment.slots.exit_scope(depth, keep);
  environment.report_external();
  return slots_to_js(environment.env, moved);
}

napi_value scope_release(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t depth = js::read_id(environment.env, info[0], "scopeRelease, depth");
  return slots_to_js(environment.env, environment.slots.release_scope(depth));
}

napi_value escape(Environment& environment, const Napi::CallbackInfo& info) {
  environment.slots.escape(slot_of(environment, info, "escape"));
  environment.report_external();
  return js::make_undefined(environment.env);
}

// Within a pass without values, what its tensors would hold.
AllocatedBytes find_allocated_bytes(const Environment& environment) {
  if (environment.fake.empty()) return get_allocated_bytes();
  const FakeMemory& memory = environment.fake.back()->memory();
  return {memory.now(), memory.peak()};
}

napi_value memory_stats(Environment& environment, const Napi::CallbackInfo&) {
  const SlotTable& slots = environment.slots;
  const int64_t bytes = slots.live_bytes(environment.busy);
  Napi::Object stats = Napi::Object::New(environment.env);
  stats["liveSlots"] = static_cast<double>(slots.live_slots());
  stats["liveBytes"] = static_cast<double>(bytes);
  stats["peakBytes"] = static_cast<double>(std::max(bytes, slots.peak_bytes()));
  const AllocatedBytes allocated = find_allocated_bytes(environment);
  stats["allocatedBytes"] = static_cast<double>(allocated.now);
  stats["peakAllocatedBytes"] = static_cast<double>(allocated.peak);
  stats["processLiveSlots"] = static_cast<double>(process_live_slots.load());
  stats["openScopes"] = static_cast<double>(slots.open_scopes());
  return stats;
}

napi_value reset_peak(Environment& environment, const Napi::CallbackInfo&) {
  environment.slots.reset_peak();
  if (environment.fake.empty())
    reset_allocated_peak();
  else
    environment.fake.back()->memory().reset_peak();
  return js::make_undefined(environment.env);
}

napi_value set_memory_limit(Environment& environment, const Napi::CallbackInfo& info) {
  const int64_t bytes = js::read_integer(environment.env, info[0], "setMemoryLimit, bytes");
  if (bytes < 0) {
    throw_error("PAL_ARGUMENT", {"setMemoryLimit", "bytes of at least 0", std::to_string(bytes)});
  }
  memory_limit().ask(&environment, -bytes);
  return js::make_undefined(environment.env);
}

}  // namespace

std::vector<Export> list_lifetime_entries() {
  return {make_export<dispose>("dispose"),      make_export<is_live>("isLive"),
          make_export<alias>("alias"),          make_export<scope_enter>("scopeEnter"),
          make_export<scope_exit>("scopeExit"), make_export<scope_release>("scopeRelease"),
          make_export<escape>("escape"),        make_export<memory_stats>("memoryStats"),
          make_export<reset_peak>("resetPeak"), make_export<set_memory_limit>("setMemoryLimit")};
}

}  // namespace palabra
