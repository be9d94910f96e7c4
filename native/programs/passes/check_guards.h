#pragma once

#include "programs/replay.h"

namespace palabra {

Guard make_guard(const at::Tensor& tensor);

// Are the inputs and externals of a run as JavaScript found them at the recording? Then it would
// call the same operators again.
bool check_guards(const Graph& graph, const Registers& registers);

}  // namespace palabra
