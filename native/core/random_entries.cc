#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/empty.h>

#include <cstring>

#include "entries.h"
#include "error.h"
#include "js.h"

namespace palabra {

namespace {

uint32_t generator_id(Environment& environment, napi_value value) {
  const uint32_t id = js::id(environment.env, value, "generator");
  if (!environment.generators.count(id)) {
    fail("PAL_DISPOSED", {"generator", "a live generator", std::to_string(id)});
  }
  return id;
}

at::Generator& generator_of(Environment& environment, napi_value value) {
  environment.entry = "generator";
  return environment.generators.at(generator_id(environment, value));
}

napi_value create_generator(Environment& environment, const Napi::CallbackInfo& info) {
  const uint64_t seed = js::seed(environment.env, info[0], "createGenerator, seed");
  const uint32_t id = environment.next_generator++;
  environment.generators.emplace(id, at::make_generator<at::CPUGeneratorImpl>(seed));
  return js::integer_value(environment.env, id);
}

napi_value dispose_generator(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t id = generator_id(environment, info[0]);
  if (id == 0)
    fail("PAL_ARGUMENT",
         {"disposeGenerator", "a generator made by createGenerator", "the environment's own"});
  if (environment.generator == id) environment.generator = 0;
  environment.generators.erase(id);
  return js::undefined(environment.env);
}

// Operators without a generator argument draw from libtorch's own generators: they get the seed
// too.
void seed_libtorch(uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
}

napi_value seed_generator(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator& generator = generator_of(environment, info[0]);
  const uint64_t seed = js::seed(environment.env, info[1], "seedGenerator, seed");
  {
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
  }
  if (generator_id(environment, info[0]) == 0) seed_libtorch(seed);
  return js::undefined(environment.env);
}

napi_value generator_seed(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(environment.env, generator_of(environment, info[0]).current_seed());
}

napi_value generator_state(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator& generator = generator_of(environment, info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  const at::Tensor state = generator.get_state();
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(environment.env, state.nbytes());
  std::memcpy(buffer.Data(), state.const_data_ptr(), state.nbytes());
  return buffer;
}

napi_value set_generator_state(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator& generator = generator_of(environment, info[0]);
  const js::Bytes data = js::bytes(environment.env, info[1], "setGeneratorState, state");
  const at::Tensor state =
      at::empty({static_cast<int64_t>(data.size)}, at::TensorOptions(at::kByte));
  if (data.size > 0) std::memcpy(state.mutable_data_ptr(), data.data, data.size);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(state);
  return js::undefined(environment.env);
}

napi_value use_generator(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t before = environment.generator;
  environment.generator = generator_id(environment, info[0]);
  return js::integer_value(environment.env, before);
}

}  // namespace

std::vector<Export> random_entries() {
  return {exported<create_generator>("createGenerator"),
          exported<dispose_generator>("disposeGenerator"),
          exported<seed_generator>("seedGenerator"),
          exported<generator_seed>("generatorSeed"),
          exported<generator_state>("generatorState"),
          exported<set_generator_state>("setGeneratorState"),
          exported<use_generator>("useGenerator")};
}

}  // namespace palabra
