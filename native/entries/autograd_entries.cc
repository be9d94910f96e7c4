#include <c10/core/GradMode.h>

#include "dispatch/modes.h"
#include "dispatch/names.h"
#include "dispatch/settings/process_settings.h"
#include "entries/entries.h"
#include "node/error.h"
#include "programs/recording/tracer.h"
#include "programs/runtime.h"
#include "tensors/gradients.h"
#include "tensors/slot_values.h"

namespace palabra {

namespace {

using OptionalSlots = std::vector<std::optional<SlotId>>;

OptionalSlots optional_slots(Napi::Env env, napi_value value, const char* where) {
  OptionalSlots slots;
  for (uint32_t i = 0; i < js::read_length(env, value, where); ++i) {
    napi_value item = js::read_element(env, value, i);
    slots.push_back(js::is_absent(env, item)
                        ? std::nullopt
                        : std::optional<SlotId>(js::read_slot(env, item, where)));
  }
  return slots;
}

// The tensors of slots, which no run changes.
std::vector<at::Tensor> tensors(Environment& environment, const OptionalSlots& slots) {
  std::vector<at::Tensor> found;
  for (const auto& slot : slots) {
    found.push_back(slot ? environment.slots.get(*slot) : at::Tensor());
    if (slot) environment.busy.expect_free(found.back(), Access::kValues, environment.entry);
  }
  return found;
}

std::vector<at::Tensor> tensors(Environment& environment, const std::vector<SlotId>& slots) {
  return tensors(environment, OptionalSlots(slots.begin(), slots.end()));
}

napi_value backward(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  environment.entry = "backward";
  const auto roots = js::read_slots(env, info[0], "backward, roots");
  const auto gradients = optional_slots(env, info[1], "backward, gradients");
  const bool retain = js::read_boolean(env, info[2], "backward, retainGraph");
  const bool create = js::read_boolean(env, info[3], "backward, createGraph");
  const auto from = tensors(environment, roots);
  environment.busy.expect_free_graph(from, true, "backward");
  if (!environment.tracer) {
    run_backward(from, tensors(environment, gradients), retain, create);
    return js::make_undefined(env);
  }
  Tracer& tracer = *environment.tracer;
  BackwardStep step{tracer.find_registers(roots), tracer.find_registers(gradients), retain, create};
  run_backward(from, tensors(environment, gradients), retain, create);
  tracer.add_step(std::move(step));
  return js::make_undefined(env);
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
  const auto outputs = js::read_slots(env, info[0], "grad, outputs");
  const auto inputs = js::read_slots(env, info[1], "grad, inputs");
  const auto grad_outputs = optional_slots(env, info[2], "grad, gradOutputs");
  const bool retain = js::read_boolean(env, info[3], "grad, retainGraph");
  const bool create = js::read_boolean(env, info[4], "grad, createGraph");
  const bool unused = js::read_boolean(env, info[5], "grad, allowUnused");
  environment.busy.expect_free_graph(tensors(environment, outputs), false, "grad");
  const auto found = compute_gradients(tensors(environment, outputs), tensors(environment, inputs),
                                       tensors(environment, grad_outputs), retain, create, unused);
  if (environment.tracer) {
    Tracer& tracer = *environment.tracer;
    GradientsStep step{tracer.find_registers(outputs),
                       tracer.find_registers(inputs),
                       tracer.find_registers(grad_outputs),
                       {},
                       retain,
                       create,
                       unused};
    for (const at::Tensor& tensor : found) step.results.push_back(tracer.expect_result(tensor));
    tracer.add_step(std::move(step));
  }
  return hand_out_gradients(environment, found);
}

// Applies a mode now, and at each replay of what is being recorded.
void apply_mode(Environment& environment, std::string name, std::function<void()> apply) {
  apply();
  if (environment.tracer) environment.tracer->add_step(ModeStep{std::move(name), std::move(apply)});
}

napi_value grad_mode(Environment& environment, const Napi::CallbackInfo&) {
  return Napi::Boolean::New(environment.env, c10::GradMode::is_enabled());
}

napi_value set_grad_mode(Environment& environment, const Napi::CallbackInfo& info) {
  const bool before = c10::GradMode::is_enabled();
  const bool enabled = js::read_boolean(environment.env, info[0], "setGradMode");
  apply_mode(environment, enabled ? "gradMode(true)" : "gradMode(false)",
             [enabled] { c10::GradMode::set_enabled(enabled); });
  return Napi::Boolean::New(environment.env, before);
}

void refuse_inference_while_recording(const Environment& environment) {
  if (!environment.tracer) return;
  throw_error("PAL_PROGRAM",
              {"program", "inferenceMode() around the program", "inferenceMode() inside it",
               "Use noGrad() inside, or run the whole program in inferenceMode()."});
}

napi_value inference_enter(Environment& environment, const Napi::CallbackInfo&) {
  refuse_inference_while_recording(environment);
  environment.inference.push_back(std::make_unique<c10::InferenceMode>());
  return js::make_integer(environment.env, environment.inference.size());
}

napi_value inference_exit(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t depth = js::read_id(environment.env, info[0], "inferenceExit, depth");
  if (depth == 0 || depth > environment.inference.size()) {
    throw_error("PAL_ARGUMENT",
                {"inferenceExit", "the depth of an open inference mode", std::to_string(depth)});
  }
  // The modes end innermost first: each restores what it found.
  while (environment.inference.size() >= depth) environment.inference.pop_back();
  return js::make_undefined(environment.env);
}

napi_value set_anomaly_mode(Environment& environment, const Napi::CallbackInfo& info) {
  environment.runtime->expect_idle("detectAnomaly");
  const bool enabled = js::read_boolean(environment.env, info[0], "anomalyMode, enabled");
  const bool check_nan = js::read_boolean(environment.env, info[1], "anomalyMode, checkNan");
  anomaly_mode().ask(&environment, enabled ? 1 + int{check_nan} : 0);
  return js::make_undefined(environment.env);
}

napi_value grad_function(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor =
      environment.slots.get(js::read_slot(environment.env, info[0], "gradFunction"));
  environment.busy.expect_free(tensor, Access::kShape, "gradFunction");
  if (environment.tracer)
    environment.tracer->note_look(js::read_slot(environment.env, info[0], "gradFunction"));
  const std::string name = name_grad_function(tensor);
  if (name.empty()) return js::make_undefined(environment.env);
  return Napi::String::New(environment.env, name);
}

at::DeviceType device_type(Environment& environment, napi_value value) {
  const c10::Device device(js::read_string(environment.env, value, "autocast, deviceType"));
  if (!supports_autocast(device.type())) {
    throw_error("PAL_DEVICE", {"autocast", "a device type with autocast", device.str()});
  }
  return device.type();
}

napi_value read_autocast(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "autocast";
  const at::DeviceType type = device_type(environment, info[0]);
  const auto dtype = get_autocast(type);
  if (!dtype) return js::make_undefined(environment.env);
  return Napi::String::New(environment.env, format_dtype(*dtype));
}

napi_value write_autocast(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "autocast";
  const at::DeviceType type = device_type(environment, info[0]);
  std::optional<at::ScalarType> dtype;
  if (!js::is_absent(environment.env, info[1]))
    dtype = parse_dtype(js::read_string(environment.env, info[1], "autocast, dtype"), "autocast");
  if (dtype && *dtype != at::kBFloat16 && *dtype != at::kHalf)
    throw_error("PAL_DTYPE", {"autocast", "bfloat16 or float16", format_dtype(*dtype)});
  apply_mode(environment, "autocast", [type, dtype] { set_autocast(type, dtype); });
  return js::make_undefined(environment.env);
}

}  // namespace

std::vector<Export> list_autograd_entries() {
  return {make_export<backward>("backward"),
          make_export<gradients>("gradients"),
          make_export<grad_mode>("gradMode"),
          make_export<set_grad_mode>("setGradMode"),
          make_export<inference_enter>("inferenceEnter"),
          make_export<inference_exit>("inferenceExit"),
          make_export<set_anomaly_mode>("setAnomalyMode"),
          make_export<grad_function>("gradFunction"),
          make_export<read_autocast>("autocast"),
          make_export<write_autocast>("setAutocast")};
}

}  // namespace palabra
