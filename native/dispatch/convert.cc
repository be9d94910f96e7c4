#include "dispatch/convert.h"

#include <ATen/core/ivalue.h>

#include <cmath>

#include "dispatch/names.h"
#include "node/error.h"
#include "node/make_values.h"
#include "node/read_values.h"

namespace palabra {

namespace {

constexpr double kMaxSafe = 9007199254740991.0;

// Reads the arguments of one call.
class ArgumentReader {
 public:
  ArgumentReader(Environment& environment, const Operator& op, const napi_value* args, size_t count)
      : environment_(environment), env_(environment.env), op_(op), args_(args), count_(count) {}

  void push_all(torch::jit::Stack& stack) {
    if (count_ > op_.arguments.size()) {
      throw_error("PAL_ARGUMENT",
                  {op_.name, "at most " + std::to_string(op_.arguments.size()) + " arguments",
                   std::to_string(count_)});
    }
    const size_t start = stack.size();
    for (size_t i = 0; i < op_.arguments.size(); ++i) stack.push_back(read(i));
    fill_generator(stack, start);
  }

 private:
  std::string where(const Parameter& parameter) const { return op_.name + ", " + parameter.name; }

  [[noreturn]] void wrong(const Parameter& parameter, napi_value value) const {
    throw_error("PAL_ARGUMENT", {where(parameter), parameter.spell(), js::describe(env_, value)});
  }

  bool given(size_t index) const { return index < count_ && !js::is_absent(env_, args_[index]); }

  c10::IValue read(size_t index) const {
    const Parameter& parameter = op_.arguments[index];
    if (parameter.kind == Kind::kTensor && index < count_) {
      double id;
      if (napi_get_value_double(env_, args_[index], &id) == napi_ok)
        return tensor(parameter, args_[index]);
    }
    if (given(index)) return value_of(parameter, args_[index]);
    if (parameter.has_default) return parameter.default_value;
    if (parameter.optional) return c10::IValue();
    throw_error("PAL_ARGUMENT",
                {op_.name, "the argument " + parameter.name + ": " + parameter.spell(), "nothing"});
  }

  c10::IValue value_of(const Parameter& parameter, napi_value value) const {
    switch (parameter.kind) {
      case Kind::kTensor: return tensor(parameter, value);
      case Kind::kTensors: return tensors(parameter, value);
      case Kind::kOptionalTensors: return optional_tensors(parameter, value);
      case Kind::kScalar: return scalar(parameter, value);
      case Kind::kScalars: return scalars(parameter, value);
      case Kind::kInt: return integer(parameter, value);
      case Kind::kInts: return integers(parameter, value);
      case Kind::kFloat: return floating(parameter, value);
      case Kind::kFloats: return floats(parameter, value);
      case Kind::kBool: return boolean(parameter, value);
      case Kind::kBools: return booleans(parameter, value);
      case Kind::kString: return text(parameter, value);
      case Kind::kStrings: return texts(parameter, value);
      case Kind::kDType:
        return static_cast<int64_t>(parse_dtype(text(parameter, value), where(parameter)));
      case Kind::kLayout:
        return static_cast<int64_t>(parse_layout(text(parameter, value), where(parameter)));
      case Kind::kMemoryFormat:
        return static_cast<int64_t>(parse_memory_format(text(parameter, value), where(parameter)));
      case Kind::kDevice: return c10::Device(text(parameter, value));
      case Kind::kGenerator: return generator(parameter, value);
      case Kind::kUnsupported: break;
    }
    throw_error("PAL_UNSUPPORTED",
                {where(parameter), "nothing, as JavaScript has no value of its type",
                 js::describe(env_, value)});
  }

  const at::Tensor& tensor(const Parameter& parameter, napi_value value) const {
    double id;
    if (napi_get_value_double(env_, value, &id) != napi_ok || !(id >= 0 && id <= kMaxSafe) ||
        std::trunc(id) != id) {
      wrong(parameter, value);
    }
    return environment_.slots.get(static_cast<SlotId>(id));
  }

  uint32_t length(const Parameter& parameter, napi_value value) const {
    bool is_array = false;
    napi_is_array(env_, value, &is_array);
    if (!is_array) wrong(parameter, value);
    return js::read_length(env_, value, where(parameter));
  }

  template <typename List, typename Read>
  List list(const Parameter& parameter, napi_value value, List result, Read read) const {
    const uint32_t count = length(parameter, value);
    for (uint32_t i = 0; i < count; ++i) result.push_back(read(js::read_element(env_, value, i)));
    return result;
  }

  c10::IValue tensors(const Parameter& parameter, napi_value value) const {
    return list(parameter, value, c10::List<at::Tensor>(),
                [&](napi_value item) { return tensor(parameter, item); });
  }

  c10::IValue optional_tensors(const Parameter& parameter, napi_value value) const {
    using Item = std::optional<at::Tensor>;
    return list(parameter, value, c10::List<Item>(), [&](napi_value item) {
      return js::is_absent(env_, item) ? Item() : Item(tensor(parameter, item));
    });
  }

  // Is every tensor of the call of an integral type (and is there one)? Then an integral number is
  // an int.
  bool integral_call() const {
    bool any = false;
    for (size_t i = 0; i < count_ && i < op_.arguments.size(); ++i) {
      const Kind kind = op_.arguments[i].kind;
      if ((kind != Kind::kTensor && kind != Kind::kTensors) || !given(i)) continue;
      const uint32_t count = kind == Kind::kTensors ? length(op_.arguments[i], args_[i]) : 1;
      for (uint32_t j = 0; j < count; ++j) {
        napi_value item = kind == Kind::kTensors ? js::read_element(env_, args_[i], j) : args_[i];
        if (!at::isIntegralType(tensor(op_.arguments[i], item).scalar_type(), true)) return false;
        any = true;
      }
    }
    return any;
  }

  c10::Scalar scalar(const Parameter& parameter, napi_value value) const {
    napi_valuetype type = napi_undefined;
    napi_typeof(env_, value, &type);
    if (type == napi_bigint) return js::read_integer(env_, value, where(parameter));
    if (type == napi_boolean) return js::read_boolean(env_, value, where(parameter));
    if (type != napi_number) wrong(parameter, value);
    const double number = js::read_number(env_, value, where(parameter));
    if (std::trunc(number) == number && std::abs(number) <= kMaxSafe && integral_call()) {
      return static_cast<int64_t>(number);
    }
    return number;
  }

  c10::IValue scalars(const Parameter& parameter, napi_value value) const {
    return list(parameter, value, c10::impl::GenericList(c10::NumberType::get()),
                [&](napi_value item) { return c10::IValue(scalar(parameter, item)); });
  }

  c10::IValue integer(const Parameter& parameter, napi_value value) const {
    return js::read_integer(env_, value, where(parameter));
  }

  c10::IValue integers(const Parameter& parameter, napi_value value) const {
    bool is_array = false;
    napi_is_array(env_, value, &is_array);
    if (!is_array && parameter.size > 0) {
      return c10::List<int64_t>(
          std::vector<int64_t>(parameter.size, js::read_integer(env_, value, where(parameter))));
    }
    const std::string place = where(parameter);
    return list(parameter, value, c10::List<int64_t>(),
                [&](napi_value item) { return js::read_integer(env_, item, place); });
  }

  c10::IValue floating(const Parameter& parameter, napi_value value) const {
    double number;
    if (napi_get_value_double(env_, value, &number) != napi_ok) wrong(parameter, value);
    return number;
  }

  c10::IValue floats(const Parameter& parameter, napi_value value) const {
    return list(parameter, value, c10::List<double>(),
                [&](napi_value item) { return js::read_number(env_, item, where(parameter)); });
  }

  c10::IValue boolean(const Parameter& parameter, napi_value value) const {
    bool result;
    if (napi_get_value_bool(env_, value, &result) != napi_ok) wrong(parameter, value);
    return result;
  }

  c10::IValue booleans(const Parameter& parameter, napi_value value) const {
    return list(parameter, value, c10::List<bool>(),
                [&](napi_value item) { return js::read_boolean(env_, item, where(parameter)); });
  }

  std::string text(const Parameter& parameter, napi_value value) const {
    return js::read_string(env_, value, where(parameter));
  }

  c10::IValue texts(const Parameter& parameter, napi_value value) const {
    return list(parameter, value, c10::List<std::string>(),
                [&](napi_value item) { return text(parameter, item); });
  }

  c10::IValue generator(const Parameter& parameter, napi_value value) const {
    const auto found = environment_.generators.find(js::read_id(env_, value, where(parameter)));
    if (found == environment_.generators.end()) wrong(parameter, value);
    return found->second;
  }

  // An operator on the CPU that is given no generator draws from the environment's.
  void fill_generator(torch::jit::Stack& stack, size_t start) const {
    for (size_t i = 0; i < op_.arguments.size(); ++i) {
      c10::IValue& value = stack[start + i];
      if (op_.arguments[i].kind != Kind::kGenerator || !value.isNone()) continue;
      if (on_cpu(stack, start)) value = environment_.generators.at(environment_.generator);
    }
  }

  bool on_cpu(const torch::jit::Stack& stack, size_t start) const {
    for (size_t i = 0; i < op_.arguments.size(); ++i) {
      const c10::IValue& value = stack[start + i];
      if (value.isTensor() && value.toTensor().defined() && !value.toTensor().is_cpu())
        return false;
      if (value.isDevice() && !value.toDevice().is_cpu()) return false;
    }
    return true;
  }

  Environment& environment_;
  napi_env env_;
  const Operator& op_;
  const napi_value* args_;
  size_t count_;
};

napi_value value_to_js(Environment& environment, const Parameter& result, const c10::IValue& value);

template <typename List, typename Convert>
napi_value array_to_js(Environment& environment, const List& list, Convert convert) {
  Napi::Array array = Napi::Array::New(environment.env, list.size());
  for (uint32_t i = 0; i < list.size(); ++i)
    array[i] = Napi::Value(environment.env, convert(list[i]));
  return array;
}

napi_value tensor_to_js(Environment& environment, const at::Tensor& tensor) {
  if (!tensor.defined()) return js::make_undefined(environment.env);
  return environment.hand_out(tensor);
}

napi_value value_to_js(Environment& environment, const Parameter& result,
                       const c10::IValue& value) {
  napi_env env = environment.env;
  if (value.isNone()) return js::make_undefined(env);
  if (value.isTensor()) return tensor_to_js(environment, value.toTensor());
  if (value.isInt()) {
    if (result.kind == Kind::kDType) {
      return Napi::String::New(env, format_dtype(static_cast<at::ScalarType>(value.toInt())));
    }
    return js::make_integer(env, value.toInt());
  }
  if (value.isSymInt())
    return js::make_integer(env, value.toSymInt().guard_int(__FILE__, __LINE__));
  if (value.isDouble()) return js::make_number(env, value.toDouble());
  if (value.isBool()) return Napi::Boolean::New(env, value.toBool());
  if (value.isString()) return Napi::String::New(env, value.toStringRef());
  if (value.isDevice()) return Napi::String::New(env, value.toDevice().str());
  if (value.isList()) {
    return array_to_js(environment, value.toListRef(), [&](const c10::IValue& item) {
      return value_to_js(environment, result, item);
    });
  }
  throw_error("PAL_UNSUPPORTED",
              {"result", "a tensor, number, boolean, string or a list of them", value.tagKind()});
}

}  // namespace

void push_arguments(Environment& environment, const Operator& op, const napi_value* args,
                    size_t count, torch::jit::Stack& stack) {
  ArgumentReader(environment, op, args, count).push_all(stack);
}

napi_value hand_out_results(Environment& environment, const Operator& op,
                            torch::jit::Stack& stack) {
  if (op.gives_tensor) return tensor_to_js(environment, stack[0].toTensor());
  const auto one = [&](size_t i) -> napi_value {
    if (op.results[i].alias >= 0) return js::make_undefined(environment.env);
    return value_to_js(environment, op.results[i], stack[i]);
  };
  if (op.results.empty()) return js::make_undefined(environment.env);
  if (op.results.size() == 1) return one(0);
  Napi::Array array = Napi::Array::New(environment.env, op.results.size());
  for (uint32_t i = 0; i < op.results.size(); ++i) array[i] = Napi::Value(environment.env, one(i));
  return array;
}

}  // namespace palabra
