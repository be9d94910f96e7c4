#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include "checks.h"
#include "cpu/kernels.h"
#include "cpu/loops.h"
#include "cpu/memory.h"

namespace palabra::ops::cpu {

Tensor dequantize(const Tensor& blocks, std::string_view format) {
  const BlockFormat& decoder = find_block_format(format);
  const auto shape = check_dequantize(blocks, format);
  const Tensor from = blocks.contiguous();
  Tensor y = at::empty(C10_AS_INTARRAYREF_SLOW(shape), blocks.options().dtype(at::kFloat));
  const auto* bytes = from.const_data_ptr<uint8_t>();
  auto* values = y.mutable_data_ptr<float>();
  at::parallel_for(0, from.numel() / decoder.bytes, count_rows_per_task(decoder.elements),
                   [&](int64_t begin, int64_t end) {
                     decoder.decode(bytes + begin * decoder.bytes, end - begin,
                                    values + begin * decoder.elements);
                   });
  return y;
}

}  // namespace palabra::ops::cpu
