#include "dispatch/names.h"
#include "dispatch/preconditions/checks.h"
#include "dispatch/preconditions/precondition_tables.h"

namespace palabra {

namespace {

using namespace checks;

void add_lists(PreconditionTable& table) {
  table["aten::_chunk_cat"] = {some({"tensors"}), dense(), axes({"tensors"}, 1),
                               within({"num_chunks"}, 1, 1 << 20)};
  table["aten::_foreach_copy"] = {dense(), as_long_as_each_other({"self", "src"})};
  for (const char* name : {"_foreach_addcmul", "_foreach_addcdiv"}) {
    for (const char* end : {"", "_"}) {
      table["aten::" + std::string(name) + end] = {
          as_long_as_each_other({"self", "tensor1", "tensor2", "scalars"})};
    }
  }
  table["aten::_foreach_lerp"] = table["aten::_foreach_lerp_"] = {
      as_long_as_each_other({"self", "tensors1", "weights", "weight"})};
}

void add_transforms(PreconditionTable& table) {
  table["aten::_fft_r2c"] = table["aten::_fft_c2c"] = {dense(),
                                                       some({"dim"}),
                                                       axis_of({"dim"}, "self"),
                                                       distinct_axes("dim", "self"),
                                                       filled({"self"}),
                                                       within({"normalization"}, 0, 2),
                                                       within({"dim"}, 0)};
  table["aten::_fft_c2r"] = {dense(),
                             some({"dim"}),
                             axis_of({"dim"}, "self"),
                             distinct_axes("dim", "self"),
                             filled({"self"}),
                             within({"normalization"}, 0, 2),
                             within({"dim"}, 0),
                             within({"last_dim_size"}, 1, int64_t{1} << 40)};
}

// A step of an integral range that truncates to 0 never ends.
void expect_whole_step(const CheckedCall& call) {
  const c10::IValue& dtype = call["dtype"];
  const at::Tensor out = call.tensor("out");
  const bool whole =
      out.defined()
          ? at::isIntegralType(out.scalar_type(), true)
          : dtype.isInt() && at::isIntegralType(static_cast<at::ScalarType>(dtype.toInt()), true);
  const c10::IValue& step = call["step"];
  if (!whole || !step.isScalar()) return;
  call.expect(step.toScalar().toLong() != 0, "step", "a whole step for whole numbers",
              "a fraction");
}

// Pivots go with a factorisation: one row of them for each matrix.
void expect_pivots(const CheckedCall& call) {
  const at::Tensor factors = call.tensor("LU_data");
  const at::Tensor pivots = call.tensor("LU_pivots");
  bool fits = factors.dim() >= 2 && pivots.dim() == factors.dim() - 1;
  for (int64_t i = 0; fits && i < factors.dim() - 2; ++i) fits = pivots.size(i) == factors.size(i);
  fits = fits && pivots.size(-1) == std::min(factors.size(-1), factors.size(-2));
  call.expect(fits, "LU_pivots", "a row of pivots for each matrix of LU_data", "another shape",
              "PAL_SHAPE");
}

// Distances between each row of one and each of the other, and their gradients.
void expect_distances(const CheckedCall& call) {
  const at::Tensor rows = call.tensor("x1");
  const at::Tensor columns = call.tensor("x2");
  bool fits = rows.dim() >= 2 && columns.dim() == rows.dim() && rows.size(-1) == columns.size(-1);
  for (const char* name : {"grad", "cdist"}) {
    const at::Tensor matrix = call.tensor(name);
    fits = fits && matrix.dim() == rows.dim() && matrix.size(-2) == rows.size(-2) &&
           matrix.size(-1) == columns.size(-2);
    for (int64_t i = 0; fits && i < rows.dim() - 2; ++i) {
      fits = rows.size(i) == columns.size(i) && matrix.size(i) == rows.size(i);
    }
    call.expect(fits, name, "a matrix of the rows of x1 by the rows of x2", "another shape",
                "PAL_SHAPE");
  }
}

// Statistics for fake quantisation: one of each, or one a channel.
void expect_observed(const CheckedCall& call) {
  const at::Tensor self = call.tensor("self");
  const bool per_channel =
      call["per_row_fake_quant"].isBool() && call["per_row_fake_quant"].toBool();
  const int64_t axis = call["ch_axis"].toInt();
  call.expect(axis >= 0 && axis < self.dim(), "ch_axis", "an axis of self", std::to_string(axis));
  const int64_t wanted = per_channel ? self.size(axis) : 1;
  for (const char* name : {"running_min", "running_max", "scale", "zero_point"}) {
    const at::Tensor tensor = call.tensor(name);
    call.expect(tensor.dim() <= 1 && tensor.numel() == wanted, name,
                std::to_string(wanted) + " elements", std::to_string(tensor.numel()), "PAL_SHAPE");
  }
}

// One index an axis at most: libtorch writes those past the axes of an empty tensor to memory that
// isn't its own.
void expect_index_per_axis(const CheckedCall& call) {
  const int64_t axes = call.tensor("self").dim();
  const int64_t given = static_cast<int64_t>(call["indices"].toListRef().size());
  call.expect(given <= axes, "indices", "at most one for each of " + std::to_string(axes) + " axes",
              std::to_string(given), "PAL_SHAPE");
}

void add_numerics(PreconditionTable& table) {
  table["aten::_unsafe_masked_index"] =
      table["aten::_unsafe_masked_index_put_accumulate"] = {expect_index_per_axis};
  table["aten::_cdist_backward"] = {dense(), filled({"x1", "x2", "grad", "cdist"}),
                                    expect_distances};
  table["aten::_convert_indices_from_coo_to_csr"] = {dense(), axes({"self"}, 1, 1),
                                                     within({"size"}, 0, 1 << 30),
                                                     below({"self"}, value_of("size"), "size")};
  for (const char* name : {"fused_moving_avg_obs_fake_quant", "_fused_moving_avg_obs_fq_helper",
                           "_fused_moving_avg_obs_fq_helper_functional"}) {
    table["aten::" + std::string(name)] = {
        dense(), typed({"self", "running_min", "running_max", "scale"}, {at::kFloat}),
        typed({"zero_point"}, {at::kInt}), filled({"self", "observer_on", "fake_quant_on"}),
        expect_observed};
  }
  table["aten::_nested_compute_contiguous_strides_offsets"] = {dense(), axes({"nested_size"}, 2, 2),
                                                               typed({"nested_size"}, {at::kLong})};
  table["aten::lu_unpack"] = {dense(), expect_pivots};
  table["aten::linalg_eigvals"] = table["aten::_linalg_eigvals"] = {finite({"self"})};
  table["aten::matrix_power"] =
      table["aten::linalg_matrix_power"] = {within({"n"}, -INT32_MAX, INT32_MAX)};
  table["aten::pdist"] =
      table["aten::_pdist_forward"] = {filled({"self"}), axes({"self"}, 2, 2), dense()};
  table["aten::_pdist_backward"] = {filled({"self", "grad", "pdist"}), axes({"self"}, 2, 2),
                                    dense()};
  table["aten::smooth_l1_loss_backward"] = {floating({"self"})};
  table["aten::gelu_backward"] = {one_shape({"grad_output", "self"})};
  for (const char* name :
       {"rrelu_with_noise", "rrelu_with_noise_", "rrelu_with_noise_functional"}) {
    table["aten::" + std::string(name)] = {dense(), one_shape({"self", "noise", "out"}),
                                           floating({"self"}), one_dtype({"self", "noise"})};
  }
  table["aten::rrelu_with_noise_backward"] = {dense(), one_shape({"self", "grad_output", "noise"})};
  // The recurrence to large arguments starts at the argument.
  for (const char* name : {"polygamma", "polygamma_", "special_polygamma", "special_zeta"}) {
    table["aten::" + std::string(name)] = {at_least({"self", "other"}, -1e6)};
  }
  table["aten::binomial"] = {finite({"count", "prob"}), at_most({"count"}, 1e9),
                             at_most({"prob"}, 1)};
  table["aten::range"] = {expect_whole_step};
  // The largest whole number has no successor: the search for the next float above it never ends.
  table["aten::random"] = table["aten::random_"] = {within({"from"}, INT64_MIN, INT64_MAX - 1)};
  table["aten::native_group_norm"] = {dense(), within({"group"}, 1)};
  table["aten::_amp_update_scale_"] = {dense(), filled({"self", "growth_tracker", "found_inf"})};
  table["aten::copy"] = {dense()};
  table["aten::_sparse_broadcast_to"] = {within({"size"}, 1)};
  table["aten::_logcumsumexp"] = {one_shape({"self", "out"}), one_dtype({"self", "out"})};
  table["aten::_log_softmax_backward_data"] =
      table["aten::_softmax_backward_data"] = {one_shape({"output", "grad_output"})};
  for (const char* name :
       {"legendre_polynomial_p", "hermite_polynomial_h", "hermite_polynomial_he",
        "laguerre_polynomial_l", "chebyshev_polynomial_t", "chebyshev_polynomial_u",
        "chebyshev_polynomial_v", "chebyshev_polynomial_w", "shifted_chebyshev_polynomial_t",
        "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v",
        "shifted_chebyshev_polynomial_w"}) {
    table["aten::special_" + std::string(name)] = {at_most({"n"}, 1e6)};
  }
}

// Sums of powers go into a dtype that is complex as the numbers are: the kernel writes complex
// numbers into the memory of real ones otherwise. The norm checks the same.
void expect_sums_of_kind(const CheckedCall& call) {
  const c10::IValue& dtype = call["dtype"];
  if (!dtype.isInt()) return;
  const auto type = static_cast<at::ScalarType>(dtype.toInt());
  for (const at::Tensor& tensor : call.tensors("self"))
    call.expect(at::isComplexType(type) == tensor.is_complex(), "dtype",
                tensor.is_complex() ? "a complex dtype, as self" : "a real dtype, as self",
                format_dtype(type), "PAL_DTYPE");
}

void add_power_sums(PreconditionTable& table) {
  for (const char* name : {"_foreach_powsum", "linalg__powsum"})
    table["aten::" + std::string(name)] = {expect_sums_of_kind};
}

// The operators of optimizers walk their tensors as flat memory.
void add_optimizers(PreconditionTable& table) {
  for (const char* name : {"_fused_adam", "_fused_adamw", "_fused_sgd", "_fused_adagrad"}) {
    for (const char* end : {"", "_"}) {
      table["aten::" + std::string(name) + end] = {
          dense(), filled({"grad_scale", "found_inf"}),
          item_by_item({"self", "grads", "exp_avgs", "exp_avg_sqs", "max_exp_avg_sqs",
                        "momentum_buffer_list", "state_sums"})};
    }
  }
}

}  // namespace

void add_numeric_preconditions(PreconditionTable& table) {
  add_lists(table);
  add_transforms(table);
  add_numerics(table);
  add_power_sums(table);
  add_optimizers(table);
}

}  // namespace palabra
