#pragma once

#include "programs/graph.h"

namespace palabra {

// Fills `releases` from the last use of each register.
void plan_releases(Graph& graph);

}  // namespace palabra
