#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace torch::autograd {
struct Node;
}

namespace palabra {

// What a run does with a tensor from outside it.
enum Use : uint8_t {
  kReads = 1,
  kWrites = 2,
  // Changes its shape, its place in memory or its autograd history.
  kReshapes = 4,
  // Reads or changes its gradient.
  kDifferentiates = 8,
};

// What a run does with all of them. It keeps neither tensors nor their memory, only addresses from
// being given to others.
class Usage {
 public:
  void add(const at::Tensor& tensor, uint8_t uses);
  // A backward pass of the run may come to the tensor.
  void add_differentiated(const at::Tensor& tensor);

 private:
  friend class BusyTensors;
  using WeakTensor = c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
  using WeakMemory = c10::weak_intrusive_ptr<c10::StorageImpl>;

  void add_leaf(const at::Tensor& tensor);

  std::vector<std::pair<WeakTensor, uint8_t>> tensors_;
  std::vector<std::pair<WeakMemory, uint8_t>> memory_;
  // The graphs behind tensors that are no leaves, and what keeps them.
  std::vector<torch::autograd::Node*> nodes_;
  std::vector<std::shared_ptr<void>> kept_;
};

// What JavaScript is about to do with a tensor.
enum class Access : uint8_t { kShape, kValues, kChange, kGradient };

// The tensors that runs use from their binding until they settle. The compute thread has the same
// tensors, so JavaScript may only do what doesn't meet its work.
class BusyTensors {
 public:
  uint32_t add(Usage usage);
  void remove(uint32_t id);
  bool any() const { return !usages_.empty(); }

  // Each throws PAL_PROGRAM for what a run would meet.
  void expect_free(const at::Tensor& tensor, Access access, const std::string& where) const {
    if (any()) check(tensor, access, where);
  }
  void expect_free(const Usage& usage, const std::string& where) const;
  // A backward pass from the roots; one that `accumulates` changes the gradients of leaves.
  void expect_free_graph(const std::vector<at::Tensor>& roots, bool accumulates,
                         const std::string& where) const;

  // Does a run change the tensor's shape or its place in memory?
  bool reshapes(const at::Tensor& tensor) const;

 private:
  struct Index {
    // By the address of a tensor or of its memory.
    std::unordered_map<const void*, uint8_t> uses;
    std::unordered_set<const torch::autograd::Node*> nodes;
  };

  void check(const at::Tensor& tensor, Access access, const std::string& where) const;
  uint8_t uses_of(const void* address) const;
  const Index& index() const;

  std::unordered_map<uint32_t, Usage> usages_;
  uint32_t next_ = 1;
  // Made when JavaScript first asks: most runs pass without a question.
  mutable Index index_;
  mutable bool indexed_ = false;
};

}  // namespace palabra
