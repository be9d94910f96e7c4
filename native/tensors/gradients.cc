#include "tensors/gradients.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>

#include <sstream>

#include "dispatch/names.h"
#include "node/error.h"

namespace palabra {

namespace {

std::string describe(const at::Tensor& tensor) {
  std::ostringstream text;
  text << format_dtype(tensor.scalar_type()) << tensor.sizes() << " on " << tensor.device();
  return text.str();
}

void check_counts(const char* where, const std::vector<at::Tensor>& roots,
                  const std::vector<at::Tensor>& gradients) {
  if (roots.empty()) throw_error("PAL_AUTOGRAD", {where, "at least one tensor", "none"});
  if (!gradients.empty() && gradients.size() != roots.size()) {
    throw_error("PAL_AUTOGRAD",
                {where, "a gradient for each of " + std::to_string(roots.size()) + " tensors",
                 std::to_string(gradients.size())});
  }
}

void check_graph(const char* where, const std::vector<at::Tensor>& roots) {
  for (const at::Tensor& root : roots) {
    if (root.requires_grad()) continue;
    throw_error("PAL_AUTOGRAD",
                {where, "a tensor that requires gradients", "one that was computed from none",
                 "Call requiresGrad_(true) on what is to be differentiated, and leave noGrad()."});
  }
}

}  // namespace

void run_backward(const std::vector<at::Tensor>& roots, const std::vector<at::Tensor>& gradients,
                  bool retain_graph, bool create_graph) {
  check_counts("backward", roots, gradients);
  check_graph("backward", roots);
  torch::autograd::backward(roots, gradients, retain_graph, create_graph);
}

std::vector<at::Tensor> compute_gradients(const std::vector<at::Tensor>& outputs,
                                          const std::vector<at::Tensor>& inputs,
                                          const std::vector<at::Tensor>& grad_outputs,
                                          bool retain_graph, bool create_graph, bool allow_unused) {
  check_counts("grad", outputs, grad_outputs);
  check_counts("grad", inputs, {});
  check_graph("grad", outputs);
  check_graph("grad", inputs);
  return torch::autograd::grad(outputs, inputs, grad_outputs, retain_graph, create_graph,
                               allow_unused);
}

at::Tensor get_gradient(const at::Tensor& tensor) { return tensor.unsafeGetTensorImpl()->grad(); }

void set_gradient(const at::Tensor& tensor, const at::Tensor& grad) {
  if (grad.defined()) {
    if (!grad.sizes().equals(tensor.sizes()) || grad.scalar_type() != tensor.scalar_type() ||
        grad.device() != tensor.device() || grad.layout() != tensor.layout()) {
      throw_error("PAL_SHAPE",
                  {"grad", "a gradient like its tensor, " + describe(tensor), describe(grad)});
    }
    if (grad.is_same(tensor))
      throw_error("PAL_AUTOGRAD", {"grad", "another tensor", "the tensor itself"});
  } else if (!get_gradient(tensor).defined()) {
    return;
  }
  tensor.mutable_grad() = grad;
}

std::string name_grad_function(const at::Tensor& tensor) {
  const auto& node = tensor.grad_fn();
  return node ? node->name() : "";
}

}  // namespace palabra
