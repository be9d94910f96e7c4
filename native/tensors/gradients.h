#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace palabra {

// Accumulates the gradients of the roots into the leaves; an undefined entry of `gradients` stands
// for ones.
void run_backward(const std::vector<at::Tensor>& roots, const std::vector<at::Tensor>& gradients,
                  bool retain_graph, bool create_graph);

// The gradients of the outputs by the inputs; undefined where unused and that is allowed.
std::vector<at::Tensor> compute_gradients(const std::vector<at::Tensor>& outputs,
                                          const std::vector<at::Tensor>& inputs,
                                          const std::vector<at::Tensor>& grad_outputs,
                                          bool retain_graph, bool create_graph, bool allow_unused);

// The tensor's .grad, or an undefined tensor.
at::Tensor get_gradient(const at::Tensor& tensor);
// Sets .grad after checking shape, dtype and device; an undefined `grad` clears it.
void set_gradient(const at::Tensor& tensor, const at::Tensor& grad);

// The name of the node that computed a tensor; empty for a leaf.
std::string name_grad_function(const at::Tensor& tensor);

}  // namespace palabra
