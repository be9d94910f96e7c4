#include "programs/run.h"

#include <ATen/autocast_mode.h>

#include "programs/threads.h"
#include "programs/waiting.h"
#include "tensors/slot_values.h"

namespace palabra {

Run::Run(Environment& environment, std::shared_ptr<const Graph> graph, Registers registers)
    : environment_(environment),
      graph_(std::move(graph)),
      registers_(std::move(registers)),
      generator_(environment.generators.at(environment.generator)) {
  where = "program";
}

void Run::work() {
  const at::ThreadLocalStateGuard adopt(state_);
  adopt_threads();
  // Casts of weights are kept by address, and the weights may have changed since.
  at::autocast::clear_cache();
  // An error, too, gives the registers up here, off the JavaScript thread.
  outputs_ = replay_graph(*graph_, std::move(registers_), generator_, signals_, where);
  thread_local Waiting waiting;
  waiting.observe();
}

napi_value Run::make_result(Napi::Env env) {
  Napi::Array outputs = Napi::Array::New(env, outputs_.size());
  for (uint32_t i = 0; i < outputs_.size(); ++i) {
    const SlotId slot = environment_.slots.add(std::move(outputs_[i]), true);
    outputs[i] = Napi::Value(env, js::make_slot(env, slot));
  }
  environment_.report_external();
  return outputs;
}

}  // namespace palabra
