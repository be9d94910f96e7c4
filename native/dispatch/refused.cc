#include <cstring>
#include <string>

#include "dispatch/operators.h"

namespace palabra {

namespace {

struct Refused {
  const char* name;
  const char* call;
};

// Overloads with which libtorch 2.13 itself dies, each with a call that kills it, in the notation
// of tests/fuzz/notation.ts: tests/fuzz/killers.ts finds such calls and a test repeats them.
constexpr Refused kRefused[] = {
    {"aten::_efficientzerotensor", "([4], \"int64\") then aten::index.Tensor(float32[4], [$])"},
    {"aten::_dyn_quant_matmul_4bit", "(float32[1], float32[1], 0, 1, 1)"},
    {"aten::_dyn_quant_pack_4bit_weight", "(uint8[1,1], uint8[1,1], uint8[1,1], 0, 1, 1)"},
    {"aten::_nnpack_spatial_convolution", "(float64[], float64[1,1,1,1], float64[1], [5, 0])"},
    {"aten::_nnpack_spatial_convolution.out",
     "(bool[1,1,1,1], bool[1,1,1,1], bool[1], [1], [3, 0], bool[1,1,1,1])"},
    {"aten::_new_zeros_with_same_feature_meta", "(bool[1,1], bool[1,1], -2)"},
    {"aten::_new_zeros_with_same_feature_meta.out", "(bool[1,1,1], bool[1,1,1], -3, bool[1,1,1])"},
    {"aten::_pad_packed_sequence", "(float32[1], int64[3]{0, 1, 0}, true, 1, 0)"},
    {"aten::_reshape_alias", "(float32[1,1], [3, 3], [5, 4294967297]) then aten::zero_"},
    {"aten::_reshape_alias_copy", "(float16[0], [4, 4], [4, 5])"},
    {"aten::_reshape_alias_copy.out", "(float32[1], [4, 4], [0, 4294967297], uint8[1,1])"},
    {"aten::_remove_batch_dim", "(float32[1], 0, 1, -4)"},
    {"aten::_segment_reduce_backward",
     "(float32[1,1], float32[1,1], float32[1,1], \"min\", int64[3,4]{201927680})"},
    {"aten::_segment_reduce_backward.out",
     "(float32[1], float32[1], float32[1], \"max\", int32[2]{392782045}, undefined, undefined, "
     "undefined, float32[1])"},
    {"aten::segment_reduce",
     "(float32[4], \"max\", int64[2]{2147483647}, undefined, undefined, undefined, true)"},
    {"aten::segment_reduce.out",
     "(float32[4], \"max\", int64[2]{2147483647}, undefined, undefined, undefined, true, "
     "undefined, float32[2])"},
    {"aten::_slow_conv2d_backward.grad_input",
     "(float32[1], float64[1,1,1,1], complex64[4,2,3,3], [], [2, 6], [1, 8], float32[1,1,1,1], "
     "float32[1,1,1,1], float32[1])"},
    {"aten::_slow_conv2d_backward.output_mask",
     "(int32[1,1,1,1], float32[1,1,1,1], int32[1,1,1,1], [], [2], [1, 0], [true, false, false])"},
    {"aten::_slow_conv2d_backward.output_mask_out",
     "(float32[1,1,1,1], int32[1,1,1,1], int32[1,1,1,1], [9007199254740991, 3], [], [0, 4, 8], "
     "[false, true, false], int32[1,1,1,1], int32[1,1,1,1], int32[1,1,1,1])"},
    {"aten::slow_conv_transpose3d", "(float32[2,4,4,4,4], float32[4,2,3,3,3], [1, 1, 5])"},
    {"aten::slow_conv_transpose3d.out",
     "(float32[1,4,1,1,4], float32[4,1,1,1,1], [3, 8, 0], undefined, undefined, undefined, "
     "undefined, undefined, float32[1])"},
    {"aten::mkldnn_rnn_layer",
     "(bool[1,1,1], bool[1,1], bool[1,1], bool[1,1], bool[1,1], bool[1,1], bool[], true, [1, 2], "
     "3, 1, 1, true, true, true, true)"},
    {"aten::mkldnn_rnn_layer.out",
     "(bool[1,1,1], bool[1,1], bool[1,1], bool[1,1], bool[1,1], bool[1,1], bool[], true, [1, 2], "
     "3, 1, 1, true, true, true, true, bool[1], bool[1], bool[1], bool[1])"},
    {"aten::mkldnn_rnn_layer_backward",
     "(int64[1,1,1], int64[1,1,1,1], bfloat16[1,1,1,1], int64[1,1], int64[1,1], int64[1,1,1], "
     "int8[1,1,1,1], int64[1,1,1,1], int64[1], int64[1,1,1,1], int64[1,1,1,1], undefined, "
     "undefined, false, 3, 1, 1, true, true, false, [3], false, int64[1,1,1,1])"},
    {"aten::mkldnn_rnn_layer_backward.out",
     "(float64[3,2,4], bool[16,4], bool[1,8], bool[1,8], bool[16,4], bool[1,8], bool[1,8], "
     "int32[1,8], bool[1,8], float16[1,1], bool[1,8], undefined, float32[3], false, 3, 2, 2, "
     "false, false, true, [5, 1, 2], true, bool[8,1], bool[8], bool[1,8], float32[1,8], "
     "float32[1,8], bool[1,8], bool[1,8], bool[3])"},
    {"aten::quantized_lstm_cell",
     "(float32[1,1,1], [], float32[1,1], float32[1,1], float32[1], float32[1], float32[1], "
     "float32[1,1], int64[1,1], int64[1], 1n, 1, 1, true)"},
    {"aten::_sobol_engine_initialize_state_", "(int64[1,1], 100000)"},
    {"aten::_sobol_engine_draw", "(int64[1,1], 1, int64[1,1,1,1,0], 1, 0)"},
    {"aten::_sobol_engine_ff_", "(int64[1,1,1,1,1], 1, int64[1,1,1,1], 9007199254740991, 1)"},
    {"aten::_sobol_engine_scramble_", "(int64[3,30], int64[3,30,30], 1000000)"},
    {"aten::_thnn_differentiable_gru_cell_backward", "(bool[1,1], bool[1,1,1], bool[1], bool[1])"},
    {"aten::_thnn_differentiable_lstm_cell_backward",
     "(int32[1], undefined, int32[1,1,1], int32[1], undefined, undefined, int32[1,1,1], int32[1])"},
    {"aten::_saturate_weight_to_fp16", "(float32[1,1,1,0])"},
    {"aten::choose_qparams_optimized",
     "(float32[4]{0.8125, 0.484375, -1.3125, 2.875}, 2, -1, 1, 1)"},
    {"aten::_ctc_loss_backward",
     "(float32[1], float32[1,1,1,1], int64[1], [2, 1], [], float32[1], float32[1], 1)"},
    {"aten::_ctc_loss_backward.out",
     "(float64[1,1,1,1], float64[1,1,1,1], int64[1], [5], [], bfloat16[1,1,1,1], float64[], 1, "
     "undefined, float32[1,1])"},
    {"aten::_ctc_loss_backward.Tensor",
     "(float32[1], float32[1,1,1], int64[1], int64[1,4,8]{933204992}, int64[1,1], float32[1], "
     "float32[1,1,1], 1)"},
    {"aten::_embedding_bag_backward",
     "(float32[], int64[], int64[], int64[], int64[], int64[], 0, true, 1, false, float32[1])"},
    {"aten::_embedding_bag_dense_backward",
     "(float32[1], int64[1], int64[1]{614240000}, int64[1], int64[1], 1, false, 1)"},
    {"aten::_embedding_bag_dense_backward.out",
     "(float32[1,1], int32[1], int32[1], int32[1], int32[1], 0, true, 1, undefined, 1, "
     "float32[1,1])"},
    {"aten::_embedding_bag_per_sample_weights_backward",
     "(float32[1,4], float32[3,4], int64[2]{2147483647}, int64[1], int64[2], 0)"},
    {"aten::_embedding_bag_per_sample_weights_backward.out",
     "(float32[1,4], float32[3,4], int64[2]{2147483647}, int64[1], int64[2], 0, -1, float32[2])"},
    {"aten::_cholesky_solve_helper", "(float32[0,1,4,2,4], float32[3,3], true)"},
    {"aten::_cholesky_solve_helper.out", "(float32[2,1,4,0,1], float32[3,3], true, float32[2,1])"},
    {"aten::_convert_indices_from_csr_to_coo", "(int64[2]{0, 2147483647}, int64[1])"},
    {"aten::_convert_indices_from_csr_to_coo.out",
     "(int64[2]{0, 2147483647}, int64[1], false, false, int64[2,1])"},
    {"aten::_cummax_helper", "(float16[1,1,0], float16[1,1,0], int64[1,0,1], 0)"},
    {"aten::_cummin_helper", "(bool[0,1], bool[0,1], int64[0,1], 1)"},
    {"aten::_weight_norm", "(bfloat16[0], bfloat16[0])"},
    {"aten::_weight_norm_interface", "(bfloat16[0], float32[0])"},
    {"aten::_weight_norm_interface.out",
     "(float32[0,1], float32[1,1,1], undefined, float32[], bool[1,1])"},
    {"aten::_weight_norm_interface_backward",
     "(float32[1,0], float32[1,1], float32[1,1,1], float32[1,0], 0)"},
    {"aten::_weight_norm_interface_backward.out",
     "(float32[1,1,1], float32[1,1,1], float32[1,1], float32[0,1], 0, float32[1,1,1], "
     "float32[1,1,1])"},
    {"aten::_stack", "([])"},
    {"aten::_stack.out", "([], 0, float32[])"},
    {"aten::fbgemm_linear_quantize_weight", "(float32[1,1,1,0,1])"},
    {"aten::fbgemm_pack_gemm_matrix_fp16", "(float32[1,1,0])"},
    {"aten::fbgemm_pack_quantized_matrix", "(int8[1,1,0,1])"},
    {"aten::fbgemm_pack_quantized_matrix.KN", "(int8[1,1,1,0,1], 1, 1)"},
    {"aten::to_mkldnn", "(uint8[1000,1000]) then aten::zero_"},
    {"aten::to_mkldnn.out",
     "(int64[4], undefined, int64[4]) then aten::index.Tensor(float32[4], [$])"},
    {"aten::_fft_r2c.out", "(float32[1], [-2], 1, true, float32[1,1,1])"},
    {"aten::_fft_c2r.out", "(complex64[5], [-2], 1, 1, complex64[3,5])"},
    {"aten::_fft_c2c.out", "(complex128[0,5], [9007199254740991], 0, false, complex128[0,5])"},
    {"aten::_scaled_dot_product_flash_attention_for_cpu_backward",
     "(float32[2,2,4,8], float32[2,2,100000,8], float32[2,2,4,8], float32[2,2,100000,8], "
     "float32[2,2,4,8], float32[2,2,4], 0, false)"},
    {"aten::_transform_bias_rescale_qkv", "(uint8[1,1,1], uint8[1,1,1], 0)"},
    {"aten::_transform_bias_rescale_qkv.out",
     "(float32[1,1,1], float32[1], 0, float32[1], float32[1], float32[1])"},
    {"aten::_make_per_tensor_quantized_tensor", "(uint8[3], 0.1, 2) then aten::_neg_view_copy"},
    {"aten::_make_per_channel_quantized_tensor",
     "(uint8[2,3], float32[2]{1}, int64[2], 0) then aten::_neg_view_copy"},
};

}  // namespace

const char* find_refusal(const std::string& name) {
  for (const Refused& refused : kRefused) {
    if (name == refused.name) return refused.call;
  }
  return nullptr;
}

}  // namespace palabra
