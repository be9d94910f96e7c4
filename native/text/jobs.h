// Work off the JavaScript thread: one thread for each Node environment, one job after another.
#pragma once

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace palabra::text {

struct Environment;

// A piece of work, and how its result becomes a value of JavaScript.
struct Job {
  std::function<void(const std::atomic<bool>& aborted)> work;
  std::function<napi_value(napi_env)> result;
  // Called on the JavaScript thread with an error, or with undefined and the result.
  Napi::FunctionReference done;
  std::atomic<bool> aborted{false};
  std::exception_ptr failure = nullptr;
};

class Jobs {
 public:
  explicit Jobs(Environment& environment) : environment_(environment) {}
  ~Jobs() { stop(); }
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // Queues a job and returns its number.
  uint32_t start(std::shared_ptr<Job> job);

  // Lets a job end early with PAL_ABORTED; one that has ended is no longer known.
  void abort(uint32_t id);

  // Aborts what runs and joins the thread. Later starts are refused.
  void stop();

 private:
  void start_thread();
  void work();
  void settle(uint32_t id);
  void finish(Job& job);
  static void on_done(napi_env env, napi_value, void* context, void* data);

  Environment& environment_;
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

}  // namespace palabra::text
