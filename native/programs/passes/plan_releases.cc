#include "programs/passes/plan_releases.h"

#include <algorithm>

namespace palabra {

namespace {

// The registers a step reads or writes.
std::vector<Register> list_registers(const Step& step) {
  std::vector<Register> used;
  const auto add = [&](const std::vector<Register>& more) {
    used.insert(used.end(), more.begin(), more.end());
  };
  std::visit(Overloaded{
                 [&](const CallStep& s) {
                   for (const Operand& operand : s.operands) add(operand.registers);
                   add(s.results);
                 },
                 [&](const BackwardStep& s) { add(s.roots), add(s.gradients); },
                 [&](const GradientsStep& s) {
                   add(s.outputs), add(s.inputs), add(s.grad_outputs), add(s.results);
                 },
                 [&](const GetGradStep& s) { add({s.tensor, s.result}); },
                 [&](const SetGradStep& s) { add({s.tensor, s.grad}); },
                 [&](const RequiresGradStep& s) { add({s.tensor}); },
                 [&](const ModeStep&) {},
             },
             step);
  used.erase(std::remove(used.begin(), used.end(), kNoRegister), used.end());
  return used;
}

}  // namespace

void plan_releases(Graph& graph) {
  std::vector<int64_t> last(graph.register_count, -1);
  for (size_t i = 0; i < graph.steps.size(); ++i) {
    for (const Register reg : list_registers(graph.steps[i])) last[reg] = static_cast<int64_t>(i);
  }
  for (const Register reg : graph.outputs) {
    if (reg != kNoRegister) last[reg] = -1;
  }
  graph.releases.assign(graph.steps.size(), {});
  for (Register reg = 0; reg < graph.register_count; ++reg) {
    if (last[reg] >= 0) graph.releases[last[reg]].push_back(reg);
  }
}

}  // namespace palabra
