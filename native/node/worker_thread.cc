#include "node/worker_thread.h"

#include <utility>

#include "node/error.h"

namespace palabra {

void WorkerThread::start_thread() {
  if (thread_.joinable()) return;
  if (!wake_) make_wake();
  thread_ = std::thread([this] { run(); });
}

void WorkerThread::make_wake() {
  napi_env env = environment_.env;
  napi_value name = Napi::String::New(env, "palabra");
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this,
                                      on_done, &wake_) != napi_ok) {
    throw_error("PAL_INTERNAL", {"palabra", "a thread-safe function", "an error of Node-API"});
  }
  napi_unref_threadsafe_function(env, wake_);
  // Hooks run in reverse: this one stops the thread before Node closes what it wakes.
  napi_add_env_cleanup_hook(
      env, [](void* self) { static_cast<WorkerThread*>(self)->stop(); }, this);
}

void WorkerThread::expect_running(const char* code, const char* where) const {
  if (stopping_) throw_error(code, {where, "a running environment", "one that is stopping"});
}

uint32_t WorkerThread::submit(std::shared_ptr<Job> job, Napi::Function done) {
  start_thread();
  job->done = Napi::Persistent(done);
  const uint32_t id = next_++;
  if (jobs_.empty()) napi_ref_threadsafe_function(environment_.env, wake_);
  jobs_.emplace(id, job);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.emplace_back(id, std::move(job));
  }
  queued_.notify_one();
  return id;
}

void WorkerThread::abort(uint32_t id) {
  if (const auto found = jobs_.find(id); found != jobs_.end()) found->second->abort();
}

void WorkerThread::run() {
  if (prepare_) prepare_();
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const uint32_t id = queue_.front().first;
    current_ = std::move(queue_.front().second);
    queue_.pop_front();
    lock.unlock();
    execute(*current_);
    lock.lock();
    current_.reset();
    if (stopping_) return;
    napi_call_threadsafe_function(wake_, reinterpret_cast<void*>(static_cast<uintptr_t>(id)),
                                  napi_tsfn_nonblocking);
  }
}

void WorkerThread::execute(Job& job) {
  try {
    job.work();
  } catch (...) {
    job.failure = environment_.describe(std::current_exception(), job.where);
  }
}

void WorkerThread::on_done(napi_env env, napi_value, void* context, void* data) {
  if (env)
    static_cast<WorkerThread*>(context)->settle(
        static_cast<uint32_t>(reinterpret_cast<uintptr_t>(data)));
}

void WorkerThread::settle(uint32_t id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  const std::shared_ptr<Job> job = found->second;
  jobs_.erase(found);
  if (jobs_.empty()) napi_unref_threadsafe_function(environment_.env, wake_);
  job->release();
  try {
    report(*job);
  } catch (...) {
    throw_to_javascript(environment_);
  }
}

void WorkerThread::report(Job& job) {
  const Napi::Env env = environment_.env;
  napi_value result = nullptr;
  if (!job.failure) {
    try {
      result = job.make_result(env);
    } catch (const Napi::Error& error) {
      job.done.Call({error.Value(), env.Undefined()});
      return;
    } catch (...) {
      job.failure = environment_.describe(std::current_exception(), job.where);
    }
  }
  if (job.failure) {
    job.done.Call({environment_.make_error_value(*job.failure), env.Undefined()});
  } else {
    job.done.Call({env.Undefined(), result});
  }
}

void WorkerThread::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (current_) current_->end();
    queue_.clear();
  }
  queued_.notify_all();
  if (thread_.joinable()) thread_.join();
  // What settles no more must not keep the process alive.
  if (!jobs_.empty()) napi_unref_threadsafe_function(environment_.env, wake_);
  for (const auto& [id, job] : std::exchange(jobs_, {})) job->release();
}

}  // namespace palabra
