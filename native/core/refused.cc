#include <cstring>
#include <string>

#include "operators.h"

namespace palabra {

namespace {

struct Refused {
  const char* name;
  const char* call;
};

// Overloads with which libtorch 2.13 itself dies, found by tests/fuzz, each with the call that
// kills it.
constexpr Refused kRefused[] = {
    {"aten::_efficientzerotensor", "aten::mul.Scalar on its result"},
    {"aten::_efficientzerotensor.out", "aten::mul.Scalar on its result"},
    {"aten::from_file", "any call: it writes to files"},
    {"aten::from_file.out", "any call: it writes to files"},
    {"aten::_dyn_quant_matmul_4bit", "(float32[3,1,2,1,4], float32[3,1,2,1,4], 0, 3, 1)"},
    {"aten::_dyn_quant_pack_4bit_weight", "(uint8[2,3,3], uint8[2,3,3], complex64[1], 0, 4, -2)"},
    {"aten::_nnpack_spatial_convolution",
     "(float64[], float64[4,2,3,3], float64[4], [5, 0], [5, 5])"},
    {"aten::_nnpack_spatial_convolution.out",
     "(bfloat16[2,4,6,6], bfloat16[4,4,3,3], undefined, [1, 8], [-1], …)"},
    {"aten::_new_zeros_with_same_feature_meta", "(int64[1,3,2], int64[1,3,2], -2)"},
    {"aten::_new_zeros_with_same_feature_meta.out", "(float32[3], float32[3,4], -2, …)"},
    {"aten::_pad_packed_sequence", "(float32[3], int64[3], true, 3, 8)"},
    {"aten::_reshape_alias", "(complex64[2,4,2,0], [8, 2, 2], [8, 4, 1])"},
    {"aten::_reshape_alias_copy", "(complex64[2,4,2,0], [8, 2, 2], [8, 4, 1])"},
    {"aten::_reshape_alias_copy.out", "(float32[0,8], [5, 5], [1, 0], …)"},
    {"aten::_add_batch_dim", "a call outside of vmap"},
    {"aten::_remove_batch_dim", "(float32[1,1,1,1,1], 3, -1, -4)"},
    {"aten::_segment_reduce_backward",
     "(…, \"amin\", undefined, int64[8], -4, 0) with lengths that are no lengths"},
    {"aten::_segment_reduce_backward.out",
     "(…, \"min\", int64[], int32[3], 0, 1n, …) with lengths that are no lengths"},
    {"aten::segment_reduce",
     "(float16[4], \"min\", int64[3,5], undefined, int64[4], undefined, true, 1)"},
    {"aten::segment_reduce.out",
     "(float16[4], \"min\", int64[3,5], undefined, int64[4], undefined, true, 1, …)"},
    {"aten::_slow_conv2d_backward.grad_input",
     "(float32[2,4,4,4], float32[2,4,4,4], float32[4,2,3,3], [-1099511627776], [], [-2, 1], …)"},
    {"aten::_slow_conv2d_backward.output_mask",
     "(float32[2,4,4,4], float32[2,4,4,4], float32[4,2,3,3], [-1099511627776], [], [-2, 1], …)"},
    {"aten::_slow_conv2d_backward.output_mask_out",
     "(float32[2,4,4,4], float32[2,4,4,4], float32[4,2,3,3], [-1099511627776], [], [-2, 1], …)"},
    {"aten::slow_conv_transpose3d",
     "(float32[2,4,5,5,5], float32[4,2,3,3,3], [1, 6, 1], undefined, undefined, undefined, [1, 1, "
     "-2], [3, 8, 4])"},
    {"aten::slow_conv_transpose3d.out", "(float32[2,4,4,4,4], float32[4,4,3,3,3], [2, 1, 1], …)"},
    {"aten::mkldnn_rnn_layer",
     "(float32[3,2,4], …, [2, 6, 8, 0], 2, 6, 1, false, false, false, true)"},
    {"aten::mkldnn_rnn_layer.out", "(uint8[3,2,4], …, [1, 3, -1], 3, 2, 1, …)"},
    {"aten::mkldnn_rnn_layer_backward", "(complex128[3,2,4], …, false, 3, 1, 1, …)"},
    {"aten::mkldnn_rnn_layer_backward.out", "(bool[3,2,4], …, false, 3, 2, 5, …)"},
    {"aten::quantized_lstm_cell",
     "(float32[3,2,4], [bfloat16[1,2,4]], …) with weights that fbgemm did not pack"},
    {"aten::quantized_gru_cell", "weights that fbgemm did not pack"},
    {"aten::quantized_rnn_relu_cell", "weights that fbgemm did not pack"},
    {"aten::quantized_rnn_tanh_cell", "weights that fbgemm did not pack"},
    {"aten::_sobol_engine_initialize_state_", "(int64[3,0], -1)"},
    {"aten::_sobol_engine_draw", "a state of another dimension"},
    {"aten::_sobol_engine_ff_", "a state of another dimension"},
    {"aten::_sobol_engine_scramble_", "a state of another dimension"},
    {"aten::_thnn_differentiable_gru_cell_backward",
     "(float32[1,5], float32[3,2,4], float32[1,5], …)"},
    {"aten::_thnn_differentiable_lstm_cell_backward",
     "(float32[2,4], float64[4,3], float64[3,2,4], …)"},
    {"aten::_saturate_weight_to_fp16", "(float32[4,4,0])"},
    {"aten::choose_qparams_optimized", "(float32[8], 6, -1, 0.00001, 1)"},
    {"aten::_ctc_loss_backward", "(float64[4], float64[1,1,4], float64[4], [2, 2], [], …)"},
    {"aten::_ctc_loss_backward.out",
     "(float32[2,3,4,2], float32[2,3,4,2], int32[2], [1, -2, 8, 2, 3], [], …)"},
    {"aten::_ctc_loss_backward.Tensor",
     "(float64[4], float64[1,1,4], float64[4], lengths that do not fit, …)"},
    {"aten::_embedding_bag_backward", "(float32[4,8,3,0], int64[1], int64[0], …)"},
    {"aten::_embedding_bag_dense_backward", "(float32[4,8,3,0], int64[1], int64[0], …)"},
    {"aten::_embedding_bag_dense_backward.out", "(float32[4,8,3,0], int64[1], int64[0], …)"},
    {"aten::_embedding_bag_sparse_backward", "(float32[4,8,3,0], int64[1], int64[0], …)"},
    {"aten::_embedding_bag_per_sample_weights_backward", "indices past the weights"},
    {"aten::_embedding_bag_per_sample_weights_backward.out", "indices past the weights"},
    {"aten::_cholesky_solve_helper", "(float32[1,8,1,0,2], float32[3,3], false)"},
    {"aten::_cholesky_solve_helper.out", "(float32[8,4], float32[2,3,3], false, …)"},
    {"aten::_convert_indices_from_csr_to_coo",
     "(int64[2,4,5,5], sparse int64[2,4,5,5], true, false)"},
    {"aten::_convert_indices_from_csr_to_coo.out",
     "(int64[2,4,5,5], sparse int64[2,4,5,5], true, false, …)"},
    {"aten::_cummax_helper", "(float32[4,2,1,2], float32[4,2,1,2], int64[4,2,1,2], -4)"},
    {"aten::_cummin_helper", "(float32[8,8], float32[8,8], int64[8,8], -2)"},
    {"aten::_unsafe_masked_index", "an index past the tensor"},
    {"aten::_unsafe_masked_index_put_accumulate",
     "(float32[3,0,2], float32[3,0], [int64[3,0,2], …], float32[1,4,5,1,1])"},
    {"aten::_weight_norm", "(float64[1,3,8], float64[4], 2)"},
    {"aten::_weight_norm_interface", "(float32[3,3], float32[0,3,1,4,0], 0)"},
    {"aten::_weight_norm_interface.out", "(float32[3,3], float32[0,3,1,4,0], 0, …)"},
    {"aten::_weight_norm_interface_backward",
     "(float32[2,3,3], float32[1,1,1,1,1], float32[3,8,0,5], float32[2,3,3], 0)"},
    {"aten::_weight_norm_interface_backward.out",
     "(float32[2,3,3], float32[2,3,3], float32[3,3], float32[0,8], 0, …)"},
    {"aten::_weight_norm_differentiable_backward",
     "shapes as for aten::_weight_norm_interface_backward"},
    {"aten::_stack", "([float32[8,2,2,4,3] with gaps], 3)"},
    {"aten::_stack.out", "([float32[8,2,2,4,3] with gaps], 3, …)"},
    {"aten::fbgemm_linear_fp16_weight", "a packed matrix that fbgemm did not pack"},
    {"aten::fbgemm_linear_fp16_weight.out", "a packed matrix that fbgemm did not pack"},
    {"aten::fbgemm_linear_fp16_weight_fp32_activation", "a packed matrix that fbgemm did not pack"},
    {"aten::fbgemm_linear_fp16_weight_fp32_activation.out",
     "a packed matrix that fbgemm did not pack"},
    {"aten::fbgemm_linear_int8_weight", "a packed matrix that fbgemm did not pack"},
    {"aten::fbgemm_linear_int8_weight_fp32_activation", "a packed matrix that fbgemm did not pack"},
    {"aten::fbgemm_linear_quantize_weight", "(float32[5,1,0,5,4])"},
    {"aten::fbgemm_pack_gemm_matrix_fp16", "(float32[4,1,2,0])"},
    {"aten::fbgemm_pack_quantized_matrix", "a packed matrix that fbgemm did not pack"},
    {"aten::fbgemm_pack_quantized_matrix.KN", "(int8[1,4,4,0,5], -2147483648, 3)"},
    {"aten::to_mkldnn", "aten::zero_ on its result"},
    {"aten::to_mkldnn.out", "aten::zero_ on its result"},
    {"aten::_fft_r2c.out", "(float32[1,1], [1, -2], 2, true, float32[4,5,3,2])"},
    {"aten::_fft_c2r.out", "(float32[1,1], [1, -2], 2, true, float32[4,5,3,2])"},
    {"aten::_fft_c2c.out", "(float32[1,1], [1, -2], 2, true, float32[4,5,3,2])"},
    {"aten::_transform_bias_rescale_qkv", "(float32[1,2,0,1,0], float32[1,2,0,1,0], 0)"},
    {"aten::_transform_bias_rescale_qkv.out", "(float32[3,3,0], float32[8,3,0,4,1], 3, …)"},
    {"aten::_make_per_tensor_quantized_tensor", "aten::_neg_view_copy on its result"},
    {"aten::_make_per_tensor_quantized_tensor.out", "aten::_neg_view_copy on its result"},
    {"aten::_make_per_channel_quantized_tensor", "aten::_neg_view_copy on its result"},
    {"aten::_make_per_channel_quantized_tensor.out", "aten::_neg_view_copy on its result"},
};

}  // namespace

const char* refusal(const std::string& name) {
  for (const Refused& refused : kRefused) {
    if (name == refused.name) return refused.call;
  }
  return nullptr;
}

}  // namespace palabra
