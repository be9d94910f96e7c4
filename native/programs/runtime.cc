#include "programs/runtime.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ThreadLocalState.h>
#include <ATen/autocast_mode.h>

#include "node/error.h"
#include "programs/passes/check_guards.h"
#include "programs/passes/find_usage.h"
#include "programs/run.h"
#include "programs/threads.h"

namespace palabra {

namespace {

// Moments of weights without gradients shrink to denormal numbers, which cost hundreds of cycles
// each; the threads that this one starts flush them too.
void prepare_thread() {
  at::init_num_threads();
  at::globalContext().setFlushDenormal(true);
}

}  // namespace

Runtime::Runtime(Environment& environment)
    : environment_(environment), thread_(environment, prepare_thread) {}

uint32_t Runtime::add(Graph graph) {
  const uint32_t id = next_graph_++;
  graphs_.emplace(id, std::make_shared<const Graph>(std::move(graph)));
  return id;
}

const std::shared_ptr<const Graph>& Runtime::get(uint32_t id) const {
  const auto found = graphs_.find(id);
  if (found == graphs_.end())
    throw_error("PAL_DISPOSED", {"program", "a live program", std::to_string(id)});
  return found->second;
}

void Runtime::remove(uint32_t id) { graphs_.erase(id); }

std::variant<Runtime::Binding, Misfit> Runtime::bind(const Graph& graph,
                                                     const std::vector<SlotId>& inputs) const {
  if (inputs.size() != graph.inputs.size()) {
    throw_error("PAL_ARGUMENT", {"program", std::to_string(graph.inputs.size()) + " inputs",
                                 std::to_string(inputs.size())});
  }
  for (const auto& [slot, reg] : graph.externals)
    if (!environment_.slots.live(slot)) return Misfit::kGone;
  Registers registers(graph.register_count);
  for (size_t i = 0; i < inputs.size(); ++i)
    registers[graph.inputs[i]] = environment_.slots.get(inputs[i]);
  for (const auto& [slot, reg] : graph.externals) registers[reg] = environment_.slots.get(slot);
  Usage usage = find_usage(graph, registers);
  if (environment_.busy.any()) environment_.busy.expect_free(usage, "program");
  if (!check_guards(graph, registers)) return Misfit::kDiffers;
  return Binding{std::move(registers), std::move(usage)};
}

void Runtime::add_constants(const Graph& graph, Registers& registers) {
  for (const auto& [tensor, reg] : graph.constants) {
    registers[reg] = tensor.detach().clone().requires_grad_(tensor.requires_grad());
  }
}

void Runtime::expect_idle(const char* where) const {
  if (under_way_)
    throw_error("PAL_PROGRAM", {where, "no run under way", "one", "Await the run first."});
}

std::variant<std::vector<SlotId>, Misfit> Runtime::run_here(uint32_t graph,
                                                            const std::vector<SlotId>& inputs) {
  const std::shared_ptr<const Graph> found = get(graph);
  auto bound = bind(*found, inputs);
  if (const Misfit* misfit = std::get_if<Misfit>(&bound)) return *misfit;
  Registers registers = std::move(std::get<Binding>(bound).registers);
  add_constants(*found, registers);
  at::autocast::clear_cache();
  const ReplaySignals none;
  const at::Generator generator = environment_.generators.at(environment_.generator);
  const at::ThreadLocalStateGuard restore{at::ThreadLocalState()};
  const auto outputs =
      replay_graph(*found, std::move(registers), generator, none, environment_.entry);
  std::vector<SlotId> slots;
  for (const at::Tensor& output : outputs) slots.push_back(environment_.slots.add(output));
  return slots;
}

std::variant<uint32_t, Misfit> Runtime::start(uint32_t graph, const std::vector<SlotId>& inputs,
                                              Napi::Function done) {
  thread_.expect_running("PAL_PROGRAM", "program");
  expect_idle("program");
  const std::shared_ptr<const Graph> found = get(graph);
  auto bound = bind(*found, inputs);
  if (const Misfit* misfit = std::get_if<Misfit>(&bound)) return *misfit;
  auto& [registers, usage] = std::get<Binding>(bound);
  add_constants(*found, registers);
  auto run = std::make_shared<Run>(environment_, found, std::move(registers));
  end_team();
  const uint32_t id = thread_.submit(run, done);
  run->on_release = [this, busy = environment_.busy.add(std::move(usage))] {
    environment_.busy.remove(busy);
    under_way_ = false;
  };
  under_way_ = true;
  return id;
}

void Runtime::set_threads(int count) { request_threads(count); }

void Runtime::stop() {
  thread_.stop();
  graphs_.clear();
}

}  // namespace palabra
