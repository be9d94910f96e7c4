// Shapes of oneDNN's LSTM, and the workspace that it keeps for the way back.

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <tuple>
#include <vector>

#include "fake/shapes.h"

namespace palabra {

namespace {

using at::Tensor;
using OptionalTensor = std::optional<Tensor>;

constexpr int64_t kGates = 4;

/// A row as oneDNN lays it out: whole cache lines, and one more where rows would share a set.
int64_t pad_row(int64_t width) {
  constexpr int64_t kLine = 16, kSet = 256;
  const int64_t padded = (width + kLine - 1) / kLine * kLine;
  return padded % kSet == 0 ? padded + kLine : padded;
}

/// Gates and states of each step in the type of the input, cells and gradients of states in
/// float32.
int64_t count_workspace_bytes(const Tensor& x, int64_t width) {
  constexpr int64_t kStates = 4, kWide = 6;
  const int64_t time = x.size(0), rows = x.size(1);
  const int64_t gates = time * (pad_row(kGates * width) + pad_row(width));
  const int64_t state = (time + 1) * pad_row(width);
  return rows * ((gates + kStates * state) * x.element_size() +
                 kWide * state * static_cast<int64_t>(sizeof(float)));
}

/// The gates of all steps, and both weights in the order of the processor, `copies` of each.
std::vector<Tensor> hold_work(const Tensor& x, const Tensor& input_weight,
                              const Tensor& hidden_weight, int copies) {
  const int64_t gates = pad_row(hidden_weight.size(0));
  std::vector<Tensor> held{at::empty({x.size(0), x.size(1), gates}, x.options().dtype(at::kFloat))};
  for (int copy = 0; copy < copies; ++copy) {
    held.push_back(at::empty_like(input_weight));
    held.push_back(at::empty_like(hidden_weight));
  }
  return held;
}

std::tuple<Tensor, Tensor, Tensor, Tensor> forward(const Tensor& x, const Tensor& input_weight,
                                                   const Tensor& hidden_weight, const Tensor&,
                                                   const Tensor&, const Tensor& hidden,
                                                   const Tensor& cell, bool, at::IntArrayRef,
                                                   int64_t, int64_t width, int64_t, bool, bool,
                                                   bool, bool train) {
  const auto held = hold_work(x, input_weight, hidden_weight, 1);
  const int64_t bytes = train ? count_workspace_bytes(x, width) : 0;
  return {at::empty({x.size(0), x.size(1), width}, x.options()), at::empty_like(hidden),
          at::empty_like(cell), at::empty({bytes}, x.options().dtype(at::kByte))};
}

std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> backward(
    const Tensor& x, const Tensor& input_weight, const Tensor& hidden_weight,
    const Tensor& input_bias, const Tensor& hidden_bias, const Tensor& hidden, const Tensor& cell,
    const Tensor& output, const Tensor&, const Tensor&, const OptionalTensor&,
    const OptionalTensor&, const OptionalTensor&, bool, int64_t, int64_t, int64_t, bool, bool, bool,
    at::IntArrayRef, bool, const Tensor&) {
  const auto held = hold_work(x, input_weight, hidden_weight, 2);
  const Tensor grads = at::empty_like(output);
  return {at::empty_like(x),          at::empty_like(input_weight), at::empty_like(hidden_weight),
          at::empty_like(input_bias), at::empty_like(hidden_bias),  at::empty_like(hidden),
          at::empty_like(cell)};
}

}  // namespace

void register_recurrent_shapes(torch::Library& library) {
  library.impl("mkldnn_rnn_layer", TORCH_FN(forward));
  library.impl("mkldnn_rnn_layer_backward", TORCH_FN(backward));
}

}  // namespace palabra
