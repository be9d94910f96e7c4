#include "dispatch/operators.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <unordered_set>

#include "dispatch/preconditions/kept_sizes.h"
#include "dispatch/preconditions/preconditions.h"
#include "node/error.h"

namespace palabra {

namespace {

struct Form {
  Kind kind;
  bool optional;
};

Kind list_kind(const c10::Type& element) {
  switch (element.kind()) {
    case c10::TypeKind::TensorType: return Kind::kTensors;
    case c10::TypeKind::OptionalType:
      return element.castRaw<c10::OptionalType>()->getElementType()->kind() ==
                     c10::TypeKind::TensorType
                 ? Kind::kOptionalTensors
                 : Kind::kUnsupported;
    case c10::TypeKind::NumberType: return Kind::kScalars;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::kInts;
    case c10::TypeKind::FloatType: return Kind::kFloats;
    case c10::TypeKind::BoolType: return Kind::kBools;
    case c10::TypeKind::StringType: return Kind::kStrings;
    default: return Kind::kUnsupported;
  }
}

Form form_of(const c10::Type& type) {
  switch (type.kind()) {
    case c10::TypeKind::OptionalType:
      return {form_of(*type.castRaw<c10::OptionalType>()->getElementType()).kind, true};
    case c10::TypeKind::ListType:
      return {list_kind(*type.castRaw<c10::ListType>()->getElementType()), false};
    case c10::TypeKind::TensorType: return {Kind::kTensor, false};
    case c10::TypeKind::NumberType: return {Kind::kScalar, false};
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return {Kind::kInt, false};
    case c10::TypeKind::FloatType:
    case c10::TypeKind::SymFloatType: return {Kind::kFloat, false};
    case c10::TypeKind::BoolType:
    case c10::TypeKind::SymBoolType: return {Kind::kBool, false};
    case c10::TypeKind::StringType: return {Kind::kString, false};
    case c10::TypeKind::ScalarTypeType: return {Kind::kDType, false};
    case c10::TypeKind::LayoutType: return {Kind::kLayout, false};
    case c10::TypeKind::MemoryFormatType: return {Kind::kMemoryFormat, false};
    case c10::TypeKind::DeviceObjType: return {Kind::kDevice, false};
    case c10::TypeKind::GeneratorType: return {Kind::kGenerator, false};
    default: return {Kind::kUnsupported, false};
  }
}

// Does the operator change this argument? Schemas say so, but for the running statistics of batch
// norms.
bool is_written(const c10::Argument& argument) {
  if (argument.name() == "running_mean" || argument.name() == "running_var") return true;
  const c10::AliasInfo* alias = argument.alias_info();
  if (!alias) return false;
  const auto& items = alias->containedTypes();
  return alias->isWrite() ||
         std::any_of(items.begin(), items.end(), [](const auto& item) { return item.isWrite(); });
}

// Operators that change more of their arguments than values.
bool is_reshaping(const std::string& name) {
  static const std::unordered_set<std::string> names = {
      "aten::resize",      "aten::resize_",          "aten::resize_as_",
      "aten::set",         "aten::resize_as_sparse", "aten::resize_as_sparse_",
      "aten::set_",        "aten::set_data",         "aten::sparse_resize_",
      "aten::t_",          "aten::transpose_",       "aten::sparse_resize_and_clear_",
      "aten::swapaxes_",   "aten::swapdims_",        "aten::_resize_output_",
      "aten::squeeze_",    "aten::unsqueeze_",       "aten::as_strided_",
      "aten::detach_",     "aten::requires_grad_",   "aten::retain_grad",
      "aten::_coalesced_", "aten::rename_"};
  return names.count(name) > 0;
}

Parameter parameter_of(const c10::Argument& argument) {
  Parameter parameter;
  const Form form = form_of(*argument.real_type());
  parameter.name = argument.name();
  parameter.kind = form.kind;
  parameter.optional = form.optional;
  parameter.keyword_only = argument.kwarg_only();
  parameter.has_default = argument.default_value().has_value();
  if (parameter.has_default) parameter.default_value = *argument.default_value();
  parameter.size = argument.N().value_or(0);
  parameter.written = is_written(argument);
  return parameter;
}

// The argument that a result is: both carry the same written alias set, as in `Tensor(a!)`.
int32_t aliased_argument(const c10::FunctionSchema& schema, const c10::Argument& result) {
  const c10::AliasInfo* alias = result.alias_info();
  if (!alias || !alias->isWrite()) return -1;
  for (size_t i = 0; i < schema.arguments().size(); ++i) {
    const c10::AliasInfo* other = schema.arguments()[i].alias_info();
    if (other && other->isWrite() && other->beforeSets() == alias->beforeSets()) {
      return static_cast<int32_t>(i);
    }
  }
  return -1;
}

bool is_tensors(const Parameter& result) {
  return result.kind == Kind::kTensor || result.kind == Kind::kTensors;
}

bool depends_on_values(const c10::OperatorHandle& handle) {
  for (const at::Tag tag : handle.getTags()) {
    if (tag == at::Tag::dynamic_output_shape || tag == at::Tag::data_dependent_output) return true;
  }
  return false;
}

const char* base_name(Kind kind) {
  switch (kind) {
    case Kind::kTensor: return "Tensor";
    case Kind::kTensors: return "Tensor[]";
    case Kind::kOptionalTensors: return "Tensor?[]";
    case Kind::kScalar: return "Scalar";
    case Kind::kScalars: return "Scalar[]";
    case Kind::kInt: return "int";
    case Kind::kInts: return "int[]";
    case Kind::kFloat: return "float";
    case Kind::kFloats: return "float[]";
    case Kind::kBool: return "bool";
    case Kind::kBools: return "bool[]";
    case Kind::kString: return "str";
    case Kind::kStrings: return "str[]";
    case Kind::kDType: return "ScalarType";
    case Kind::kLayout: return "Layout";
    case Kind::kMemoryFormat: return "MemoryFormat";
    case Kind::kDevice: return "Device";
    case Kind::kGenerator: return "Generator";
    case Kind::kUnsupported: return "unsupported";
  }
  return "unsupported";
}

}  // namespace

std::string Parameter::spell() const {
  return std::string(base_name(kind)) + (optional ? "?" : "");
}

Operator::Operator(c10::OperatorHandle found) : handle(std::move(found)) {
  const c10::FunctionSchema& schema = handle.schema();
  name = toString(schema.operator_name());
  for (const c10::Argument& argument : schema.arguments()) {
    arguments.push_back(parameter_of(argument));
  }
  resizes = is_reshaping(schema.operator_name().name) ||
            std::any_of(arguments.begin(), arguments.end(), [](const Parameter& argument) {
              return argument.written && argument.keyword_only;
            });
  reads_values = depends_on_values(handle);
  reshapes = is_reshaping(schema.operator_name().name);
  accumulates = schema.operator_name().name == "aten::_backward";
  for (const c10::Argument& result : schema.returns()) {
    results.push_back(parameter_of(result));
    results.back().alias = aliased_argument(schema, result);
    reads_values = reads_values || !is_tensors(results.back());
  }
  checks = find_preconditions(schema.operator_name().name);
  gives_tensor = results.size() == 1 && results[0].kind == Kind::kTensor && results[0].alias < 0;
}

void run_operator(const Operator& op, torch::jit::Stack& stack) {
  if (op.checks) {
    const CheckedCall call(op, stack);
    for (const Check& check : *op.checks) check(call);
  }
  if (!op.resizes) return op.handle.callBoxed(&stack);
  const KeptSizes kept(op, stack);
  try {
    op.handle.callBoxed(&stack);
  } catch (...) {
    kept.restore();
    throw;
  }
}

uint32_t OperatorTable::bind(const std::string& name) {
  if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
  const size_t dot = name.find('.');
  const auto handle = c10::Dispatcher::singleton().findSchema(
      {name.substr(0, dot), dot == std::string::npos ? "" : name.substr(dot + 1)});
  if (!handle) {
    throw_error("PAL_OPERATOR",
                {"operator", "the name of an operator of libtorch, such as aten::add.Tensor", name,
                 "operatorNames() lists them all."});
  }
  Operator found(*handle);
  // By the name that was found: one operator can be written in several ways.
  if (const char* call = find_refusal(found.name)) {
    throw_error(
        "PAL_UNSUPPORTED",
        {name, "an operator that libtorch survives",
         "one on the list of refused operators: libtorch ends the process at " + std::string(call),
         "Use another operator; native/dispatch/refused.cc holds the list."});
  }
  const uint32_t id = static_cast<uint32_t>(operators_.size());
  operators_.push_back(std::move(found));
  ids_.emplace(name, id);
  return id;
}

const Operator& OperatorTable::get(uint32_t id) const {
  if (id < operators_.size()) return operators_[id];
  throw_error("PAL_ARGUMENT", {"call", "the id of a bound operator", std::to_string(id),
                               "Bind it with operator(name)."});
}

}  // namespace palabra
