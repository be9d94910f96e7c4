#include "jobs.h"

#include "../core/error.h"
#include "environment.h"

namespace palabra::text {

void Jobs::start_thread() {
  if (thread_.joinable()) return;
  napi_env env = environment_.env;
  napi_value name = Napi::String::New(env, "palabra text");
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this,
                                      on_done, &wake_) != napi_ok) {
    fail("PAL_INTERNAL", {"palabra", "a thread-safe function", "an error of Node-API"});
  }
  napi_unref_threadsafe_function(env, wake_);
  // Hooks run in reverse: this one stops the thread before Node closes what it wakes.
  napi_add_env_cleanup_hook(env, [](void* self) { static_cast<Jobs*>(self)->stop(); }, this);
  thread_ = std::thread([this] { work(); });
}

uint32_t Jobs::start(std::shared_ptr<Job> job) {
  if (stopping_) fail("PAL_ABORTED", {"palabra", "a running environment", "one that is stopping"});
  start_thread();
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

void Jobs::abort(uint32_t id) {
  if (const auto found = jobs_.find(id); found != jobs_.end()) found->second->aborted = true;
}

void Jobs::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const uint32_t id = queue_.front().first;
    current_ = std::move(queue_.front().second);
    queue_.pop_front();
    lock.unlock();
    try {
      current_->work(current_->aborted);
      if (current_->aborted) fail("PAL_ABORTED", {"palabra", "to finish", "a signal to stop"});
    } catch (...) {
      current_->failure = std::current_exception();
    }
    lock.lock();
    current_.reset();
    if (stopping_) return;
    napi_call_threadsafe_function(wake_, reinterpret_cast<void*>(static_cast<uintptr_t>(id)),
                                  napi_tsfn_nonblocking);
  }
}

void Jobs::on_done(napi_env env, napi_value, void* context, void* data) {
  if (env)
    static_cast<Jobs*>(context)->settle(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(data)));
}

void Jobs::settle(uint32_t id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  const std::shared_ptr<Job> job = found->second;
  jobs_.erase(found);
  if (jobs_.empty()) napi_unref_threadsafe_function(environment_.env, wake_);
  try {
    finish(*job);
  } catch (...) {
    throw_to_javascript(environment_, "palabra");
  }
}

void Jobs::finish(Job& job) {
  const Napi::Env env = environment_.env;
  std::vector<napi_value> said;
  try {
    if (job.failure) std::rethrow_exception(job.failure);
    said = {env.Undefined(), job.result(env)};
  } catch (const Napi::Error& thrown) {
    said = {thrown.Value(), env.Undefined()};
  } catch (...) {
    const Failure failure = describe_failure(std::current_exception(), "palabra");
    said = {environment_.error_value(failure), env.Undefined()};
  }
  job.done.Call(said);
}

void Jobs::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (current_) current_->aborted = true;
    queue_.clear();
  }
  queued_.notify_all();
  if (thread_.joinable()) thread_.join();
  jobs_.clear();
}

}  // namespace palabra::text
