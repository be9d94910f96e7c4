#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/function.h>

#include "entries.h"
#include "error.h"
#include "gradients.h"
#include "js.h"
#include "names.h"
#include "recording.h"

namespace palabra {

namespace {

using OptionalSlots = std::vector<std::optional<SlotId>>;

OptionalSlots optional_slots(Napi::Env env, napi_value value, const char* where) {
  OptionalSlots slots;
  for (uint32_t i = 0; i < js::length(env, value, where); ++i) {
    napi_value item = js::element(env, value, i);
    slots.push_back(js::absent(env, item) ? std::nullopt
                                          : std::optional<SlotId>(js::slot(env, item, where)));
  }
  return slots;
}

std::vector<at::Tensor> tensors(Environment& environment, const OptionalSlots& slots) {
  std::vector<at::Tensor> found;
  for (const auto& slot : slots)
    found.push_back(slot ? environment.slots.get(*slot) : at::Tensor());
  return found;
}

std::vector<at::Tensor> tensors(Environment& environment, const std::vector<SlotId>& slots) {
  return tensors(environment, OptionalSlots(slots.begin(), slots.end()));
}

napi_value backward(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  environment.entry = "backward";
  const auto roots = js::slots(env, info[0], "backward, roots");
  const auto gradients = optional_slots(env, info[1], "backward, gradients");
  const bool retain = js::boolean(env, info[2], "backward, retainGraph");
  const bool create = js::boolean(env, info[3], "backward, createGraph");
  if (environment.recording) {
    Recording& recording = *environment.recording;
    recording.add(BackwardStep{recording.registers_of(roots), recording.registers_of(gradients),
                               retain, create});
  }
  run_backward(tensors(environment, roots), tensors(environment, gradients), retain, create);
  return js::undefined(env);
}

napi_value hand_out_gradients(Environment& environment, const std::vector<at::Tensor>& found) {
  Napi::Array array = Napi::Array::New(environment.env, found.size());
  for (uint32_t i = 0; i < found.size(); ++i) {
    if (found[i].defined())
      array[i] = environment.hand_out(found[i]);
    else
      array[i] = environment.env.Undefined();
  }
  return array;
}

napi_value gradients(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  environment.entry = "grad";
  const auto outputs = js::slots(env, info[0], "grad, outputs");
  const auto inputs = js::slots(env, info[1], "grad, inputs");
  const auto grad_outputs = optional_slots(env, info[2], "grad, gradOutputs");
  const bool retain = js::boolean(env, info[3], "grad, retainGraph");
  const bool create = js::boolean(env, info[4], "grad, createGraph");
  const bool unused = js::boolean(env, info[5], "grad, allowUnused");
  const auto found = run_gradients(tensors(environment, outputs), tensors(environment, inputs),
                                   tensors(environment, grad_outputs), retain, create, unused);
  if (environment.recording) {
    Recording& recording = *environment.recording;
    GradientsStep step{recording.registers_of(outputs),
                       recording.registers_of(inputs),
                       recording.registers_of(grad_outputs),
                       {},
                       retain,
                       create,
                       unused};
    for (const at::Tensor& tensor : found) step.results.push_back(recording.expect_result(tensor));
    recording.add(std::move(step));
  }
  return hand_out_gradients(environment, found);
}

// Applies a mode now, and at each replay of what is being recorded.
void apply_mode(Environment& environment, std::string name, std::function<void()> apply) {
  apply();
  if (environment.recording)
    environment.recording->add(ModeStep{std::move(name), std::move(apply)});
}

napi_value grad_mode(Environment& environment, const Napi::CallbackInfo&) {
  return Napi::Boolean::New(environment.env, c10::GradMode::is_enabled());
}

napi_value set_grad_mode(Environment& environment, const Napi::CallbackInfo& info) {
  const bool before = c10::GradMode::is_enabled();
  const bool enabled = js::boolean(environment.env, info[0], "setGradMode");
  apply_mode(environment, enabled ? "gradMode(true)" : "gradMode(false)",
             [enabled] { c10::GradMode::set_enabled(enabled); });
  return Napi::Boolean::New(environment.env, before);
}

void refuse_inference_while_recording(const Environment& environment) {
  if (!environment.recording) return;
  fail("PAL_PROGRAM", {"program", "inferenceMode() around the program", "inferenceMode() inside it",
                       "Use noGrad() inside, or run the whole program in inferenceMode()."});
}

napi_value inference_enter(Environment& environment, const Napi::CallbackInfo&) {
  refuse_inference_while_recording(environment);
  environment.inference.push_back(std::make_unique<c10::InferenceMode>());
  return js::integer_value(environment.env, environment.inference.size());
}

napi_value inference_exit(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t depth = js::id(environment.env, info[0], "inferenceExit, depth");
  if (depth == 0 || depth > environment.inference.size()) {
    fail("PAL_ARGUMENT",
         {"inferenceExit", "the depth of an open inference mode", std::to_string(depth)});
  }
  // The modes end innermost first: each restores what it found.
  while (environment.inference.size() >= depth) environment.inference.pop_back();
  return js::undefined(environment.env);
}

napi_value set_anomaly_mode(Environment& environment, const Napi::CallbackInfo& info) {
  torch::autograd::AnomalyMode::set_enabled(
      js::boolean(environment.env, info[0], "anomalyMode, enabled"),
      js::boolean(environment.env, info[1], "anomalyMode, checkNan"));
  return js::undefined(environment.env);
}

napi_value grad_function(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor =
      environment.slots.get(js::slot(environment.env, info[0], "gradFunction"));
  const auto& node = tensor.grad_fn();
  if (!node) return js::undefined(environment.env);
  return Napi::String::New(environment.env, node->name());
}

at::DeviceType device_type(Environment& environment, napi_value value) {
  const c10::Device device(js::string(environment.env, value, "autocast, deviceType"));
  if (!at::autocast::is_autocast_available(device.type())) {
    fail("PAL_DEVICE", {"autocast", "a device type with autocast", device.str()});
  }
  return device.type();
}

napi_value autocast(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "autocast";
  const at::DeviceType type = device_type(environment, info[0]);
  if (!at::autocast::is_autocast_enabled(type)) return js::undefined(environment.env);
  return Napi::String::New(environment.env, dtype_name(at::autocast::get_autocast_dtype(type)));
}

napi_value set_autocast(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "autocast";
  const at::DeviceType type = device_type(environment, info[0]);
  const bool enabled = !js::absent(environment.env, info[1]);
  const at::ScalarType dtype =
      enabled ? dtype_named(js::string(environment.env, info[1], "autocast, dtype"), "autocast")
              : at::kFloat;
  if (enabled && dtype != at::kBFloat16 && dtype != at::kHalf) {
    fail("PAL_DTYPE", {"autocast", "bfloat16 or float16", dtype_name(dtype)});
  }
  apply_mode(environment, "autocast", [type, enabled, dtype] {
    if (enabled) at::autocast::set_autocast_dtype(type, dtype);
    at::autocast::set_autocast_enabled(type, enabled);
    at::autocast::clear_cache();
  });
  return js::undefined(environment.env);
}

}  // namespace

std::vector<Export> autograd_entries() {
  return {exported<backward>("backward"),
          exported<gradients>("gradients"),
          exported<grad_mode>("gradMode"),
          exported<set_grad_mode>("setGradMode"),
          exported<inference_enter>("inferenceEnter"),
          exported<inference_exit>("inferenceExit"),
          exported<set_anomaly_mode>("setAnomalyMode"),
          exported<grad_function>("gradFunction"),
          exported<autocast>("autocast"),
          exported<set_autocast>("setAutocast")};
}

}  // namespace palabra
