#pragma once

#include <torch/library.h>

namespace palabra::ops {

/// The namespace of our operators in the dispatcher.
inline constexpr const char* kNamespace = "palabra";

/// Defines the schemas: names, arguments, defaults and aliases.
void define_schemas(torch::Library& library);

/// Registers the differentiable entries.
void register_autograd(torch::Library& library);

/// Registers the shape functions, with symbolic sizes.
void register_meta(torch::Library& library);

/// Registers what an operator does under autocast on a CPU.
void register_autocast_cpu(torch::Library& library);

/// Registers the kernels that serve every device.
void register_every_device(torch::Library& library);

/// Registers the state of random streams, which belongs to no device's kernels.
void register_random(torch::Library& library);

/// Registers the report of which path each kind of work takes on this processor.
void register_paths(torch::Library& library);

/// Registers the CPU kernels.
void register_cpu(torch::Library& library);

}  // namespace palabra::ops
