// Where a random stream stands, as a tensor: a recorded program can go back in the stream and draw
// the same numbers twice.

#include <ATen/CPUGeneratorImpl.h>
#include <torch/library.h>

#include "operators.h"
#include "registry.h"

namespace palabra::ops {
namespace {

at::CPUGeneratorImpl* stream(const std::optional<at::Generator>& generator) {
  return at::get_generator_or_default<at::CPUGeneratorImpl>(generator,
                                                            at::detail::getDefaultCPUGenerator());
}

Tensor random_state(std::optional<at::Generator> generator) {
  auto* source = stream(generator);
  const std::lock_guard<std::mutex> lock(source->mutex_);
  return Tensor(source->get_state());
}

void set_random_state(const Tensor& state, std::optional<at::Generator> generator) {
  TORCH_CHECK(state.is_cpu() && state.scalar_type() == at::kByte && state.is_contiguous(),
              "palabra::set_random_state: expected the tensor of random_state, received ",
              state.toString(), " ", state.sizes(), ".");
  auto* source = stream(generator);
  const std::lock_guard<std::mutex> lock(source->mutex_);
  source->set_state(*state.unsafeGetTensorImpl());
}

}  // namespace

void register_random(torch::Library& library) {
  library.impl("random_state", TORCH_FN(random_state));
  library.impl("set_random_state", TORCH_FN(set_random_state));
}

}  // namespace palabra::ops
