#pragma once

#include <torch/library.h>

namespace palabra {

// Registers meta kernels of operators for which libtorch has none outside Python, each with what
// its CPU kernel takes besides its results.
void register_shapes();

// Those whose results follow by one rule for many operators.
void register_plain_shapes(torch::Library& library);

// Those of oneDNN's LSTM.
void register_recurrent_shapes(torch::Library& library);

}  // namespace palabra
