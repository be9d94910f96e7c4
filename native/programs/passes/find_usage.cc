#include "programs/passes/find_usage.h"

namespace palabra {

namespace {

void add_bound(Usage& usage, const at::Tensor& tensor, uint8_t uses, bool differentiates) {
  usage.add(tensor, uses);
  if ((differentiates && tensor.requires_grad()) || (uses & kDifferentiates))
    usage.add_differentiated(tensor);
}

}  // namespace

Usage find_usage(const Graph& graph, const Registers& registers) {
  Usage usage;
  size_t next = 0;
  for (const Register reg : graph.inputs)
    add_bound(usage, registers[reg], graph.uses[next++], graph.differentiates);
  for (const auto& [slot, reg] : graph.externals)
    add_bound(usage, registers[reg], graph.uses[next++], graph.differentiates);
  return usage;
}

}  // namespace palabra
