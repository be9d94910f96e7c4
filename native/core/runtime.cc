#include "runtime.h"

#include <ATen/Parallel.h>
#include <unistd.h>

#include "environment.h"
#include "error.h"
#include "guard.h"
#include "js.h"

// Of OpenMP 5.0; null where libtorch was built with a runtime that lacks it.
extern "C" [[gnu::weak]] int omp_pause_resource_all(int kind);

namespace palabra {

namespace {

// Ends the OpenMP team of the process's first thread, where that calls and has one. With more
// threads in teams than processors, libgomp lets every thread sleep at once at every barrier: a
// second team makes the steps of the first a fourth slower. Threads of workers keep theirs: libgomp
// damaged memory when many ended while they paused.
void end_team() {
  constexpr int kSoft = 1;
  if (omp_pause_resource_all != nullptr && gettid() == getpid()) omp_pause_resource_all(kSoft);
}

// The number of threads asked for in this process; 0 leaves libtorch's own choice.
std::atomic<int> wanted_threads{0};

void adopt_threads() {
  const int wanted = wanted_threads.load();
  if (wanted > 0 && at::get_num_threads() != wanted) at::set_num_threads(wanted);
}

}  // namespace

uint32_t Runtime::add(Program program) {
  const uint32_t id = next_program_++;
  programs_.emplace(id, std::make_shared<const Program>(std::move(program)));
  return id;
}

const std::shared_ptr<const Program>& Runtime::get(uint32_t id) const {
  const auto found = programs_.find(id);
  if (found == programs_.end())
    fail("PAL_DISPOSED", {"program", "a live program", std::to_string(id)});
  return found->second;
}

void Runtime::remove(uint32_t id) { programs_.erase(id); }

Registers Runtime::bind(const Program& program, const std::vector<SlotId>& inputs) const {
  if (inputs.size() != program.inputs.size()) {
    fail("PAL_ARGUMENT", {"program", std::to_string(program.inputs.size()) + " inputs",
                          std::to_string(inputs.size())});
  }
  Registers registers(program.register_count);
  for (size_t i = 0; i < inputs.size(); ++i)
    registers[program.inputs[i]] = environment_.slots.get(inputs[i]);
  for (const auto& [slot, reg] : program.externals) registers[reg] = environment_.slots.get(slot);
  for (const auto& [tensor, reg] : program.constants) {
    registers[reg] = tensor.detach().clone().requires_grad_(tensor.requires_grad());
  }
  return registers;
}

std::vector<SlotId> Runtime::run_here(uint32_t program, const std::vector<SlotId>& inputs) {
  const std::shared_ptr<const Program> found = get(program);
  const std::atomic<bool> never{false};
  const at::ThreadLocalStateGuard restore{at::ThreadLocalState()};
  const auto outputs = replay(*found, bind(*found, inputs), never, environment_.entry);
  std::vector<SlotId> slots;
  for (const at::Tensor& output : outputs) slots.push_back(environment_.slots.add(output));
  return slots;
}

void Runtime::start_thread() {
  if (thread_.joinable()) return;
  napi_env env = environment_.env;
  napi_value name = Napi::String::New(env, "palabra");
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this,
                                      on_done, &wake_) != napi_ok) {
    fail("PAL_INTERNAL", {"program", "a thread-safe function", "an error of Node-API"});
  }
  napi_unref_threadsafe_function(env, wake_);
  // Hooks run in reverse: this one stops the thread before Node closes what it wakes.
  napi_add_env_cleanup_hook(env, [](void* self) { static_cast<Runtime*>(self)->stop(); }, this);
  thread_ = std::thread([this] { work(); });
}

uint32_t Runtime::start(uint32_t program, const std::vector<SlotId>& inputs, Napi::Function done) {
  if (stopping_) fail("PAL_PROGRAM", {"program", "a running environment", "one that is stopping"});
  auto run = std::make_shared<Run>();
  run->program = get(program);
  run->registers = bind(*run->program, inputs);
  run->done = Napi::Persistent(done);
  start_thread();
  end_team();
  run->id = next_run_++;
  if (runs_.empty()) napi_ref_threadsafe_function(environment_.env, wake_);
  runs_.emplace(run->id, run);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(run);
  }
  queued_.notify_one();
  return run->id;
}

void Runtime::abort(uint32_t run) {
  if (const auto found = runs_.find(run); found != runs_.end()) found->second->aborted = true;
}

void Runtime::set_threads(int count) {
  wanted_threads = count;
  at::set_num_threads(count);
}

void Runtime::work() {
  at::init_num_threads();
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    current_ = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    execute(*current_);
    const uint32_t id = current_->id;
    lock.lock();
    current_.reset();
    if (stopping_) return;
    napi_call_threadsafe_function(wake_, reinterpret_cast<void*>(static_cast<uintptr_t>(id)),
                                  napi_tsfn_nonblocking);
  }
}

void Runtime::execute(Run& run) {
  std::string where = "program";
  try {
    const at::ThreadLocalStateGuard adopt(run.state);
    adopt_threads();
    run.outputs = replay(*run.program, std::move(run.registers), run.aborted, where);
  } catch (...) {
    run.failure = describe_failure(std::current_exception(), where);
  }
  run.registers.clear();
}

void Runtime::on_done(napi_env env, napi_value, void* context, void* data) {
  if (env)
    static_cast<Runtime*>(context)->settle(
        static_cast<uint32_t>(reinterpret_cast<uintptr_t>(data)));
}

void Runtime::settle(uint32_t id) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return;
  const std::shared_ptr<Run> run = found->second;
  runs_.erase(found);
  if (runs_.empty()) napi_unref_threadsafe_function(environment_.env, wake_);
  try {
    complete(*run);
  } catch (...) {
    throw_to_javascript(environment_);
  }
}

void Runtime::complete(Run& run) {
  Napi::Env env = environment_.env;
  if (run.failure) {
    napi_value error = environment_.make_error.Call(
        {Napi::String::New(env, run.failure->code), Napi::String::New(env, run.failure->message)});
    run.done.Call({error, env.Undefined()});
    return;
  }
  Napi::Array outputs = Napi::Array::New(env, run.outputs.size());
  for (uint32_t i = 0; i < run.outputs.size(); ++i) {
    const SlotId slot = environment_.slots.add(std::move(run.outputs[i]), true);
    outputs[i] = Napi::Value(env, js::slot_value(env, slot));
  }
  environment_.report_external();
  run.done.Call({env.Undefined(), outputs});
}

void Runtime::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (current_) current_->aborted = true;
    queue_.clear();
  }
  queued_.notify_all();
  if (thread_.joinable()) thread_.join();
  runs_.clear();
  programs_.clear();
}

}  // namespace palabra
