// The language-model head and its loss, some tokens at a time: the logits of a run of tokens are
// formed, turned into losses and into their own gradient, and used at once for the gradients of x,
// weight and bias. No more than a run's logits exist at any time.

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <vector>

#include "checks.h"
#include "cpu/gemm.h"
#include "cpu/kernels.h"
#include "cpu/loops.h"
#include "cpu/memory.h"
#include "sizes.h"

namespace palabra::ops::cpu {
namespace {

struct Head {
  Tensor x;        // (N, C)
  Tensor weight;   // (V, C)
  Tensor bias;     // (V), or undefined
  Tensor targets;  // (N)
  CrossEntropyOptions options;

  int64_t tokens() const { return x.size(0); }
  int64_t classes() const { return weight.size(0); }
};

/// The gradients as they grow; undefined where not wanted.
struct Gradients {
  Tensor x;
  Tensor weight;
  Tensor bias;

  bool wanted() const { return x.defined() || weight.defined() || bias.defined(); }
};

void check_targets(const Head& head) {
  const auto* targets = head.targets.const_data_ptr<int64_t>();
  for (int64_t n = 0; n < head.tokens(); ++n) {
    const bool inside = targets[n] >= 0 && targets[n] < head.classes();
    TORCH_CHECK(inside || targets[n] == head.options.ignore_index,
                "palabra::linear_cross_entropy: expected targets from 0 to ", head.classes() - 1,
                " or ignore_index ", head.options.ignore_index, ", received ", targets[n],
                " at position ", n, ".");
  }
}

Head open(const Tensor& x, const Tensor& weight, const OptionalTensor& bias, const Tensor& targets,
          const CrossEntropyOptions& options) {
  check_linear_cross_entropy(x, weight, bias, targets, options.label_smoothing);
  const auto type = loss_type(x.scalar_type());
  const int64_t width = x.size(-1);
  Head head{x.to(type).reshape({targets.numel(), width}).contiguous(), weight.to(type).contiguous(),
            bias ? bias->to(type) : Tensor(), targets.reshape({-1}).contiguous(), options};
  check_targets(head);
  return head;
}

/// The places of the targets that count; undefined where all do.
Tensor find_counted(const Head& head) {
  const Tensor places = head.targets.ne(head.options.ignore_index).nonzero().squeeze(1);
  return places.size(0) == head.tokens() ? Tensor() : places;
}

/// The head over the tokens at some places: the others have no loss, so nothing is computed for
/// them.
Head keep(Head head, const Tensor& places) {
  if (!places.defined()) return head;
  head.x = head.x.index_select(0, places);
  head.targets = head.targets.index_select(0, places);
  return head;
}

/// logits = x weight^T + bias
void form_logits(const Head& head, const Tensor& x, const Tensor& logits) {
  if (head.bias.defined()) logits.copy_(head.bias.expand(logits.sizes()));
  gemm(logits, x, head.weight.t(), head.bias.defined());
}

/// Losses of a run; the logits become their gradient where that is wanted.
void form_losses(const Head& head, const Tensor& logits, int64_t begin, bool gradient,
                 double* losses) {
  const auto* targets = head.targets.const_data_ptr<int64_t>() + begin;
  at::parallel_for(0, logits.size(0), count_rows_per_task(head.classes()),
                   [&](int64_t first, int64_t last) {
                     const Scratch scratch(head.classes());
                     loops(logits.scalar_type())
                         .cross_entropy({row(logits, first, head.classes()), targets + first,
                                         losses + first, last - first, head.classes(),
                                         head.options.ignore_index, head.options.label_smoothing,
                                         head.options.z_loss, gradient, scratch.get()});
                   });
}

void add_gradients(const Head& head, const Tensor& x, const Tensor& logit_grad, int64_t begin,
                   const Gradients& into) {
  if (into.x.defined()) gemm(into.x.narrow(0, begin, x.size(0)), logit_grad, head.weight, false);
  if (into.weight.defined()) gemm(into.weight, logit_grad.t(), x, true);
  if (into.bias.defined()) into.bias.add_(logit_grad.sum(0, false, into.bias.scalar_type()));
}

/// Runs over all tokens and returns their losses.
std::vector<double> run(const Head& head, const Gradients& gradients) {
  std::vector<double> losses(head.tokens());
  const int64_t step = count_tokens_per_run(head.classes(), head.x.element_size());
  const Tensor buffer =
      at::empty({std::min(step, head.tokens()), head.classes()}, head.x.options());
  for (int64_t begin = 0; begin < head.tokens(); begin += step) {
    const int64_t count = std::min(step, head.tokens() - begin);
    const Tensor x = head.x.narrow(0, begin, count), logits = buffer.narrow(0, 0, count);
    form_logits(head, x, logits);
    form_losses(head, logits, begin, gradients.wanted(), losses.data() + begin);
    if (gradients.wanted()) add_gradients(head, x, logits, begin, gradients);
  }
  return losses;
}

/// The sum of the losses and the number of tokens that are not ignored.
Pair total(const Head& head, const std::vector<double>& losses) {
  const auto* targets = head.targets.const_data_ptr<int64_t>();
  double sum = 0;
  int64_t count = 0;
  for (int64_t n = 0; n < head.tokens(); ++n) {
    sum += losses[n];
    count += targets[n] != head.options.ignore_index;
  }
  const auto options = head.x.options();
  return {at::scalar_tensor(sum, options.dtype(statistics_type(head.x.scalar_type()))),
          at::scalar_tensor(count, options.dtype(at::kLong))};
}

Tensor zeros_where(bool wanted, at::IntArrayRef shape, const Head& head) {
  const auto type = statistics_type(head.x.scalar_type());
  return wanted ? at::zeros(shape, head.x.options().dtype(type)) : Tensor();
}

/// The gradients of the tokens that count as those of all, shaped as x; undefined where there are
/// none.
Tensor spread(const Tensor& gradient, const Head& all, const Tensor& places,
              at::IntArrayRef shape) {
  if (!gradient.defined() || !places.defined())
    return gradient.defined() ? gradient.view(shape) : Tensor();
  return zeros_where(true, all.x.sizes(), all).index_copy_(0, places, gradient).view(shape);
}

}  // namespace

Pair linear_cross_entropy(const Tensor& x, const Tensor& weight, const OptionalTensor& bias,
                          const Tensor& targets, int64_t ignore_index, double label_smoothing,
                          double z_loss) {
  const auto all = open(x, weight, bias, targets, {ignore_index, label_smoothing, z_loss});
  const Head head = keep(all, find_counted(all));
  return total(head, run(head, {}));
}

LossWithGradients linear_cross_entropy_gradients(const Tensor& x, const Tensor& weight,
                                                 const OptionalTensor& bias, const Tensor& targets,
                                                 int64_t ignore_index, double label_smoothing,
                                                 double z_loss, std::array<bool, 3> mask) {
  const auto all = open(x, weight, bias, targets, {ignore_index, label_smoothing, z_loss});
  const Tensor places = find_counted(all);
  const Head head = keep(all, places);
  const Gradients gradients{zeros_where(mask[0], head.x.sizes(), head),
                            zeros_where(mask[1], head.weight.sizes(), head),
                            zeros_where(mask[2] && bias, {head.classes()}, head)};
  auto [loss, count] = total(head, run(head, gradients));
  return {loss, count, spread(gradients.x, all, places, x.sizes()), gradients.weight,
          gradients.bias};
}

}  // namespace palabra::ops::cpu
