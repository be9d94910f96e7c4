#include "fake/mode.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include <algorithm>

#include "fake/exchange.h"
#include "fake/shapes.h"

namespace palabra {

namespace {

using c10::DispatchKey;
using c10::DispatchKeySet;
using c10::FunctionSchema;
using c10::OperatorHandle;
using torch::jit::Stack;

// How an operator goes without values.
enum class Way {
  // As ever: it looks at no values, or gives some that are not of tensors.
  kForReal,
  // Its results are arguments that it would change.
  kUnchanged,
  // It calls other operators, which go their own ways.
  kInParts,
  // By its meta kernel.
  kByShape,
};

bool holds_tensors(const c10::Argument& argument) {
  const auto& type = argument.type();
  return type->isSubtypeOf(*c10::TensorType::get()) ||
         type->isSubtypeOf(*c10::OptionalType::ofTensor()) ||
         type->isSubtypeOf(*c10::ListType::ofTensors()) ||
         type->isSubtypeOf(*c10::ListType::ofOptionalTensors());
}

bool is_device(const c10::Argument& argument) {
  return argument.real_type()->isSubtypeOf(*c10::OptionalType::create(c10::DeviceObjType::get()));
}

bool is_changed(const c10::Argument& argument) {
  return argument.alias_info() != nullptr && argument.alias_info()->isWrite();
}

bool is_view(const c10::Argument& result) {
  return result.alias_info() != nullptr && !result.alias_info()->isWrite();
}

// One of several calls, for which no shape function stands in.
bool is_composite(const OperatorHandle& op) {
  return !op.hasKernelForDispatchKey(DispatchKey::CPU) &&
         !op.hasKernelForDispatchKey(DispatchKey::Meta) &&
         (op.hasKernelForDispatchKey(DispatchKey::CompositeExplicitAutograd) ||
          op.hasKernelForDispatchKey(DispatchKey::CompositeExplicitAutogradNonFunctional));
}

Way find_way(const OperatorHandle& op) {
  const FunctionSchema& schema = op.schema();
  const auto &arguments = schema.arguments(), &results = schema.returns();
  const bool changes = std::any_of(arguments.begin(), arguments.end(), is_changed);
  const bool takes_tensors = std::any_of(arguments.begin(), arguments.end(), holds_tensors);
  const bool has_device = std::any_of(arguments.begin(), arguments.end(), is_device);
  const bool gives_tensors = std::any_of(results.begin(), results.end(), holds_tensors);
  if (op.hasTag(at::Tag::inplace_view) || std::any_of(results.begin(), results.end(), is_view))
    return Way::kForReal;
  if (changes && std::all_of(results.begin(), results.end(), is_changed)) return Way::kUnchanged;
  if (!gives_tensors || (!takes_tensors && !has_device)) return Way::kForReal;
  return !has_device && is_composite(op) ? Way::kInParts : Way::kByShape;
}

// The argument that a result is.
const c10::IValue& find_changed(const FunctionSchema& schema, const c10::Argument& result,
                                c10::ArrayRef<c10::IValue> values) {
  const auto& arguments = schema.arguments();
  for (size_t i = 0; i < arguments.size(); ++i) {
    const c10::AliasInfo* alias = arguments[i].alias_info();
    if (alias != nullptr && alias->beforeSets() == result.alias_info()->beforeSets())
      return values[i];
  }
  TORCH_CHECK(false, schema.operator_name(), ": a result that is none of its arguments");
}

void leave_unchanged(const FunctionSchema& schema, Stack& stack) {
  const auto values = torch::jit::last(stack, schema.arguments().size()).vec();
  for (size_t i = 0; i < values.size(); ++i) {
    const bool is_out = schema.arguments()[i].is_out() && values[i].isTensor();
    TORCH_CHECK(!is_out || values[i].toTensor().numel() > 0, schema.operator_name(),
                ": expected a result of the right size to write to, received an empty one");
  }
  torch::jit::drop(stack, values.size());
  for (const c10::Argument& result : schema.returns())
    stack.push_back(find_changed(schema, result, values));
}

// The device that a factory is asked for, on the meta device.
c10::IValue replace_device(const c10::IValue& device) {
  TORCH_CHECK(device.isNone() || device.toDevice().is_cpu() || device.toDevice().is_meta(),
              "expected a tensor of the CPU, received a request for ", device.toDevice());
  return c10::Device(c10::DeviceType::Meta);
}

void call_meta_kernel(const OperatorHandle& op, Stack& stack) {
  const auto& arguments = op.schema().arguments();
  Exchange exchange;
  for (size_t i = 0; i < arguments.size(); ++i) {
    c10::IValue& value = torch::jit::peek(stack, i, arguments.size());
    value = is_device(arguments[i]) ? replace_device(value) : exchange.take(value);
  }
  const OutsideFakeMode outside;
  op.redispatchBoxed(DispatchKeySet(DispatchKey::Meta), &stack);
  const size_t count = op.schema().returns().size();
  for (size_t i = 0; i < count; ++i) {
    c10::IValue& value = torch::jit::peek(stack, i, count);
    value = exchange.give(value);
  }
}

void run_without_values(const OperatorHandle& op, DispatchKeySet keys, Stack* stack) {
  const DispatchKeySet below = keys & DispatchKeySet(DispatchKeySet::FULL_AFTER, DispatchKey::Fake);
  switch (find_way(op)) {
    case Way::kForReal: {
      const OutsideFakeMode outside;
      return op.redispatchBoxed(below, stack);
    }
    case Way::kUnchanged: return leave_unchanged(op.schema(), *stack);
    case Way::kInParts: return op.redispatchBoxed(below, stack);
    case Way::kByShape: return call_meta_kernel(op, *stack);
  }
}

// For good: libtorch has no other use for the key outside of Python.
void install() {
  static auto* library =
      new torch::Library(torch::Library::IMPL, "_", DispatchKey::Fake, __FILE__, __LINE__);
  static const bool installed = [] {
    library->fallback(torch::CppFunction::makeFromBoxedFunction<&run_without_values>());
    register_shapes();
    return true;
  }();
  static_cast<void>(installed);
}

// Those of this thread, one within another.
thread_local int depth = 0;

}  // namespace

FakeMode::FakeMode() : memory_(std::make_shared<FakeMemory>()) {
  install();
  before_ = count_meta_tensors(memory_);
  ++depth;
  c10::impl::tls_set_dispatch_key_included(DispatchKey::Fake, true);
}

FakeMode::~FakeMode() {
  c10::impl::tls_set_dispatch_key_included(DispatchKey::Fake, --depth > 0);
  count_meta_tensors(before_);
}

}  // namespace palabra
