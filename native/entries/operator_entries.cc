#include <c10/util/Exception.h>

#include <array>

#include "dispatch/convert.h"
#include "dispatch/torch_failure.h"
#include "entries/entries.h"
#include "node/error.h"
#include "node/read_values.h"
#include "programs/recording/tracer.h"

namespace palabra {

namespace {

Napi::Object parameter_to_js(Napi::Env env, const Parameter& parameter) {
  Napi::Object object = Napi::Object::New(env);
  object["name"] = parameter.name;
  object["kind"] = parameter.spell();
  object["keywordOnly"] = parameter.keyword_only;
  object["hasDefault"] = parameter.has_default;
  return object;
}

Napi::Object result_to_js(Napi::Env env, const Parameter& result) {
  Napi::Object object = Napi::Object::New(env);
  object["kind"] = result.spell();
  object["alias"] = result.alias;
  return object;
}

template <typename Convert>
Napi::Array parameters_to_js(Napi::Env env, const std::vector<Parameter>& parameters,
                             Convert convert) {
  Napi::Array array = Napi::Array::New(env, parameters.size());
  for (uint32_t i = 0; i < parameters.size(); ++i) array[i] = convert(env, parameters[i]);
  return array;
}

napi_value operator_names(Environment& environment, const Napi::CallbackInfo&) {
  const auto names = c10::Dispatcher::singleton().getAllOpNames();
  Napi::Array array = Napi::Array::New(environment.env);
  uint32_t count = 0;
  for (const c10::OperatorName& name : names) {
    // An operator with kernels but without a schema can't be called.
    if (!c10::Dispatcher::singleton().findSchema(name)) continue;
    array[count++] = toString(name);
  }
  return array;
}

napi_value bind_operator(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  const uint32_t id = environment.operators.bind(js::read_string(env, info[0], "operator"));
  const Operator& op = environment.operators.get(id);
  Napi::Object object = Napi::Object::New(env);
  object["id"] = id;
  object["name"] = op.name;
  object["schema"] = toString(op.handle.schema());
  object["arguments"] = parameters_to_js(env, op.arguments, parameter_to_js);
  object["returns"] = parameters_to_js(env, op.results, result_to_js);
  return object;
}

// Arguments of a call, read without the heap for the usual counts.
class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info) : count_(info.Length()) {
    napi_value* to = few_;
    if (count_ > kFew) {
      many_.resize(count_);
      to = many_.data();
    }
    for (size_t i = 0; i < count_; ++i) to[i] = info[i];
  }
  const napi_value* data() const { return count_ > kFew ? many_.data() : few_; }
  size_t size() const { return count_; }

 private:
  static constexpr size_t kFew = 10;
  size_t count_;
  napi_value few_[kFew];
  std::vector<napi_value> many_;
};

// Leaves the stack empty, also after an exception: nothing keeps the tensors of a call alive.
class ClearedStack {
 public:
  explicit ClearedStack(torch::jit::Stack& stack) : stack_(stack) {}
  ~ClearedStack() { stack_.clear(); }
  ClearedStack(const ClearedStack&) = delete;
  ClearedStack& operator=(const ClearedStack&) = delete;

 private:
  torch::jit::Stack& stack_;
};

// Requires that no run meets what the operator does with its arguments.
void expect_free(const BusyTensors& busy, const Operator& op, const torch::jit::Stack& stack) {
  visit_tensors(op, stack, [&](const Parameter& parameter, const at::Tensor& tensor) {
    busy.expect_free(tensor, parameter.written ? Access::kChange : Access::kValues, op.name);
    if (op.accumulates) busy.expect_free_graph({tensor}, true, op.name);
  });
}

// libtorch has one class of errors for everything that is wrong with arguments.
bool is_about_shapes(const std::string& message) {
  static constexpr std::array<const char*, 4> words = {"shape", "size", "dimension", "Dimension"};
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return message.find(word) != std::string::npos; });
}

std::string list_shapes(const Operator& op, const torch::jit::Stack& stack) {
  std::string shapes;
  visit_tensors(op, stack, [&](const Parameter&, const at::Tensor& tensor) {
    shapes += (shapes.empty() ? "" : " and ") + c10::str(tensor.sizes());
  });
  return shapes;
}

// An operator that refuses shapes tells those of all its tensors. It has taken its arguments off
// the stack, so they are read once more.
void run_named(Environment& environment, const Operator& op, const napi_value* args, size_t count) {
  torch::jit::Stack& stack = environment.stack;
  try {
    run_operator(op, stack);
  } catch (const c10::Error& error) {
    const std::string message = error.what_without_backtrace();
    const Failure failure = describe_torch_failure(std::current_exception(), op.name);
    if (failure.code != "PAL_OPERATOR" || !is_about_shapes(message)) throw;
    stack.clear();
    push_arguments(environment, op, args, count, stack);
    const std::string shapes = list_shapes(op, stack);
    if (shapes.empty()) throw;
    throw_error("PAL_SHAPE", {op.name, "shapes that fit", shapes, message});
  }
}

napi_value call(Environment& environment, const Napi::CallbackInfo& info) {
  const Operator& op = environment.operators.get(js::read_id(environment.env, info[0], "call"));
  const Arguments arguments(info);
  const napi_value* args = arguments.data() + 1;
  const size_t count = arguments.size() - 1;
  const ClearedStack cleared(environment.stack);
  torch::jit::Stack& stack = environment.stack;
  environment.entry = op.name;
  push_arguments(environment, op, args, count, stack);
  if (environment.busy.any()) expect_free(environment.busy, op, stack);
  if (environment.tracer) environment.tracer->begin_call(op, args, count, stack);
  run_named(environment, op, args, count);
  if (environment.tracer) environment.tracer->end_call(op, stack);
  return hand_out_results(environment, op, stack);
}

}  // namespace

std::vector<Export> list_operator_entries() {
  return {make_export<operator_names>("operatorNames"), make_export<bind_operator>("operator"),
          make_export<call>("call")};
}

}  // namespace palabra
