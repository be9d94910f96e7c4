#pragma once

#include <string>
#include <unordered_map>

#include "dispatch/preconditions/preconditions.h"

namespace palabra {

// Checks by the name of an operator without its overload.
using PreconditionTable = std::unordered_map<std::string, Checks>;

// Normalisation, pooling, windows, embeddings, recurrent layers, attention and images.
void add_layer_preconditions(PreconditionTable& table);
// Lists of tensors, transforms, linear algebra, special functions and the steps of optimizers.
void add_numeric_preconditions(PreconditionTable& table);

}  // namespace palabra
