#include "programs/passes/check_guards.h"

#include "tensors/gradients.h"

namespace palabra {

namespace {

bool has_strides(const at::Tensor& tensor) { return tensor.layout() == at::kStrided; }

bool check_guard(const Guard& guard, const at::Tensor& tensor) {
  return tensor.sizes().equals(guard.sizes) &&
         (!has_strides(tensor) || tensor.strides().equals(guard.strides)) &&
         tensor.key_set() == guard.keys && tensor.scalar_type() == guard.dtype &&
         tensor.requires_grad() == guard.requires_grad && tensor.is_leaf() == guard.leaf &&
         (!guard.gradient || *guard.gradient == get_gradient(tensor).defined());
}

}  // namespace

Guard make_guard(const at::Tensor& tensor) {
  return {tensor.sizes().vec(),
          has_strides(tensor) ? tensor.strides().vec() : std::vector<int64_t>(),
          tensor.key_set(),
          tensor.scalar_type(),
          tensor.requires_grad(),
          tensor.is_leaf(),
          std::nullopt};
}

bool check_guards(const Graph& graph, const Registers& registers) {
  size_t next = 0;
  for (const Register reg : graph.inputs)
    if (!check_guard(graph.guards[next++], registers[reg])) return false;
  for (const auto& [slot, reg] : graph.externals)
    if (!check_guard(graph.guards[next++], registers[reg])) return false;
  return true;
}

}  // namespace palabra
