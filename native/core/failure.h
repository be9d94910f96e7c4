#pragma once

#include <exception>
#include <string>

namespace palabra {

// What went wrong, as JavaScript is told: a code of lib/core/error-codes.ts and a whole message.
struct Failure {
  std::string code;
  std::string message;
};

// Classifies an exception of ours, of libtorch or of the standard library; never throws.
Failure describe_failure(const std::exception_ptr& exception, const std::string& where) noexcept;

}  // namespace palabra
