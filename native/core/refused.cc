#include <cstring>
#include <string>

#include "operators.h"

namespace palabra {

namespace {

struct Refused {
  const char* name;
  const char* call;
};

// Overloads with which libtorch 2.13 itself dies, found by tests/fuzz, each with the call that kills it.
constexpr Refused kRefused[] = {
    {"aten::_cuda_getCurrentRawStream", "any call on a build without CUDA"},
};

}  // namespace

const char* refusal(const std::string& name) {
  for (const Refused& refused : kRefused) {
    if (name == refused.name) return refused.call;
  }
  return nullptr;
}

}  // namespace palabra
