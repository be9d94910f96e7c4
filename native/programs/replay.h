#pragma once

#include <atomic>

#include "programs/graph.h"

namespace palabra {

using Registers = std::vector<at::Tensor>;

// What a replay is told from outside.
struct ReplaySignals {
  // Ends it with PAL_ABORTED, unless it has begun to change values from outside.
  std::atomic<bool> aborted{false};
  // Ends it between any two steps.
  std::atomic<bool> stopped{false};
};

// Runs the steps on this thread; operators draw from `generator` where the recording named none.
// `where` tells the step at work, for errors. Returns the outputs.
std::vector<at::Tensor> replay_graph(const Graph& graph, Registers registers,
                                     const at::Generator& generator, const ReplaySignals& signals,
                                     std::string& where);

}  // namespace palabra
