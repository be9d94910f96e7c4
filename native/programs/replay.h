#pragma once

#include <atomic>

#include "programs/graph.h"

namespace palabra {

using Registers = std::vector<at::Tensor>;

// Runs the steps on this thread; stops with PAL_ABORTED between two of them once `aborted` is set.
// `where` tells the step at work, for errors. Returns the outputs.
std::vector<at::Tensor> replay_graph(const Graph& graph, Registers registers,
                                     const std::atomic<bool>& aborted, std::string& where);

}  // namespace palabra
