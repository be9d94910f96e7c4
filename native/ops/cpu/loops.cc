#include "cpu/loops.h"

#include <ATen/Version.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/util/Exception.h>

#include <string>
#include <vector>

#include "cpu/paths/capability.h"
#include "cpu/paths/kind.h"
#include "cpu/paths/trial.h"

namespace palabra::ops::cpu {
namespace {

using at::Tensor;

/// In the order of their paths.
const LoopTable* const kTables[] = {&DEFAULT::table, &AVX2::table, &AVX512::table};
const BlockFormat* const kFormats[] = {DEFAULT::block_formats, AVX2::block_formats,
                                       AVX512::block_formats};

const QuantizedLoops* const kQuantized[] = {DEFAULT::quantized_loops, AVX2::quantized_loops,
                                            AVX512::quantized_loops};
constexpr at::ScalarType kQuantizedTypesInOrder[kQuantizedTypes] = {
    at::kBFloat16, at::kHalf, at::kChar, at::kChar, at::kByte};
constexpr bool kGroupedInOrder[kQuantizedTypes] = {false, false, false, true, true};

/// Rows whose width fills no vector.
constexpr int64_t kRows = 3, kWidth = 38;

Tensor normalise(const Loops& loops, const Tensor& x, double* scratch) {
  const Tensor y = at::empty_like(x);
  loops.rms_norm({x.data_ptr(), nullptr, y.data_ptr(), kRows, kWidth, 1e-6, scratch});
  return y;
}

/// The gradient of a cross-entropy.
Tensor differentiate(const Loops& loops, const Tensor& x, double* scratch) {
  const Tensor logits = x.clone();
  const int64_t targets[kRows] = {0, 5, kWidth - 1};
  double losses[kRows];
  loops.cross_entropy(
      {logits.data_ptr(), targets, losses, kRows, kWidth, -100, 0.1, 1e-3, true, scratch});
  return logits;
}

/// Attention of two heads that share keys, their gradients behind it; each row is a head's.
Tensor attend(const Loops& loops, const Tensor& x, double*) {
  constexpr int64_t kHeads = 2, kCount = 30, kSize = kHeads * kCount * kWidth;
  const Tensor input = make_trial_values({4 * kHeads, kCount * kWidth}, x.scalar_type(), 5);
  const Tensor results = at::empty({4 * kHeads, kCount * kWidth}, x.options());
  const Tensor sums = at::empty({kHeads, kCount}, x.options());
  const auto row = [](const Tensor& rows, int64_t index) {
    return rows.select(0, index).data_ptr();
  };
  std::vector<double> scratch(int64_t{16} * 64 * 64);
  const AttentionHeads heads{row(input, 0),
                             row(input, 2),
                             row(input, 3),
                             row(results, 0),
                             sums.data_ptr(),
                             kSize / kHeads,
                             kWidth,
                             kWidth,
                             kWidth,
                             kSize / kHeads,
                             kWidth,
                             kCount,
                             1,
                             kHeads,
                             kCount,
                             kWidth,
                             0.2,
                             scratch.data()};
  loops.attention(heads);
  loops.attention_backward({heads, row(input, 4), row(results, 2), row(results, 4), row(results, 5),
                            kSize / kHeads, kWidth, kSize / kHeads, kWidth, kWidth, kWidth});
  return results.narrow(0, 0, 6);
}

/// The numbers of one block that holds every byte from 0 to 60.
Tensor unpack(const BlockFormat& format) {
  std::vector<uint8_t> block(format.bytes);
  for (size_t i = 0; i < block.size(); ++i) block[i] = i * 37 % 61;
  const Tensor y = at::empty({format.elements}, at::kFloat);
  format.decode(block.data(), 1, y.mutable_data_ptr<float>());
  return y.to(at::kDouble);
}

/// Throws where formats are not unpacked to the numbers of the baseline.
void try_formats(const BlockFormat* formats) {
  for (int i = 0; i < kBlockFormats; ++i) {
    const Tensor expected = unpack(DEFAULT::block_formats[i]);
    require_close(unpack(formats[i]), expected, expected.abs(), 0);
  }
}

/// The products of a quantized weight, and the numbers of its rows.
Tensor multiply_quantized(const QuantizedLoops& loops, const QuantizedRows& rows) {
  const Tensor x = make_trial_values({rows.rows, rows.width}, at::kFloat, 2);
  const Tensor y = at::empty({rows.rows, rows.rows + rows.width}, at::kFloat);
  auto* values = y.mutable_data_ptr<float>();
  loops.multiply(rows, x.const_data_ptr<float>(), rows.rows, values, rows.rows);
  loops.unpack(rows, values + rows.rows * rows.rows);
  return y;
}

/// Throws where loops over quantized weights give other numbers than those of the baseline.
void try_quantized_rows(const QuantizedLoops* loops, int index, const QuantizedRows& rows) {
  const Tensor expected = multiply_quantized(DEFAULT::quantized_loops[index], rows).to(at::kDouble);
  require_close(multiply_quantized(loops[index], rows), expected, expected.abs().max(), 1e-5);
}

/// Weights of every type: by rows, and by 18 groups of 64 with and without offsets.
void try_quantized(const QuantizedLoops* loops) {
  constexpr int64_t kGroups = 18, kGrouped = kGroups * 64, kTiles = 5;
  const Tensor values = make_trial_values({kTiles, kGrouped}, at::kFloat, 3).mul(100);
  const Tensor factors = make_trial_values({kTiles, 2 * kGroups}, at::kFloat, 4);
  for (int i = 0; i < kQuantizedTypes; ++i) {
    const auto type = kQuantizedTypesInOrder[i];
    const Tensor weight = (type == at::kByte ? values.abs() : values).to(type);
    if (!kGroupedInOrder[i]) {
      try_quantized_rows(loops, i,
                         {weight.const_data_ptr(), factors.const_data_ptr(), kRows, kWidth});
      continue;
    }
    for (const auto held : {at::kHalf, at::kFloat})
      for (const bool paired : {false, true})
        try_quantized_rows(loops, i,
                           {weight.const_data_ptr(), factors.to(held).const_data_ptr(), kTiles,
                            kGrouped, kGroups, held == at::kHalf, paired});
  }
}

/// Throws where a table's results are not those of the baseline.
void try_table(const LoopTable& table) {
  double scratch[3 * kWidth];
  const Tensor x = make_trial_values({kRows, kWidth}, at::kFloat, 1);
  for (const auto work : {normalise, differentiate, attend}) {
    const Tensor expected = work(DEFAULT::table.float32, x, scratch).to(at::kDouble);
    require_close(work(table.float32, x, scratch), expected, expected.abs().max(), 1e-5);
  }
}

std::string find_hindrance(Capability needed, bool libtorch_has, const char* name) {
  if (find_capability() < needed) return std::string("it needs ") + name;
  return libtorch_has ? "" : "libtorch uses " + at::get_cpu_capability();
}

std::vector<Path> list_tables() {
  const auto used = at::get_cpu_capability();
  const auto path = [](const char* name, std::string hindrance, int index) {
    const auto work = [=] {
      try_table(*kTables[index]);
      try_formats(kFormats[index]);
      try_quantized(kQuantized[index]);
    };
    return Path{name, std::move(hindrance), work, {}};
  };
  return {path("baseline", "", 0),
          path("AVX2",
               find_hindrance(Capability::kAvx2, used == "AVX2" || used == "AVX512", "AVX2"), 1),
          path("AVX-512", find_hindrance(Capability::kAvx512, used == "AVX512", "AVX-512"), 2)};
}

}  // namespace

Kind& vector_loops() {
  static auto& kind = *new Kind("vector loops", list_tables());
  return kind;
}

const Loops& loops(c10::ScalarType type) {
  static const LoopTable& table = *kTables[vector_loops().get_choice()];
  switch (type) {
    case c10::ScalarType::Float: return table.float32;
    case c10::ScalarType::Double: return table.float64;
    case c10::ScalarType::BFloat16: return table.bfloat16;
    case c10::ScalarType::Half: return table.float16;
    default: TORCH_CHECK(false, "palabra: expected a floating element type, received ", type, ".");
  }
}

const QuantizedLoops& find_quantized_loops(c10::ScalarType type, bool grouped) {
  static const QuantizedLoops* loops = kQuantized[vector_loops().get_choice()];
  for (int i = 0; i < kQuantizedTypes; ++i)
    if (type == kQuantizedTypesInOrder[i] && grouped == kGroupedInOrder[i]) return loops[i];
  TORCH_CHECK(false, "palabra: expected a weight in bfloat16, float16, int8 or uint8, received ",
              type, ".");
}

const BlockFormat& find_block_format(std::string_view name) {
  static const BlockFormat* formats = kFormats[vector_loops().get_choice()];
  std::string names;
  for (int i = 0; i < kBlockFormats; ++i) {
    if (name == formats[i].name) return formats[i];
    names += (i == 0 ? "" : ", ") + std::string(formats[i].name);
  }
  TORCH_CHECK(false, "palabra::dequantize: expected one of ", names, ", received ", name, ".");
}

}  // namespace palabra::ops::cpu
