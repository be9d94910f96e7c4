#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <vector>

namespace palabra {

// Whether a tensor has a device and a shape, but no values.
bool is_fake(const at::Tensor& tensor);

// The tensors of one call of an operator: stand-ins on the meta device for what goes in, fake
// tensors on the CPU for what comes out. An input that comes out again is itself.
class Exchange {
 public:
  // The arguments of a call, on the meta device.
  c10::IValue take(const c10::IValue& value);
  // The results of a call, as tensors of the CPU.
  c10::IValue give(const c10::IValue& value);

 private:
  struct Pair {
    at::Tensor meta;
    at::Tensor cpu;
  };

  at::Tensor take(const at::Tensor& tensor);
  at::Tensor give(const at::Tensor& tensor);

  std::vector<Pair> pairs_;
};

}  // namespace palabra
