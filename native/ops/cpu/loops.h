#pragma once

// The inner loops of the CPU kernels: serial, over plain memory, compiled once per instruction set.
// Statistics, weights and angles are in the statistics type: double for float64, else float.

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <string_view>

namespace palabra::ops::cpu {

/// Rows of `width` elements, normalised; `scratch` holds 3 * width statistics.
struct RmsNormRows {
  const void* x;
  const void* weight;  // null for none
  void* y;
  int64_t rows;
  int64_t width;
  double eps;
  void* scratch;
};

/// The gradients of such rows; grad_weight accumulates.
struct RmsNormGradRows {
  const void* grad;
  const void* x;
  const void* weight;  // null for none
  void* grad_x;        // null where not wanted
  void* grad_weight;   // null where not wanted
  int64_t rows;
  int64_t width;
  double eps;
  void* scratch;
};

/// Rows of `width` elements `x_stride` apart, rotated by consecutive rows of cos and sin.
struct RotaryRows {
  const void* x;
  const void* cos;
  const void* sin;
  void* y;
  int64_t rows;
  int64_t width;
  int64_t x_stride;
  int64_t y_stride;
  bool back;
  void* scratch;
};

/// Rows of logits; where `gradient`, they become the gradient of their losses.
struct CrossEntropyRows {
  void* logits;
  const int64_t* targets;
  double* losses;
  int64_t rows;
  int64_t classes;
  int64_t ignore_index;
  double label_smoothing;
  double z_loss;
  bool gradient;
  void* scratch;  // holds `classes` statistics
};

/// The elements from `begin`, a multiple of 64, to `end`; element i keeps its draw whatever the
/// range.
struct DropoutRange {
  const void* x;
  void* y;
  uint8_t* mask;
  int64_t begin;
  int64_t end;
  double scale;
  uint32_t drop_below;  // an element is dropped when its 32 random bits are below this
  uint64_t seed;
  bool draw;  // false: use the mask as it is
};

/// Consecutive tokens of the query heads that share one key head; steps lead from head to head and
/// from token to token, in elements, and the elements of a vector follow each other.
struct AttentionHeads {
  const void* q;
  const void* k;
  const void* v;
  void* output;
  void* logsumexp;  // statistics
  int64_t q_head, q_step, k_step, v_step, output_head, output_step, sum_head, sum_step;
  int64_t heads;
  int64_t count;
  int64_t width;
  double scale;
  void* scratch;  // holds count_attention_scratch statistics
};

/// What their gradients are made of, and where they go; those of keys and values are summed over
/// the heads.
struct AttentionGradHeads {
  AttentionHeads heads;
  const void* grad;
  void* grad_q;
  void* grad_k;
  void* grad_v;
  int64_t grad_head, grad_step, grad_q_head, grad_q_step, grad_k_step, grad_v_step;
};

/// The loops of one element type.
struct Loops {
  void (*rms_norm)(const RmsNormRows&);
  void (*rms_norm_backward)(const RmsNormGradRows&);
  void (*rotary)(const RotaryRows&);
  void (*cross_entropy)(const CrossEntropyRows&);
  void (*dropout)(const DropoutRange&);
  void (*attention)(const AttentionHeads&);
  void (*attention_backward)(const AttentionGradHeads&);
};

/// How numbers are packed in blocks of a GGUF file, and the loop that unpacks them to float32.
struct BlockFormat {
  const char* name;
  int64_t elements;  // of a block
  int64_t bytes;     // of a block
  void (*decode)(const uint8_t* blocks, int64_t count, float* y);
};

inline constexpr int kBlockFormats = 10;

/// Consecutive rows of a weight that is held in a short type.
struct QuantizedRows {
  const void* weight;
  const void* scale;  // a float32 factor of each row, or what each group has; null for none
  int64_t rows;
  int64_t width;        // numbers of a row
  int64_t groups = 0;   // of a row, each a multiple of 32 numbers; 0 for none
  bool half = false;    // what groups have is float16, else float32
  bool paired = false;  // groups have an offset behind their factor
};

/// The loops over weights of one type.
struct QuantizedLoops {
  /// The numbers of the rows.
  void (*unpack)(const QuantizedRows&, float* y);
  /// Their products with the `count` rows of x: y[n * stride + o] = x[n] . weight[o]. The sum of
  /// one row of x doesn't depend on the others.
  void (*multiply)(const QuantizedRows&, const float* x, int64_t count, float* y, int64_t stride);
};

/// bfloat16, float16, int8 by rows, int8 by groups, four bits by groups.
inline constexpr int kQuantizedTypes = 5;

/// Rows of x times `columns` consecutive rows of a weight, in float32, row-major:
/// y[n * stride + m] = x[n] . weight[m], added to what is there where `add`.
struct FewRows {
  const float* weight;
  const float* x;
  float* y;
  int64_t rows;
  int64_t columns;
  int64_t width;
  int64_t stride;
  bool add;
};

/// The loops of all element types for one instruction set.
struct LoopTable {
  Loops float32;
  Loops float64;
  Loops bfloat16;
  Loops float16;
};

namespace DEFAULT {
extern const LoopTable table;
extern const BlockFormat block_formats[kBlockFormats];
extern const QuantizedLoops quantized_loops[kQuantizedTypes];
void multiply_few_rows(const FewRows& work);
}  // namespace DEFAULT
namespace AVX2 {
extern const LoopTable table;
extern const BlockFormat block_formats[kBlockFormats];
extern const QuantizedLoops quantized_loops[kQuantizedTypes];
void multiply_few_rows(const FewRows& work);
}  // namespace AVX2
namespace AVX512 {
extern const LoopTable table;
extern const BlockFormat block_formats[kBlockFormats];
extern const QuantizedLoops quantized_loops[kQuantizedTypes];
void multiply_few_rows(const FewRows& work);
}  // namespace AVX512

class Kind;

/// The tables of loops as paths, the baseline first.
Kind& vector_loops();

/// The loops of an element type for this machine: the same instruction set as libtorch's own.
const Loops& loops(c10::ScalarType type);

/// The loops over weights of bfloat16, float16, int8, or uint8 of four bits each for this machine.
const QuantizedLoops& find_quantized_loops(c10::ScalarType type, bool grouped);

/// A format by its name, with the loop for this machine. Throws for an unknown name.
const BlockFormat& find_block_format(std::string_view name);

}  // namespace palabra::ops::cpu
