#include <algorithm>

#include "dispatch/preconditions/checks.h"
#include "dispatch/preconditions/precondition_tables.h"

namespace palabra {

namespace {

using namespace checks;

// The statistics that batch normalisation reads: those of the batch in training, the running ones
// otherwise.
Check batch_or_running_statistics(const char* training, Names batch, Names running) {
  return [training, of_batch = given(std::move(batch)),
          of_run = given(std::move(running))](const CheckedCall& call) {
    const c10::IValue& mode = call[training];
    (mode.isBool() && mode.toBool() ? of_batch : of_run)(call);
  };
}

// Joins lists of checks.
Checks all(std::initializer_list<Checks> lists) {
  Checks joined;
  for (const Checks& list : lists) joined.insert(joined.end(), list.begin(), list.end());
  return joined;
}

Checks batch_norm() {
  return {dense(), filled({"input"}),
          each_channel({"weight", "bias", "running_mean", "running_var", "save_mean", "save_invstd",
                        "save_var", "save_var_transform"},
                       "input")};
}

Checks batch_norm_backward() {
  return all({batch_norm(), {one_shape({"input", "grad_out", "grad_output"})}});
}

// Pooling backward over the last `last` axes: one gradient an output, indices inside the input's
// plane.
Checks pool_backward(int64_t last) {
  return {dense(), filled({"self", "grad_output"}), axes({"self"}, last + 1, last + 2),
          same_but_last("self", "grad_output", last), one_dtype({"self", "grad_output"})};
}

Checks indexed_pool_backward(int64_t last) {
  return all({pool_backward(last),
              {one_shape({"grad_output", "indices"}), typed({"indices"}, {at::kLong}),
               below({"indices"}, area_of("self", last), "the plane of self")}});
}

// The last axes of the input, over which it is normalised: libtorch reads past the sizes of an
// input that has fewer.
void expect_last_axes(const CheckedCall& call) {
  const at::Tensor input = call.tensor("input");
  const std::vector<int64_t> shape = call.integers("normalized_shape");
  const int64_t before = input.dim() - static_cast<int64_t>(shape.size());
  bool fits = !shape.empty() && before >= 0;
  for (int64_t i = std::max<int64_t>(before, 0); fits && i < input.dim(); ++i)
    fits = input.size(i) == shape[i - before];
  call.expect(fits, "normalized_shape", "the sizes of the last axes of input", "others",
              "PAL_SHAPE");
}

void add_normalisation(PreconditionTable& table) {
  for (const char* name : {"layer_norm", "native_layer_norm", "native_layer_norm_backward",
                           "rms_norm", "_fused_rms_norm", "_fused_rms_norm_backward"})
    table["aten::" + std::string(name)] = {expect_last_axes};
  const Check statistics =
      batch_or_running_statistics("training", {}, {"running_mean", "running_var"});
  const Check saved =
      batch_or_running_statistics("train", {"save_mean"}, {"running_mean", "running_var"});
  for (const char* name :
       {"_native_batch_norm_legit", "native_batch_norm", "batch_norm", "_batch_norm_impl_index"}) {
    table["aten::" + std::string(name)] = all({batch_norm(), {statistics}});
  }
  table["aten::_batch_norm_with_update"] = batch_norm();
  table["aten::_native_batch_norm_legit_functional"] = batch_norm();
  table["aten::_batch_norm_with_update_functional"] = batch_norm();
  table["aten::batch_norm_update_stats"] = batch_norm();
  table["aten::_batch_norm_no_update"] =
      all({batch_norm(), {given({"running_mean", "running_var"})}});
  table["aten::native_batch_norm_backward"] = all(
      {batch_norm_backward(), {saved, batch_or_running_statistics("train", {"save_invstd"}, {})}});
  table["aten::_batch_norm_impl_index_backward"] =
      all({batch_norm_backward(),
           {saved, batch_or_running_statistics("train", {"save_var_transform"}, {})}});
  table["aten::batch_norm_backward"] = all(
      {batch_norm_backward(), {given({"running_mean", "running_var", "save_mean", "save_var"})}});
}

void add_pooling(PreconditionTable& table) {
  table["aten::_adaptive_avg_pool2d_backward"] = pool_backward(2);
  table["aten::_adaptive_avg_pool3d_backward"] = pool_backward(3);
  table["aten::adaptive_max_pool2d_backward"] = indexed_pool_backward(2);
  table["aten::adaptive_max_pool3d_backward"] = indexed_pool_backward(3);
  table["aten::max_pool2d_with_indices_backward"] = indexed_pool_backward(2);
  table["aten::max_pool3d_with_indices_backward"] = indexed_pool_backward(3);
  for (const int64_t last : {2, 3}) {
    const std::string size = std::to_string(last);
    table["aten::fractional_max_pool" + size + "d_backward"] =
        all({indexed_pool_backward(last),
             {counts({"kernel_size", "output_size"}, last, last),
              within({"kernel_size", "output_size"}, 1)}});
  }
}

constexpr int64_t kLargestWindow = 1 << 24;

// The size of a window along an axis; one size stands for all axes.
int64_t window_size(const std::vector<int64_t>& sizes, size_t axis) {
  return sizes[std::min(axis, sizes.size() - 1)];
}

// A row of the weight holds a number for each place of a window in each channel of the input. The
// kernels take that for granted, and read and write past their columns where it does not hold.
Check whole_windows(size_t axes) {
  return [axes](const CheckedCall& call) {
    const at::Tensor input = call.tensor("self"), weight = call.tensor("weight");
    const auto sizes = call.integers("kernel_size");
    if (!input.defined() || !weight.defined() || sizes.empty() || weight.dim() < 2) return;
    const int64_t channel_axis = input.dim() - static_cast<int64_t>(axes) - 1;
    if (channel_axis < 0 || weight.numel() == 0) return;
    const int64_t row = weight.numel() / weight.size(0);
    int64_t places = input.size(channel_axis);
    for (size_t i = 0; i < axes && places > 0 && places <= row; ++i)
      places *= window_size(sizes, i);
    call.expect(
        places == row, "kernel_size",
        "sizes whose product with the channels of self is a row of weight, " + std::to_string(row),
        std::to_string(places), "PAL_SHAPE");
  };
}

void expect_windows_of_weight(const CheckedCall& call) {
  const at::Tensor weight = call.tensor("weight");
  const auto sizes = call.integers("kernel_size");
  if (!weight.defined() || weight.dim() != 4 || sizes.empty()) return;
  for (size_t i = 0; i < 2; ++i) {
    const int64_t size = weight.size(static_cast<int64_t>(i) + 2);
    call.expect(window_size(sizes, i) == size, "kernel_size", "the last sizes of weight",
                std::to_string(window_size(sizes, i)) + " where weight has " + std::to_string(size),
                "PAL_SHAPE");
  }
}

// Sizes of windows near 32 bits overflow in the kernels.
void add_windows(PreconditionTable& table) {
  for (const char* name :
       {"max_pool1d", "max_pool2d", "max_pool3d", "max_pool1d_with_indices",
        "max_pool2d_with_indices", "max_pool3d_with_indices", "avg_pool1d", "avg_pool2d",
        "avg_pool3d", "mkldnn_max_pool2d", "mkldnn_max_pool3d", "slow_conv3d",
        "_slow_conv2d_forward", "slow_conv3d_forward", "thnn_conv2d", "slow_conv_transpose2d",
        "slow_conv_dilated2d", "slow_conv_dilated3d"}) {
    table["aten::" + std::string(name)] = {
        within({"kernel_size", "stride", "padding", "dilation"}, -kLargestWindow, kLargestWindow)};
  }
  for (const char* name : {"_slow_conv2d_forward", "thnn_conv2d"})
    table["aten::" + std::string(name)].push_back(whole_windows(2));
  for (const char* name : {"slow_conv3d", "slow_conv3d_forward"})
    table["aten::" + std::string(name)].push_back(whole_windows(3));
  table["aten::slow_conv_transpose2d"].push_back(expect_windows_of_weight);
}

// The gradient of an embedding: a row for each index.
Check row_for_each(const char* indices, const char* gradient) {
  return [indices, gradient](const CheckedCall& call) {
    const at::Tensor index = call.tensor(indices);
    const at::Tensor rows = call.tensor(gradient);
    bool fits = index.defined() && rows.defined() && rows.dim() == index.dim() + 1;
    for (int64_t i = 0; fits && i < index.dim(); ++i) fits = rows.size(i) == index.size(i);
    call.expect(fits, gradient, "the shape of the indices and one axis more", "another shape",
                "PAL_SHAPE");
  };
}

// Offsets may point past the last index, where an empty bag ends.
int64_t end_of_indices(const CheckedCall& call) { return call.tensor("indices").numel() + 1; }

void add_embeddings(PreconditionTable& table) {
  const auto gradient = [](const char* rows) -> Checks {
    return {dense(),
            within({"num_weights"}, 1, int64_t{1} << 40),
            floating({rows}),
            row_for_each("indices", rows),
            typed({"indices"}, {at::kLong, at::kInt}),
            below({"indices"}, value_of("num_weights"), "num_weights")};
  };
  for (const char* name : {"embedding_bag", "_embedding_bag", "_embedding_bag_forward_only"}) {
    table["aten::" + std::string(name)] = {
        dense(),
        filled({"weight"}),
        axes({"weight"}, 2, 2),
        axes({"indices"}, 1, 1),
        axes({"offsets"}, 1, 1),
        below({"indices"}, size_of("weight", 0), "the rows of weight"),
        below({"offsets"}, end_of_indices, "the indices")};
  }
  table["aten::embedding_backward"] = gradient("grad");
  table["aten::embedding_sparse_backward"] = gradient("grad");
  table["aten::embedding_dense_backward"] = gradient("grad_output");
}

// A weight matrix for the input and one for the state, perhaps with their biases, a layer and
// direction.
void expect_recurrent_weights(const CheckedCall& call) {
  const auto flag = [&](const char* name) { return call[name].isBool() && call[name].toBool(); };
  const int64_t layers = call["num_layers"].isInt() ? call["num_layers"].toInt() : 0;
  call.expect(layers >= 1 && layers < 4096, "num_layers", "from 1 to 4095", std::to_string(layers));
  const int64_t wanted = layers * (flag("bidirectional") ? 2 : 1) * (flag("has_biases") ? 4 : 2);
  const int64_t given = static_cast<int64_t>(call.tensors("params").size());
  // A projection is one matrix more for each.
  call.expect(given == wanted || given == wanted + wanted / (flag("has_biases") ? 4 : 2), "params",
              std::to_string(wanted) + " tensors", std::to_string(given));
}

void add_recurrent(PreconditionTable& table) {
  const Check hidden = [](const CheckedCall& call) {
    const size_t states = call.tensors("hx").size();
    call.expect(states == 2, "hx", "the hidden and the cell state",
                std::to_string(states) + " tensors");
  };
  table["aten::lstm"] = {dense(), axes({"params"}, 1, 2), axes({"hx"}, 2, 3), hidden,
                         expect_recurrent_weights};
  for (const char* name : {"gru", "rnn_tanh", "rnn_relu"}) {
    table["aten::" + std::string(name)] = {dense(), axes({"params"}, 1, 2), axes({"hx"}, 2, 3),
                                           expect_recurrent_weights};
  }
}

void expect_heads(const CheckedCall& call) {
  for (const char* name : {"query", "key", "value"}) {
    const at::Tensor tensor = call.tensor(name);
    const bool empty = tensor.defined() && ((tensor.dim() > 1 && tensor.size(1) == 0) ||
                                            (tensor.dim() > 2 && tensor.size(-3) == 0));
    call.expect(!empty, name, "heads", "shape with none", "PAL_SHAPE");
  }
}

void add_attention(PreconditionTable& table) {
  for (const char* name : {"_fused_sdp_choice", "scaled_dot_product_attention",
                           "_scaled_dot_product_attention_math"}) {
    table["aten::" + std::string(name)] = {expect_heads};
  }
}

// The gradient of unfold: a window for each step along the axis.
void expect_windows(const CheckedCall& call) {
  const at::Tensor gradient = call.tensor("grad_in");
  const std::vector<int64_t> sizes = call.integers("input_sizes");
  const int64_t axes = static_cast<int64_t>(sizes.size());
  const int64_t size = call["size"].toInt();
  const int64_t step = call["step"].toInt();
  int64_t axis = call["dim"].toInt();
  if (axis < 0) axis += axes;
  bool fits = axis >= 0 && axis < axes && step > 0 && size > 0 && gradient.dim() == axes + 1;
  fits = fits && gradient.size(-1) == size && sizes[axis] >= size;
  for (int64_t i = 0; fits && i < axes; ++i) {
    fits =
        sizes[i] >= 0 && gradient.size(i) == (i == axis ? (sizes[i] - size) / step + 1 : sizes[i]);
  }
  call.expect(fits, "grad_in", "a window for each step along the axis", "another shape",
              "PAL_SHAPE");
}

// The gradient of padding: as large as the tensor and what was added on either side of its last
// axes.
void expect_padded(const CheckedCall& call) {
  const at::Tensor self = call.tensor("self");
  const at::Tensor gradient = call.tensor("grad_output");
  const std::vector<int64_t> padding = call.integers("padding");
  bool fits =
      gradient.dim() == self.dim() && 2 * self.dim() >= static_cast<int64_t>(padding.size());
  for (int64_t i = 0; fits && i < self.dim(); ++i) {
    const size_t pair = 2 * (self.dim() - 1 - i);
    const int64_t added = pair < padding.size() ? padding[pair] + padding[pair + 1] : 0;
    fits = gradient.size(i) == self.size(i) + added;
  }
  call.expect(fits, "grad_output", "the shape of self after padding", "another shape", "PAL_SHAPE");
}

void add_images(PreconditionTable& table) {
  table["aten::unfold_backward"] = {dense(), within({"size", "step"}, 1), expect_windows};
  // Padding near 32 bits overflows in the kernels.
  for (const char* name : {"replication_pad1d", "replication_pad2d", "replication_pad3d"}) {
    table["aten::" + std::string(name)] = {within({"padding"}, -kLargestWindow, kLargestWindow)};
  }
  table["aten::reflection_pad1d_backward"] = {counts({"padding"}, 2, 2), dense(),
                                              within({"padding"}, -kLargestWindow, kLargestWindow),
                                              expect_padded};
  table["aten::reflection_pad2d_backward"] = {counts({"padding"}, 4, 4), dense(),
                                              within({"padding"}, -kLargestWindow, kLargestWindow),
                                              expect_padded};
  table["aten::reflection_pad3d_backward"] = {counts({"padding"}, 6, 6), dense(),
                                              within({"padding"}, -kLargestWindow, kLargestWindow),
                                              expect_padded};
  for (const char* name : {"_upsample_bilinear2d_aa", "_upsample_bicubic2d_aa",
                           "_upsample_lanczos2d_aa", "_upsample_bilinear2d_aa_backward",
                           "_upsample_bicubic2d_aa_backward", "_upsample_lanczos2d_aa_backward"}) {
    table["aten::" + std::string(name)] = {at_least({"scales_h", "scales_w"}, 1.0 / 1024), dense()};
  }
}

}  // namespace

void add_layer_preconditions(PreconditionTable& table) {
  add_normalisation(table);
  add_pooling(table);
  add_windows(table);
  add_embeddings(table);
  add_recurrent(table);
  add_attention(table);
  add_images(table);
}

}  // namespace palabra
