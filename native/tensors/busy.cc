#include "tensors/busy.h"

#define AT_PER_OPERATOR_HEADERS
#include <ATen/SparseCsrTensorImpl.h>
#include <ATen/SparseTensorImpl.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>

#include <algorithm>

#include "node/error.h"
#include "tensors/gradients.h"

namespace palabra {

namespace {

using torch::autograd::AccumulateGrad;
using NodePointer = decltype(torch::autograd::Edge::function);

// Calls `visit` with the storages that hold the tensor's values.
template <typename Visit>
void visit_memory(const at::Tensor& tensor, Visit visit) {
  if (tensor.has_storage()) {
    visit(tensor.storage());
  } else if (tensor.layout() == at::kSparse) {
    const auto* sparse = static_cast<at::SparseTensorImpl*>(tensor.unsafeGetTensorImpl());
    for (const at::Tensor& part : {sparse->indices(), sparse->values()}) visit_memory(part, visit);
  } else if (tensor.layout() == at::kSparseCsr || tensor.layout() == at::kSparseCsc ||
             tensor.layout() == at::kSparseBsr || tensor.layout() == at::kSparseBsc) {
    const auto* sparse = static_cast<at::SparseCsrTensorImpl*>(tensor.unsafeGetTensorImpl());
    for (const at::Tensor& part :
         {sparse->compressed_indices(), sparse->plain_indices(), sparse->values()})
      visit_memory(part, visit);
  }
}

// Calls `visit` once with each node that can be reached. A view of a
// tensor that asked for gradients later wants them too, but leads to no node.
template <typename Visit>
void visit_nodes(std::vector<torch::autograd::Node*> reached, Visit visit) {
  reached.erase(std::remove(reached.begin(), reached.end(), nullptr), reached.end());
  std::unordered_set<torch::autograd::Node*> seen(reached.begin(), reached.end());
  while (!reached.empty()) {
    torch::autograd::Node* node = reached.back();
    reached.pop_back();
    visit(node);
    for (const auto& edge : node->next_edges()) {
      torch::autograd::Node* next = edge.function.get();
      if (next && seen.insert(next).second) reached.push_back(next);
    }
  }
}

constexpr uint8_t kChanges = kWrites | kReshapes;

// Does what one does with a tensor meet what the other does?
bool collide(uint8_t one, uint8_t other) {
  return ((one & kChanges) && other) || ((other & kChanges) && one) ||
         (one & other & kDifferentiates);
}

[[noreturn]] void refuse(const std::string& where, const char* does) {
  throw_error("PAL_PROGRAM",
              {where, std::string("a tensor that no program at work ") + does,
               std::string("one that a run under way ") + does, "Await the run first."});
}

}  // namespace

void Usage::add(const at::Tensor& tensor, uint8_t uses) {
  if (!tensor.defined()) return;
  tensors_.emplace_back(WeakTensor(tensor.getIntrusivePtr()), uses);
  visit_memory(tensor, [&](const at::Storage& memory) {
    memory_.emplace_back(memory.getWeakStorageImpl(), uses);
  });
}

void Usage::add_leaf(const at::Tensor& tensor) {
  add(tensor, kReads | kDifferentiates);
  add(get_gradient(tensor), kReads | kWrites);
}

void Usage::add_differentiated(const at::Tensor& tensor) {
  if (tensor.is_leaf()) return add_leaf(tensor);
  const auto kept = std::make_shared<NodePointer>(tensor.grad_fn());
  nodes_.push_back(kept->get());
  kept_.push_back(kept);
  add(get_gradient(tensor), kReads | kWrites);
  visit_nodes({nodes_.back()}, [&](torch::autograd::Node* node) {
    if (const auto* leaf = dynamic_cast<AccumulateGrad*>(node)) add_leaf(leaf->variable);
  });
}

uint32_t BusyTensors::add(Usage usage) {
  indexed_ = false;
  usages_.emplace(next_, std::move(usage));
  return next_++;
}

void BusyTensors::remove(uint32_t id) {
  indexed_ = false;
  usages_.erase(id);
}

const BusyTensors::Index& BusyTensors::index() const {
  if (std::exchange(indexed_, true)) return index_;
  index_ = {};
  std::vector<torch::autograd::Node*> nodes;
  for (const auto& [id, usage] : usages_) {
    for (const auto& [tensor, uses] : usage.tensors_)
      index_.uses[tensor._unsafe_get_target()] |= uses;
    for (const auto& [memory, uses] : usage.memory_)
      index_.uses[memory._unsafe_get_target()] |= uses;
    nodes.insert(nodes.end(), usage.nodes_.begin(), usage.nodes_.end());
  }
  visit_nodes(std::move(nodes), [&](torch::autograd::Node* node) { index_.nodes.insert(node); });
  return index_;
}

uint8_t BusyTensors::uses_of(const void* address) const {
  const auto found = index().uses.find(address);
  return found == index_.uses.end() ? 0 : found->second;
}

bool BusyTensors::reshapes(const at::Tensor& tensor) const {
  return any() && (uses_of(tensor.unsafeGetTensorImpl()) & kReshapes);
}

void BusyTensors::check(const at::Tensor& tensor, Access access, const std::string& where) const {
  const uint8_t uses = uses_of(tensor.unsafeGetTensorImpl());
  if (access == Access::kChange && uses) refuse(where, "uses");
  if (uses & kReshapes) refuse(where, "changes");
  if (access == Access::kGradient && (uses & kDifferentiates)) refuse(where, "differentiates");
  if (access != Access::kValues && access != Access::kChange) return;
  visit_memory(tensor, [&](const at::Storage& memory) {
    const uint8_t shared = uses_of(memory.unsafeGetStorageImpl());
    if (access == Access::kChange && shared) refuse(where, "uses");
    if (shared & kChanges) refuse(where, "changes");
  });
}

void BusyTensors::expect_free(const Usage& usage, const std::string& where) const {
  if (!any()) return;
  const auto expect = [&](const void* address, uint8_t uses) {
    if (collide(uses, uses_of(address))) refuse(where, "uses");
  };
  for (const auto& [tensor, uses] : usage.tensors_) expect(tensor._unsafe_get_target(), uses);
  for (const auto& [memory, uses] : usage.memory_) expect(memory._unsafe_get_target(), uses);
  visit_nodes(usage.nodes_, [&](torch::autograd::Node* node) {
    if (index().nodes.count(node)) refuse(where, "differentiates");
  });
}

void BusyTensors::expect_free_graph(const std::vector<at::Tensor>& roots, bool accumulates,
                                    const std::string& where) const {
  if (!any()) return;
  std::vector<NodePointer> held;
  std::vector<torch::autograd::Node*> nodes;
  for (const at::Tensor& root : roots) {
    if (!root.requires_grad()) continue;
    held.push_back(torch::autograd::impl::gradient_edge(root).function);
    nodes.push_back(held.back().get());
  }
  visit_nodes(std::move(nodes), [&](torch::autograd::Node* node) {
    if (index().nodes.count(node)) refuse(where, "differentiates");
    const auto* leaf = accumulates ? dynamic_cast<AccumulateGrad*>(node) : nullptr;
    if (!leaf) return;
    check(leaf->variable, Access::kGradient, where);
    if (const at::Tensor grad = get_gradient(leaf->variable); grad.defined())
      check(grad, Access::kChange, where);
  });
}

}  // namespace palabra
