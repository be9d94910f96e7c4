#pragma once

#include <napi.h>

#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "programs/graph.h"
#include "programs/recording/uses.h"

namespace palabra {

struct Environment;

// Writes down what an environment runs, to become a Graph.
class Tracer {
 public:
  Tracer(Environment& environment, const std::vector<SlotId>& inputs);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Around a call: the first refuses what can't be replayed, the second names the results.
  void begin_call(const Operator& op, const napi_value* args, size_t count,
                  const torch::jit::Stack& stack);
  void end_call(const Operator& op, const torch::jit::Stack& stack);
  // The slot JavaScript got for the next result; nothing when it is not one of a recorded step.
  void bind_result(SlotId id);

  void add_step(Step step);
  // JavaScript looks at a tensor, and may go by what it finds.
  void note_look(SlotId id);
  // JavaScript looks whether there is a gradient.
  void note_gradient_look(SlotId id);
  // What a step that is no call does with a tensor.
  void note_use(const at::Tensor& tensor, uint8_t uses) { uses_.note(tensor, uses); }
  // The register of a slot: of an input, a result, a constant made while recording, or a tensor
  // from before.
  Register find_register(SlotId id);
  std::vector<Register> find_registers(const std::vector<SlotId>& ids);
  std::vector<Register> find_registers(const std::vector<std::optional<SlotId>>& ids);
  // Makes a register for a result and the slot that `hand_out` will give it next; none for an
  // undefined tensor.
  Register expect_result(const at::Tensor& tensor);
  // A second slot of the same tensor.
  void add_alias(SlotId from, SlotId to) { registers_[to] = find_register(from); }

  Graph finish(const std::vector<SlotId>& outputs);

 private:
  void add_bound(const at::Tensor& tensor, Register reg);
  bool draws_from_environment(const Parameter& parameter, napi_value value) const;
  Register make_register() { return graph_.register_count++; }
  Operand make_operand(const Parameter& parameter, napi_value value, const c10::IValue& converted);

  Environment& environment_;
  uint64_t started_;
  Graph graph_;
  std::unordered_map<SlotId, Register> registers_;
  std::deque<Register> expected_;
  UseFinder uses_;
  // The places of inputs and externals among the guards, and whether each had a gradient.
  std::unordered_map<Register, size_t> bound_;
  std::vector<bool> had_gradient_;
  // Registers whose gradient a step has set.
  std::unordered_set<Register> gradient_set_;
  // The generator of the environment, under a name of its own while recording, and its name
  // outside.
  uint32_t ambient_generator_;
  uint32_t outer_generator_;
  // The call between begin_call and end_call.
  CallStep pending_;
};

// Throws PAL_PROGRAM_VALUE while a recording is under way: `what` reads a value.
void refuse_while_recording(const Environment& environment, const char* what);

}  // namespace palabra
