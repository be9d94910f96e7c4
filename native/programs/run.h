#pragma once

#include <ATen/ThreadLocalState.h>

#include <functional>
#include <memory>
#include <vector>

#include "dispatch/environment.h"
#include "node/worker_thread.h"
#include "programs/replay.h"

namespace palabra {

// One replay of a graph, from `start` on the JavaScript thread through the compute thread and back.
class Run : public Job {
 public:
  // Takes the modes of the calling thread, gradients, inference and autocast, and the generator
  // that the environment draws from.
  Run(Environment& environment, std::shared_ptr<const Graph> graph, Registers registers);

  void work() override;
  void abort() override { signals_.aborted = true; }
  void end() override { signals_.stopped = true; }
  void release() override { on_release(); }
  // The outputs as slots outside every scope.
  napi_value make_result(Napi::Env env) override;

  std::function<void()> on_release;

 private:
  Environment& environment_;
  std::shared_ptr<const Graph> graph_;
  Registers registers_;
  at::ThreadLocalState state_;
  at::Generator generator_;
  ReplaySignals signals_;
  std::vector<at::Tensor> outputs_;
};

}  // namespace palabra
