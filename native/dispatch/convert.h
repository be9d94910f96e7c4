#pragma once

#include <napi.h>

#include "dispatch/environment.h"

namespace palabra {

// Reads the arguments of a call into a stack, by the operator's schema: absent ones take their
// defaults, counts and kinds are checked. `args` holds `count` values in schema order.
void push_arguments(Environment& environment, const Operator& op, const napi_value* args,
                    size_t count, torch::jit::Stack& stack);

// Gives the results of a call to JavaScript: a tensor as its slot, an aliased one as undefined.
napi_value hand_out_results(Environment& environment, const Operator& op, torch::jit::Stack& stack);

}  // namespace palabra
