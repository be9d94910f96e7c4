#include "dispatch/preconditions/preconditions.h"

#include "dispatch/preconditions/precondition_tables.h"
#include "node/error.h"

namespace palabra {

namespace {

const c10::IValue kNone;

PreconditionTable make_table() {
  PreconditionTable table;
  add_layer_preconditions(table);
  add_numeric_preconditions(table);
  return table;
}

}  // namespace

const c10::IValue& CheckedCall::operator[](const char* name) const {
  for (size_t i = 0; i < op_.arguments.size(); ++i) {
    if (op_.arguments[i].name == name) return stack_[i];
  }
  return kNone;
}

at::Tensor CheckedCall::tensor(const char* name) const {
  const c10::IValue& value = (*this)[name];
  return value.isTensor() ? value.toTensor() : at::Tensor();
}

std::vector<at::Tensor> CheckedCall::tensors(const char* name) const {
  const c10::IValue& value = (*this)[name];
  std::vector<at::Tensor> found;
  if (value.isTensor() && value.toTensor().defined()) found.push_back(value.toTensor());
  if (!value.isList()) return found;
  for (const c10::IValue& item : value.toListRef()) {
    if (item.isTensor() && item.toTensor().defined()) found.push_back(item.toTensor());
  }
  return found;
}

std::vector<int64_t> CheckedCall::integers(const char* name) const {
  const c10::IValue& value = (*this)[name];
  if (value.isInt()) return {value.toInt()};
  if (value.isIntList()) return value.toIntVector();
  return {};
}

void CheckedCall::expect(bool holds, const char* argument, const std::string& expected,
                         const std::string& received, const char* code) const {
  if (!holds) throw_error(code, {op_.name + ", " + argument, expected, received});
}

const Checks* find_preconditions(const std::string& name) {
  static const PreconditionTable& table = *new PreconditionTable(make_table());
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace palabra
