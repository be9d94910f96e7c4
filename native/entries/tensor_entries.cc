#include <ATen/ops/empty.h>

#include <cstring>

#include "dispatch/names.h"
#include "entries/entries.h"
#include "fake/exchange.h"
#include "fake/mode.h"
#include "node/error.h"
#include "programs/recording/tracer.h"
#include "tensors/gradients.h"
#include "tensors/slot_values.h"

namespace palabra {

namespace {

// The tensor of the first argument, which is free for what the entry does with it.
const at::Tensor& tensor_of(Environment& environment, const Napi::CallbackInfo& info,
                            const char* where, Access access = Access::kShape) {
  environment.entry = where;
  const SlotId slot = js::read_slot(environment.env, info[0], where);
  const at::Tensor& tensor = environment.slots.get(slot);
  environment.busy.expect_free(tensor, access, where);
  if (environment.tracer) environment.tracer->note_look(slot);
  return tensor;
}

// Elements of a shape, without overflow.
int64_t checked_numel(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) {
      throw_error("PAL_SHAPE", {"fromData", "sizes of at least 0 whose product fits 63 bits",
                                std::to_string(size)});
    }
  }
  return count;
}

void check_byte_count(const char* where, int64_t numel, at::ScalarType dtype, size_t given) {
  int64_t wanted;
  if (!__builtin_mul_overflow(numel, static_cast<int64_t>(c10::elementSize(dtype)), &wanted) &&
      wanted == static_cast<int64_t>(given)) {
    return;
  }
  throw_error("PAL_SHAPE", {where, std::to_string(numel) + " elements of " + format_dtype(dtype),
                            std::to_string(given) + " bytes"});
}

napi_value from_data(Environment& environment, const Napi::CallbackInfo& info) {
  environment.entry = "fromData";
  const auto shape = js::read_integers(environment.env, info[1], "fromData, shape");
  const auto dtype =
      parse_dtype(js::read_string(environment.env, info[2], "fromData, dtype"), "fromData");
  // Last: reading the shape may run a getter, which could detach the data.
  const js::Bytes data = js::read_bytes(environment.env, info[0], "fromData, data");
  check_byte_count("fromData", checked_numel(shape), dtype, data.size);
  at::Tensor tensor = at::empty(shape, at::TensorOptions(dtype));
  if (data.size > 0 && !is_fake(tensor))
    std::memcpy(tensor.mutable_data_ptr(), data.data, data.size);
  return environment.hand_out(std::move(tensor));
}

void check_readable(const at::Tensor& tensor, const char* where) {
  if (tensor.layout() != at::kStrided || tensor.is_meta() || tensor.is_quantized()) {
    throw_error("PAL_UNSUPPORTED",
                {where, "a dense tensor with values",
                 std::string(tensor.is_meta() ? "a meta" : "a sparse or quantized") + " tensor",
                 "Call toDense() or dequantize() first."});
  }
}

napi_value to_bytes(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = tensor_of(environment, info, "toBytes", Access::kValues);
  refuse_while_recording(environment, "reading a tensor's data");
  check_readable(tensor, "data");
  const at::Tensor dense = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous();
  const size_t size = dense.numel() * dense.element_size();
  return js::make_array_buffer(environment.env, dense.const_data_ptr(), size);
}

napi_value write(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = tensor_of(environment, info, "write", Access::kChange);
  if (environment.tracer) {
    throw_error("PAL_PROGRAM",
                {"program", "operators only", "write(): a replay would not repeat it",
                 "Pass the data as an input of the program."});
  }
  check_readable(tensor, "write");
  const js::Bytes data = js::read_bytes(environment.env, info[1], "write, data");
  check_byte_count("write", tensor.numel(), tensor.scalar_type(), data.size);
  const OutsideFakeMode outside;
  at::Tensor source = at::empty(tensor.sizes(), at::TensorOptions(tensor.scalar_type()));
  if (data.size > 0) std::memcpy(source.mutable_data_ptr(), data.data, data.size);
  const c10::AutoGradMode no_gradients(false);
  tensor.copy_(source);
  return js::make_undefined(environment.env);
}

napi_value item(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = tensor_of(environment, info, "item", Access::kValues);
  refuse_while_recording(environment, "item()");
  check_readable(tensor, "item");
  if (tensor.numel() != 1) {
    throw_error("PAL_SHAPE", {"item", "a tensor with one element",
                              std::to_string(tensor.numel()) + " elements"});
  }
  const at::Scalar value = tensor.item();
  if (value.isBoolean()) return Napi::Boolean::New(environment.env, value.toBool());
  if (value.isFloatingPoint()) return js::make_number(environment.env, value.toDouble());
  if (value.isIntegral(false)) return js::make_integer(environment.env, value.toLong());
  throw_error("PAL_UNSUPPORTED", {"item", "a real number", "a complex one", "Use data()."});
}

Napi::Array integers_to_js(Napi::Env env, at::IntArrayRef values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); ++i)
    array[i] = Napi::Value(env, js::make_integer(env, values[i]));
  return array;
}

napi_value shape(Environment& environment, const Napi::CallbackInfo& info) {
  return integers_to_js(environment.env, tensor_of(environment, info, "shape").sizes());
}

napi_value strides(Environment& environment, const Napi::CallbackInfo& info) {
  return integers_to_js(environment.env, tensor_of(environment, info, "strides").strides());
}

napi_value dtype(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::String::New(environment.env,
                           format_dtype(tensor_of(environment, info, "dtype").scalar_type()));
}

napi_value device(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::String::New(environment.env, tensor_of(environment, info, "device").device().str());
}

napi_value is_contiguous(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(environment.env,
                            tensor_of(environment, info, "isContiguous").is_contiguous());
}

napi_value is_leaf(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(environment.env, tensor_of(environment, info, "isLeaf").is_leaf());
}

napi_value version(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = tensor_of(environment, info, "version");
  return js::make_integer(environment.env, tensor.is_inference() ? 0 : tensor._version());
}

napi_value requires_grad(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(environment.env,
                            tensor_of(environment, info, "requiresGrad").requires_grad());
}

napi_value set_requires_grad(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = tensor_of(environment, info, "requiresGrad", Access::kChange);
  const bool value = js::read_boolean(environment.env, info[1], "requiresGrad");
  if (!environment.tracer) {
    tensor.requires_grad_(value);
    return js::make_undefined(environment.env);
  }
  Tracer& tracer = *environment.tracer;
  const Register reg =
      tracer.find_register(js::read_slot(environment.env, info[0], "requiresGrad"));
  tensor.requires_grad_(value);
  tracer.note_use(tensor, kReshapes);
  tracer.add_step(RequiresGradStep{reg, value});
  return js::make_undefined(environment.env);
}

napi_value grad(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = tensor_of(environment, info, "grad", Access::kGradient);
  const at::Tensor found = get_gradient(tensor);
  if (environment.tracer)
    environment.tracer->note_gradient_look(js::read_slot(environment.env, info[0], "grad"));
  if (!found.defined()) return js::make_undefined(environment.env);
  if (environment.tracer) {
    Tracer& tracer = *environment.tracer;
    const Register reg = tracer.find_register(js::read_slot(environment.env, info[0], "grad"));
    tracer.note_use(tensor, kDifferentiates);
    tracer.add_step(GetGradStep{reg, tracer.expect_result(found)});
  }
  return environment.hand_out(found);
}

napi_value set_grad(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  const at::Tensor tensor = tensor_of(environment, info, "grad", Access::kGradient);
  const bool clears = js::is_absent(env, info[1]);
  const at::Tensor gradient =
      clears ? at::Tensor() : environment.slots.get(js::read_slot(env, info[1], "grad"));
  if (!clears) environment.busy.expect_free(gradient, Access::kShape, "grad");
  if (!environment.tracer) {
    set_gradient(tensor, gradient);
    return js::make_undefined(env);
  }
  Tracer& tracer = *environment.tracer;
  const Register reg = tracer.find_register(js::read_slot(env, info[0], "grad"));
  const Register from =
      clears ? kNoRegister : tracer.find_register(js::read_slot(env, info[1], "grad"));
  set_gradient(tensor, gradient);
  tracer.note_use(tensor, kDifferentiates);
  tracer.add_step(SetGradStep{reg, from});
  return js::make_undefined(env);
}

}  // namespace

std::vector<Export> list_tensor_entries() {
  return {make_export<from_data>("fromData"),
          make_export<to_bytes>("toBytes"),
          make_export<write>("write"),
          make_export<item>("item"),
          make_export<shape>("shape"),
          make_export<strides>("strides"),
          make_export<dtype>("dtype"),
          make_export<device>("device"),
          make_export<is_contiguous>("isContiguous"),
          make_export<is_leaf>("isLeaf"),
          make_export<version>("version"),
          make_export<requires_grad>("requiresGrad"),
          make_export<set_requires_grad>("setRequiresGrad"),
          make_export<grad>("grad"),
          make_export<set_grad>("setGrad")};
}

}  // namespace palabra
