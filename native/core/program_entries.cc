#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

#include "entries.h"
#include "error.h"
#include "js.h"
#include "recording.h"
#include "runtime.h"

namespace palabra {

namespace {

void append_tensor(std::string& key, const at::Tensor& tensor) {
  key += std::to_string(static_cast<int>(tensor.scalar_type())) + tensor.device().str();
  for (const int64_t size : tensor.sizes()) key += "," + std::to_string(size);
  key += tensor.requires_grad() ? "g;" : ";";
}

void append_modes(std::string& key) {
  key += c10::GradMode::is_enabled() ? "G" : "-";
  key += c10::InferenceMode::is_enabled() ? "I" : "-";
  if (at::autocast::is_autocast_enabled(at::kCPU)) {
    key += "A" + std::to_string(static_cast<int>(at::autocast::get_autocast_dtype(at::kCPU)));
  }
  if (at::autocast::is_autocast_enabled(at::kCUDA)) {
    key += "C" + std::to_string(static_cast<int>(at::autocast::get_autocast_dtype(at::kCUDA)));
  }
}

napi_value program_key(Environment& environment, const Napi::CallbackInfo& info) {
  std::string key;
  for (const SlotId id : js::slots(environment.env, info[0], "programKey, inputs")) {
    append_tensor(key, environment.slots.get(id));
  }
  append_modes(key);
  return Napi::String::New(environment.env, key);
}

napi_value record_begin(Environment& environment, const Napi::CallbackInfo& info) {
  if (environment.recording) {
    fail("PAL_PROGRAM", {"program", "one recording at a time", "a program inside a program",
                         "Call the inner function itself."});
  }
  environment.recording = std::make_unique<Recording>(
      environment, js::slots(environment.env, info[0], "recordBegin, inputs"));
  return js::undefined(environment.env);
}

napi_value record_end(Environment& environment, const Napi::CallbackInfo& info) {
  if (!environment.recording) fail("PAL_PROGRAM", {"recordEnd", "a recording under way", "none"});
  const auto outputs = js::slots(environment.env, info[0], "recordEnd, outputs");
  Program program = environment.recording->finish(outputs);
  environment.recording.reset();
  return js::integer_value(environment.env, environment.runtime->add(std::move(program)));
}

napi_value record_abort(Environment& environment, const Napi::CallbackInfo&) {
  environment.recording.reset();
  return js::undefined(environment.env);
}

napi_value recording(Environment& environment, const Napi::CallbackInfo&) {
  return Napi::Boolean::New(environment.env, environment.recording != nullptr);
}

void refuse_nested_run(const Environment& environment) {
  if (environment.recording) {
    fail("PAL_PROGRAM", {"program", "operators only", "the run of another program while recording",
                         "Call the inner function itself."});
  }
}

napi_value program_run(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  refuse_nested_run(environment);
  const uint32_t program = js::id(env, info[0], "programRun, program");
  const auto inputs = js::slots(env, info[1], "programRun, inputs");
  Napi::Function done = js::function(env, info[2], "programRun, done");
  return js::integer_value(env, environment.runtime->start(program, inputs, done));
}

napi_value program_run_sync(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  refuse_nested_run(environment);
  const uint32_t program = js::id(env, info[0], "programRunSync, program");
  const auto outputs =
      environment.runtime->run_here(program, js::slots(env, info[1], "programRunSync, inputs"));
  Napi::Array array = Napi::Array::New(env, outputs.size());
  for (uint32_t i = 0; i < outputs.size(); ++i)
    array[i] = Napi::Value(env, js::slot_value(env, outputs[i]));
  return array;
}

napi_value program_abort(Environment& environment, const Napi::CallbackInfo& info) {
  environment.runtime->abort(js::id(environment.env, info[0], "programAbort"));
  return js::undefined(environment.env);
}

napi_value program_dispose(Environment& environment, const Napi::CallbackInfo& info) {
  environment.runtime->remove(js::id(environment.env, info[0], "programDispose"));
  return js::undefined(environment.env);
}

napi_value program_instructions(Environment& environment, const Napi::CallbackInfo& info) {
  const auto program =
      environment.runtime->get(js::id(environment.env, info[0], "programInstructions"));
  Napi::Array lines = Napi::Array::New(environment.env, program->steps.size());
  for (uint32_t i = 0; i < program->steps.size(); ++i) lines[i] = step_text(program->steps[i]);
  return lines;
}

napi_value stop(Environment& environment, const Napi::CallbackInfo&) {
  environment.runtime->stop();
  return js::undefined(environment.env);
}

}  // namespace

std::vector<Export> program_entries() {
  return {exported<program_key>("programKey"),
          exported<record_begin>("recordBegin"),
          exported<record_end>("recordEnd"),
          exported<record_abort>("recordAbort"),
          exported<recording>("recording"),
          exported<program_run>("programRun"),
          exported<program_run_sync>("programRunSync"),
          exported<program_abort>("programAbort"),
          exported<program_dispose>("programDispose"),
          exported<program_instructions>("programInstructions"),
          exported<stop>("stop")};
}

}  // namespace palabra
