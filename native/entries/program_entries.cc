#include <ATen/ThreadLocalState.h>

#include "dispatch/modes.h"
#include "entries/entries.h"
#include "node/error.h"
#include "node/handles.h"
#include "programs/recording/tracer.h"
#include "programs/runtime.h"
#include "tensors/slot_values.h"

namespace palabra {

// The modes and the generator of a moment.
struct Modes {
  at::ThreadLocalState state;
  uint32_t generator_id;
  at::Generator generator;
};

template <>
struct Tag<Modes> {
  static constexpr const char* name = "modes";
  static constexpr napi_type_tag value = {0x70616c616272614dull, 0x6f64657300000001ull};
};

namespace {

void append_tensor(std::string& key, const at::Tensor& tensor) {
  key += std::to_string(static_cast<int>(tensor.scalar_type())) + tensor.device().str();
  for (const int64_t size : tensor.sizes()) key += "," + std::to_string(size);
  // Steps along axes of one element mean nothing.
  for (int64_t dim = 0; dim < tensor.dim() && tensor.layout() == at::kStrided; ++dim)
    if (tensor.size(dim) > 1) key += "/" + std::to_string(tensor.stride(dim));
  key += tensor.is_leaf() ? "l" : "";
  key += tensor.requires_grad() ? "g;" : ";";
}

napi_value program_key(Environment& environment, const Napi::CallbackInfo& info) {
  std::string key;
  for (const SlotId id : js::read_slots(environment.env, info[0], "programKey, inputs")) {
    const at::Tensor& tensor = environment.slots.get(id);
    environment.busy.expect_free(tensor, Access::kShape, "programKey");
    append_tensor(key, tensor);
  }
  return Napi::String::New(environment.env, key + format_modes());
}

napi_value record_begin(Environment& environment, const Napi::CallbackInfo& info) {
  if (environment.tracer) {
    throw_error("PAL_PROGRAM", {"program", "one recording at a time", "a program inside a program",
                                "Call the inner function itself."});
  }
  environment.tracer = std::make_unique<Tracer>(
      environment, js::read_slots(environment.env, info[0], "recordBegin, inputs"));
  return js::make_undefined(environment.env);
}

napi_value record_end(Environment& environment, const Napi::CallbackInfo& info) {
  if (!environment.tracer)
    throw_error("PAL_PROGRAM", {"recordEnd", "a recording under way", "none"});
  const auto outputs = js::read_slots(environment.env, info[0], "recordEnd, outputs");
  Graph graph = environment.tracer->finish(outputs);
  environment.tracer.reset();
  return js::make_integer(environment.env, environment.runtime->add(std::move(graph)));
}

napi_value record_abort(Environment& environment, const Napi::CallbackInfo&) {
  environment.tracer.reset();
  return js::make_undefined(environment.env);
}

napi_value recording(Environment& environment, const Napi::CallbackInfo&) {
  return Napi::Boolean::New(environment.env, environment.tracer != nullptr);
}

napi_value make_slots(napi_env env, const std::vector<SlotId>& slots) {
  Napi::Array array = Napi::Array::New(env, slots.size());
  for (uint32_t i = 0; i < slots.size(); ++i)
    array[i] = Napi::Value(env, js::make_slot(env, slots[i]));
  return array;
}

void refuse_nested_run(const Environment& environment) {
  if (environment.tracer) {
    throw_error("PAL_PROGRAM",
                {"program", "operators only", "the run of another program while recording",
                 "Call the inner function itself."});
  }
}

napi_value program_run(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  refuse_nested_run(environment);
  const uint32_t program = js::read_id(env, info[0], "programRun, program");
  const auto inputs = js::read_slots(env, info[1], "programRun, inputs");
  Napi::Function done = js::read_function(env, info[2], "programRun, done");
  return std::visit(
      [env](const auto started) { return js::make_integer(env, static_cast<int64_t>(started)); },
      environment.runtime->start(program, inputs, done));
}

napi_value program_run_sync(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  refuse_nested_run(environment);
  const uint32_t program = js::read_id(env, info[0], "programRunSync, program");
  const auto run = environment.runtime->run_here(
      program, js::read_slots(env, info[1], "programRunSync, inputs"));
  if (const Misfit* misfit = std::get_if<Misfit>(&run))
    return js::make_integer(env, static_cast<int64_t>(*misfit));
  return make_slots(env, std::get<std::vector<SlotId>>(run));
}

napi_value save_modes(Environment& environment, const Napi::CallbackInfo&) {
  const uint32_t id = environment.generator;
  return wrap(environment.env, std::make_shared<Modes>(Modes{at::ThreadLocalState(), id,
                                                             environment.generators.at(id)}));
}

// Sets the modes of this thread, and gives those before.
napi_value set_modes(Environment& environment, const Napi::CallbackInfo& info) {
  const std::shared_ptr<Modes> modes = unwrap<Modes>(environment.env, info[0], "setModes");
  napi_value before = save_modes(environment, info);
  at::ThreadLocalState::setThreadLocalState(modes->state);
  // A generator that was disposed of meanwhile is the run's alone.
  environment.generators.emplace(modes->generator_id, modes->generator);
  environment.generator = modes->generator_id;
  return before;
}

napi_value program_hold(Environment& environment, const Napi::CallbackInfo& info) {
  Usage usage;
  for (const SlotId id : js::read_slots(environment.env, info[0], "programHold, inputs"))
    usage.add(environment.slots.get(id), kReads);
  return js::make_integer(environment.env, environment.busy.add(std::move(usage)));
}

napi_value program_release(Environment& environment, const Napi::CallbackInfo& info) {
  environment.busy.remove(js::read_id(environment.env, info[0], "programRelease"));
  return js::make_undefined(environment.env);
}

napi_value program_abort(Environment& environment, const Napi::CallbackInfo& info) {
  environment.runtime->abort(js::read_id(environment.env, info[0], "programAbort"));
  return js::make_undefined(environment.env);
}

napi_value program_dispose(Environment& environment, const Napi::CallbackInfo& info) {
  environment.runtime->remove(js::read_id(environment.env, info[0], "programDispose"));
  return js::make_undefined(environment.env);
}

napi_value program_instructions(Environment& environment, const Napi::CallbackInfo& info) {
  const auto graph =
      environment.runtime->get(js::read_id(environment.env, info[0], "programInstructions"));
  Napi::Array lines = Napi::Array::New(environment.env, graph->steps.size());
  for (uint32_t i = 0; i < graph->steps.size(); ++i) lines[i] = format_step(graph->steps[i]);
  return lines;
}

napi_value program_externals(Environment& environment, const Napi::CallbackInfo& info) {
  const auto graph =
      environment.runtime->get(js::read_id(environment.env, info[0], "programExternals"));
  std::vector<SlotId> slots;
  for (const auto& [slot, reg] : graph->externals) slots.push_back(slot);
  return make_slots(environment.env, slots);
}

napi_value stop(Environment& environment, const Napi::CallbackInfo&) {
  environment.runtime->stop();
  return js::make_undefined(environment.env);
}

}  // namespace

std::vector<Export> list_program_entries() {
  return {make_export<program_key>("programKey"),
          make_export<record_begin>("recordBegin"),
          make_export<record_end>("recordEnd"),
          make_export<record_abort>("recordAbort"),
          make_export<recording>("recording"),
          make_export<program_run>("programRun"),
          make_export<program_run_sync>("programRunSync"),
          make_export<save_modes>("saveModes"),
          make_export<set_modes>("setModes"),
          make_export<program_hold>("programHold"),
          make_export<program_release>("programRelease"),
          make_export<program_abort>("programAbort"),
          make_export<program_dispose>("programDispose"),
          make_export<program_instructions>("programInstructions"),
          make_export<program_externals>("programExternals"),
          make_export<stop>("stop")};
}

}  // namespace palabra
