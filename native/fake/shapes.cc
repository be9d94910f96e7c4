#include "fake/shapes.h"

#include <ATen/OpMathType.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace palabra {

namespace {

using at::Tensor;
using OptionalTensor = std::optional<Tensor>;

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index) {
  auto shape = x.sizes().vec();
  if (!shape.empty()) shape[dim < 0 ? dim + x.dim() : dim] = index.numel();
  return at::empty(shape, x.options());
}

Tensor embedding_dense_backward(const Tensor& grad, const Tensor&, c10::SymInt rows, c10::SymInt,
                                bool) {
  return at::empty_symint({std::move(rows), grad.sym_size(-1)}, grad.options());
}

/// Statistics are float32 for short types where a parameter is.
at::ScalarType find_statistics_type(const Tensor& x, const OptionalTensor& weight) {
  return weight && weight->defined() ? weight->scalar_type() : x.scalar_type();
}

std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor& x, c10::SymIntArrayRef shape,
                                                     const OptionalTensor& weight,
                                                     const OptionalTensor&, double) {
  auto rows = x.sym_sizes().vec();
  std::fill(rows.end() - static_cast<int64_t>(shape.size()), rows.end(), 1);
  const auto statistics = x.options().dtype(find_statistics_type(x, weight));
  return {at::empty_symint(x.sym_sizes(), x.options()), at::empty_symint(rows, statistics),
          at::empty_symint(rows, statistics)};
}

Tensor like_where(bool wanted, const OptionalTensor& x) {
  return wanted && x && x->defined() ? at::empty_like(*x) : Tensor();
}

std::tuple<Tensor, Tensor, Tensor> native_layer_norm_backward(
    const Tensor&, const Tensor& x, c10::SymIntArrayRef shape, const Tensor& mean, const Tensor&,
    const OptionalTensor& weight, const OptionalTensor& bias, std::array<bool, 3> mask) {
  const auto width = c10::multiply_integers(shape);
  // Each thread sums the gradients of both parameters on its own.
  const Tensor sums = at::empty_symint({2, at::get_num_threads(), width}, mean.options());
  return {mask[0] ? at::empty_symint(x.sym_sizes(), x.options()) : Tensor(),
          like_where(mask[1], weight), like_where(mask[2], bias)};
}

/// Values as the CPU's attention lays them out: heads beside one another.
Tensor empty_heads(const Tensor& like) {
  return at::empty({like.size(0), like.size(2), like.size(1), like.size(3)}, like.options())
      .transpose(1, 2);
}

/// Scores and sums of the blocks that threads are at, one each.
Tensor empty_blocks(const Tensor& query, const Tensor& key, int64_t copies) {
  constexpr int64_t kQueries = 256, kKeys = 512;
  const int64_t rows = std::min(kQueries, query.size(2)), columns = std::min(kKeys, key.size(2));
  return at::empty({at::get_num_threads(), rows, copies * columns + query.size(3)},
                   query.options().dtype(at::toOpMathType(query.scalar_type())));
}

std::tuple<Tensor, Tensor> attend(const Tensor& query, const Tensor& key, const Tensor& value,
                                  double, bool, const OptionalTensor&, std::optional<double>) {
  const auto sums = query.options().dtype(at::toOpMathType(query.scalar_type()));
  const Tensor blocks = empty_blocks(query, key, 1);
  Tensor output =
      at::empty({query.size(0), query.size(2), query.size(1), value.size(3)}, query.options());
  return {output.transpose(1, 2),
          at::empty({query.size(0), query.size(2), query.size(1)}, sums).transpose(1, 2)};
}

std::tuple<Tensor, Tensor, Tensor> attend_backward(const Tensor&, const Tensor& query,
                                                   const Tensor& key, const Tensor& value,
                                                   const Tensor&, const Tensor&, double, bool,
                                                   const OptionalTensor&, std::optional<double>) {
  const Tensor blocks = empty_blocks(query, key, 2);
  return {empty_heads(query), empty_heads(key), empty_heads(value)};
}

}  // namespace

void register_shapes() {
  static auto* library =
      new torch::Library(torch::Library::IMPL, "aten", c10::DispatchKey::Meta, __FILE__, __LINE__);
  library->impl("index_select", TORCH_FN(index_select));
  library->impl("embedding_dense_backward", TORCH_FN(embedding_dense_backward));
  library->impl("native_layer_norm", TORCH_FN(native_layer_norm));
  library->impl("native_layer_norm_backward", TORCH_FN(native_layer_norm_backward));
  library->impl("_scaled_dot_product_flash_attention_for_cpu", TORCH_FN(attend));
  library->impl("_scaled_dot_product_flash_attention_for_cpu_backward", TORCH_FN(attend_backward));
  register_plain_shapes(*library);
  register_recurrent_shapes(*library);
}

}  // namespace palabra
