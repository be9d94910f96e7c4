#pragma once

#include "node/failure.h"

namespace palabra {

// Classifies an exception of ours, of libtorch or of the standard library; never throws.
Failure describe_torch_failure(const std::exception_ptr& exception,
                               const std::string& where) noexcept;

}  // namespace palabra
