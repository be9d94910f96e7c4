#pragma once

#include "programs/replay.h"
#include "tensors/busy.h"

namespace palabra {

// What a run of the graph over these registers does with the tensors from outside it. To be asked
// while no run is under way that may change their gradients.
Usage find_usage(const Graph& graph, const Registers& registers);

}  // namespace palabra
