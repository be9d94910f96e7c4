#include "programs/graph.h"

#include <sstream>

namespace palabra {

namespace {

std::string format_registers(const std::vector<Register>& registers) {
  std::string text;
  for (const Register reg : registers) {
    text += (text.empty() ? "" : ", ") +
            (reg == kNoRegister ? std::string("none") : "%" + std::to_string(reg));
  }
  return text;
}

std::string format_operand(const Operand& operand) {
  if (operand.form == Operand::Form::kGenerator) return "generator";
  if (operand.form == Operand::Form::kTensor) return format_registers(operand.registers);
  if (operand.form != Operand::Form::kConstant)
    return "[" + format_registers(operand.registers) + "]";
  if (operand.constant.isGenerator()) return "generator";
  std::ostringstream text;
  text << operand.constant;
  return text.str();
}

std::string format_call(const CallStep& step) {
  std::string text = step.results.empty() ? "" : format_registers(step.results) + " = ";
  text += step.op->name + "(";
  for (size_t i = 0; i < step.operands.size(); ++i)
    text += (i ? ", " : "") + format_operand(step.operands[i]);
  return text + ")";
}

}  // namespace

std::string format_step(const Step& step) {
  return std::visit(
      Overloaded{
          [](const CallStep& s) { return format_call(s); },
          [](const BackwardStep& s) { return "backward(" + format_registers(s.roots) + ")"; },
          [](const GradientsStep& s) {
            return format_registers(s.results) + " = gradients(" + format_registers(s.outputs) +
                   "; " + format_registers(s.inputs) + ")";
          },
          [](const GetGradStep& s) {
            return format_registers({s.result}) + " = grad(" + format_registers({s.tensor}) + ")";
          },
          [](const SetGradStep& s) {
            return "grad(" + format_registers({s.tensor}) + ") = " + format_registers({s.grad});
          },
          [](const RequiresGradStep& s) {
            return "requiresGrad(" + format_registers({s.tensor}) +
                   ") = " + (s.value ? "true" : "false");
          },
          [](const ModeStep& s) { return s.name; },
      },
      step);
}

}  // namespace palabra
