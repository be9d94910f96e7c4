#pragma once

#include <ATen/ThreadLocalState.h>
#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "failure.h"
#include "program.h"

namespace palabra {

struct Environment;

// One run of a program, from `start` on the JavaScript thread through the compute thread and back.
struct Run {
  uint32_t id;
  std::shared_ptr<const Program> program;
  Registers registers;
  at::ThreadLocalState state;
  Napi::FunctionReference done;
  std::atomic<bool> aborted{false};
  std::vector<at::Tensor> outputs;
  std::optional<Failure> failure;
};

// The programs of an environment and the thread that replays them.
class Runtime {
 public:
  explicit Runtime(Environment& environment) : environment_(environment) {}
  ~Runtime() { stop(); }

  uint32_t add(Program program);
  const std::shared_ptr<const Program>& get(uint32_t id) const;
  void remove(uint32_t id);

  // Queues a run; `done(error, outputs)` is called on the JavaScript thread.
  uint32_t start(uint32_t program, const std::vector<SlotId>& inputs, Napi::Function done);
  std::vector<SlotId> run_here(uint32_t program, const std::vector<SlotId>& inputs);
  void abort(uint32_t run);

  // Threads of an operator, here and on the compute thread from the next run on.
  void set_threads(int count);

  // Aborts what runs, and joins the compute thread. Later starts are refused.
  void stop();

 private:
  Registers bind(const Program& program, const std::vector<SlotId>& inputs) const;
  void start_thread();
  void work();
  void execute(Run& run);
  void complete(Run& run);
  void settle(uint32_t id);
  static void on_done(napi_env env, napi_value, void* context, void* data);

  Environment& environment_;
  std::unordered_map<uint32_t, std::shared_ptr<const Program>> programs_;
  uint32_t next_program_ = 1;
  std::unordered_map<uint32_t, std::shared_ptr<Run>> runs_;
  uint32_t next_run_ = 1;

  std::thread thread_;
  napi_threadsafe_function wake_ = nullptr;
  std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<std::shared_ptr<Run>> queue_;
  std::shared_ptr<Run> current_;
  bool stopping_ = false;
};

}  // namespace palabra
