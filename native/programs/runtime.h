#pragma once

#include <memory>
#include <unordered_map>
#include <variant>

#include "dispatch/environment.h"
#include "node/worker_thread.h"
#include "programs/replay.h"

namespace palabra {

// Why a graph is not run: something is not as at the recording; a tensor from outside is gone.
enum class Misfit : int8_t { kDiffers = 0, kGone = -1 };

// The graphs of an environment and the thread that replays them.
class Runtime {
 public:
  explicit Runtime(Environment& environment);

  uint32_t add(Graph graph);
  const std::shared_ptr<const Graph>& get(uint32_t id) const;
  void remove(uint32_t id);

  // Starts a run; `done(error, outputs)` is called on the JavaScript thread. The run before must
  // have settled: until then nobody can tell which gradients are there to be bound.
  std::variant<uint32_t, Misfit> start(uint32_t graph, const std::vector<SlotId>& inputs,
                                       Napi::Function done);
  // Runs a graph on this thread.
  std::variant<std::vector<SlotId>, Misfit> run_here(uint32_t graph,
                                                     const std::vector<SlotId>& inputs);
  void abort(uint32_t run) { thread_.abort(run); }

  // Throws PAL_PROGRAM while a run is under way.
  void expect_idle(const char* where) const;

  // Threads of an operator, here and on the compute thread from the next run on.
  void set_threads(int count);

  // Aborts what runs, and joins the compute thread. Later starts are refused.
  void stop();

 private:
  // A run's tensors and what it does with them.
  struct Binding {
    Registers registers;
    Usage usage;
  };

  std::variant<Binding, Misfit> bind(const Graph& graph, const std::vector<SlotId>& inputs) const;
  static void add_constants(const Graph& graph, Registers& registers);

  Environment& environment_;
  std::unordered_map<uint32_t, std::shared_ptr<const Graph>> graphs_;
  uint32_t next_graph_ = 1;
  // Whether a run has started and not settled.
  bool under_way_ = false;
  WorkerThread thread_;
};

}  // namespace palabra
