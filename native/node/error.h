#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace palabra {

// An error with one of the codes of lib/core/errors/error-codes.ts; the guard turns it into its JS
// class.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message)
      : std::runtime_error("[" + code + "] " + message), code_(std::move(code)) {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

// What a message says: `where: expected …, received …. fix`.
struct ErrorParts {
  std::string where;
  std::string expected;
  std::string received;
  std::string fix = {};
};

[[noreturn]] inline void throw_error(const char* code, const ErrorParts& parts) {
  std::string message =
      parts.where + ": expected " + parts.expected + ", received " + parts.received + ".";
  if (!parts.fix.empty()) message += " " + parts.fix;
  throw Error(code, message);
}

}  // namespace palabra
