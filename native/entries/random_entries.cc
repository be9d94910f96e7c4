#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/empty.h>

#include <cstring>

#include "entries/entries.h"
#include "node/error.h"
#include "node/make_values.h"
#include "node/read_values.h"

namespace palabra {

namespace {

uint32_t generator_id(Environment& environment, napi_value value) {
  const uint32_t id = js::read_id(environment.env, value, "generator");
  if (!environment.generators.count(id)) {
    throw_error("PAL_DISPOSED", {"generator", "a live generator", std::to_string(id)});
  }
  return id;
}

at::Generator& generator_of(Environment& environment, napi_value value) {
  environment.entry = "generator";
  return environment.generators.at(generator_id(environment, value));
}

napi_value create_generator(Environment& environment, const Napi::CallbackInfo& info) {
  const uint64_t seed = js::read_seed(environment.env, info[0], "createGenerator, seed");
  const uint32_t id = environment.next_generator++;
  environment.generators.emplace(id, at::make_generator<at::CPUGeneratorImpl>(seed));
  return js::make_integer(environment.env, id);
}

napi_value dispose_generator(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t id = generator_id(environment, info[0]);
  if (id == 0)
    throw_error("PAL_ARGUMENT", {"disposeGenerator", "a generator made by createGenerator",
                                 "the environment's own"});
  if (environment.generator == id) environment.generator = 0;
  environment.generators.erase(id);
  return js::make_undefined(environment.env);
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
  const uint64_t seed = js::read_seed(environment.env, info[1], "seedGenerator, seed");
  {
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
  }
  if (generator_id(environment, info[0]) == 0) seed_libtorch(seed);
  return js::make_undefined(environment.env);
}

napi_value generator_seed(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(environment.env, generator_of(environment, info[0]).current_seed());
}

napi_value generator_state(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator& generator = generator_of(environment, info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  const at::Tensor state = generator.get_state();
  return js::make_array_buffer(environment.env, state.const_data_ptr(), state.nbytes());
}

napi_value set_generator_state(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator& generator = generator_of(environment, info[0]);
  const js::Bytes data = js::read_bytes(environment.env, info[1], "setGeneratorState, state");
  const at::Tensor state =
      at::empty({static_cast<int64_t>(data.size)}, at::TensorOptions(at::kByte));
  if (data.size > 0) std::memcpy(state.mutable_data_ptr(), data.data, data.size);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(state);
  return js::make_undefined(environment.env);
}

napi_value use_generator(Environment& environment, const Napi::CallbackInfo& info) {
  const uint32_t before = environment.generator;
  environment.generator = generator_id(environment, info[0]);
  return js::make_integer(environment.env, before);
}

}  // namespace

std::vector<Export> list_random_entries() {
  return {make_export<create_generator>("createGenerator"),
          make_export<dispose_generator>("disposeGenerator"),
          make_export<seed_generator>("seedGenerator"),
          make_export<generator_seed>("generatorSeed"),
          make_export<generator_state>("generatorState"),
          make_export<set_generator_state>("setGeneratorState"),
          make_export<use_generator>("useGenerator")};
}

}  // namespace palabra
