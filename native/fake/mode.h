#pragma once

#include <c10/core/impl/LocalDispatchKeySet.h>

#include <memory>

#include "fake/memory.h"

namespace palabra {

// While one is there, operators of this thread compute nothing: new tensors have shapes, dtypes and
// strides but no values, and whatever existed before stays as it is, though it takes part. What an
// operator would hold is counted. Operators that must read values fail.
class FakeMode {
 public:
  FakeMode();
  ~FakeMode();
  FakeMode(const FakeMode&) = delete;
  FakeMode& operator=(const FakeMode&) = delete;

  FakeMemory& memory() { return *memory_; }

 private:
  std::shared_ptr<FakeMemory> memory_;
  std::shared_ptr<FakeMemory> before_;
};

// Operators compute as ever as long as it lives.
class OutsideFakeMode {
  c10::impl::ExcludeDispatchKeyGuard guard_{c10::DispatchKey::Fake};
};

}  // namespace palabra
