// Work off the JavaScript thread: one thread for each part of an environment, one job after
// another.
#pragma once

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "node/environment.h"

namespace palabra {

// A piece of work, and how its result becomes a value of JavaScript.
class Job {
 public:
  virtual ~Job() = default;

  // On the thread. It looks at `aborted` now and then and tells in `where` what is at work.
  virtual void work() = 0;
  // On any thread: asks it to end early, or, once the thread stops, to end at once.
  virtual void abort() { aborted = true; }
  virtual void end() { abort(); }
  // On the JavaScript thread, first thing after the job ran or was dropped.
  virtual void release() {}
  // On the JavaScript thread, where the work succeeded.
  virtual napi_value make_result(Napi::Env env) = 0;

  std::atomic<bool> aborted{false};
  std::string where = "palabra";
  std::optional<Failure> failure;
  // Called on the JavaScript thread with an error, or with undefined and the result.
  Napi::FunctionReference done;
};

class WorkerThread {
 public:
  // `prepare` runs first thing on the thread.
  explicit WorkerThread(NodeEnvironment& environment, std::function<void()> prepare = {})
      : environment_(environment), prepare_(std::move(prepare)) {}
  ~WorkerThread() { stop(); }
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  // Throws `code` once the thread was stopped.
  void expect_running(const char* code, const char* where) const;
  // Starts the thread if need be, queues a job and returns its number.
  uint32_t submit(std::shared_ptr<Job> job, Napi::Function done);
  // Lets a job end early; one that has ended is no longer known.
  void abort(uint32_t id);
  // Aborts what runs and joins the thread. Later jobs are refused.
  void stop();

 private:
  void start_thread();
  void make_wake();
  void run();
  void execute(Job& job);
  void settle(uint32_t id);
  void report(Job& job);
  static void on_done(napi_env env, napi_value, void* context, void* data);

  NodeEnvironment& environment_;
  std::function<void()> prepare_;
  std::unordered_map<uint32_t, std::shared_ptr<Job>> jobs_;
  uint32_t next_ = 1;
  std::thread thread_;
  napi_threadsafe_function wake_ = nullptr;
  std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<std::pair<uint32_t, std::shared_ptr<Job>>> queue_;
  std::shared_ptr<Job> current_;
  bool stopping_ = false;
};

}  // namespace palabra
