#pragma once

#include <exception>
#include <string>

namespace palabra {

// What went wrong, as JavaScript is told: a code of lib/core/errors/error-codes.ts and a whole
// message.
struct Failure {
  std::string code;
  std::string message;
};

Failure make_failure(const char* code, const std::string& where, const std::string& message);

// Classifies an exception of ours or of the standard library, one of another kind as PAL_INTERNAL;
// never throws.
Failure describe_failure(const std::exception_ptr& exception, const std::string& where) noexcept;

}  // namespace palabra
