// The paths of products with a few rows of x, as in decoding: a weight is read once, and packing it
// for a product by blocks costs more than the product.

#include "cpu/paths/few_rows.h"

#include <ATen/Parallel.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include "cpu/gemm.h"
#include "cpu/loops.h"
#include "cpu/paths/capability.h"
#include "cpu/paths/kind.h"
#include "cpu/paths/trial.h"

namespace palabra::ops::cpu {
namespace {

using at::Tensor;
using Loop = void (*)(const FewRows&);

/// In the order of the paths after the plain one.
constexpr Loop kLoops[] = {DEFAULT::multiply_few_rows, AVX2::multiply_few_rows,
                           AVX512::multiply_few_rows};

/// Rows of a weight that are taken together.
constexpr int64_t kBlock = 4;
/// Products in which a second thread has its waking paid.
constexpr int64_t kProductsPerTask = int64_t{1} << 20;

void multiply_by(Loop loop, const Tensor& out, const Tensor& x, const Tensor& weight, bool add) {
  const int64_t rows = x.size(0), columns = weight.size(0), width = x.size(1);
  const auto* values = weight.const_data_ptr<float>();
  const auto* from = x.const_data_ptr<float>();
  auto* to = out.mutable_data_ptr<float>();
  const int64_t blocks = (columns + kBlock - 1) / kBlock;
  const int64_t grain = kProductsPerTask / std::max<int64_t>(1, kBlock * rows * width) + 1;
  at::parallel_for(0, blocks, grain, [&](int64_t begin, int64_t end) {
    const int64_t first = begin * kBlock, count = std::min(end * kBlock, columns) - first;
    loop({values + first * width, from, to + first, rows, count, width, columns, add});
  });
}

void multiply_plainly(const Tensor& out, const Tensor& x, const Tensor& weight, bool add) {
  gemm(out, x, weight.t(), add);
}

void multiply_along(size_t path, const Tensor& out, const Tensor& x, const Tensor& weight,
                    bool add) {
  path == 0 ? multiply_plainly(out, x, weight, add)
            : multiply_by(kLoops[path - 1], out, x, weight, add);
}

void try_loop(size_t path) {
  for (const int64_t rows : {1, 2, 9, 17}) {
    const Tensor x = make_trial_values({rows, 45}, at::kFloat, 1);
    const Tensor weight = make_trial_values({11, 45}, at::kFloat, 2);
    const Tensor before = make_trial_values({rows, 11}, at::kFloat, 3);
    for (const bool add : {false, true}) {
      const Tensor out = before.clone(), start = before.to(at::kDouble).mul(add ? 1 : 0);
      multiply_along(path, out, x, weight, add);
      const Tensor a = x.to(at::kDouble), b = weight.to(at::kDouble).t();
      require_close(out, at::addmm(start, a, b), at::addmm(start.abs(), a.abs(), b.abs()), 2e-6);
    }
  }
}

/// Seconds for products with more weights than the nearer caches hold, as in a pass of a model.
/// Where one takes long, as on an emulated processor, it speaks for the others.
double time_path(size_t path, int64_t rows) {
  constexpr int64_t kWeights = 16, kWidth = 256, kHidden = 704;
  constexpr double kLong = 0.02;
  const Tensor x = make_trial_values({rows, kWidth}, at::kFloat, 4);
  const Tensor weights = at::full({kWeights, kHidden, kWidth}, 0.5, at::kFloat);
  const Tensor out = at::empty({rows, kHidden}, at::kFloat);
  const auto time = [&](int64_t count) {
    return measure_seconds([&] {
      for (int64_t i = 0; i < count; ++i) multiply_along(path, out, x, weights[i], false);
    });
  };
  const double one = time(1);
  return one > kLong ? one * static_cast<double>(kWeights) : time(kWeights);
}

/// In a tie the weight stays unpacked: where threads share a product, each of them packs.
constexpr double kMargin = 1.0;

std::vector<Path> list_paths(int64_t rows) {
  const auto path = [rows](size_t index, const char* name, Capability needed) {
    const bool lacks = find_capability() < needed;
    return Path{name, lacks ? "the processor has no such instructions" : "",
                [=] { try_loop(index); }, [=] { return time_path(index, rows); }, kMargin};
  };
  return {
      path(0, "packed", Capability::kDefault), path(1, "sums by baseline", Capability::kDefault),
      path(2, "sums by AVX2", Capability::kAvx2), path(3, "sums by AVX-512", Capability::kAvx512)};
}

Kind& make_kind(const char* name, int64_t rows) { return *new Kind(name, list_paths(rows)); }

}  // namespace

Kind& few_row_products(int64_t rows) {
  static auto& one = make_kind("float32 products of 1 row", 1);
  static auto& some = make_kind("float32 products of up to 8 rows", 6);
  static auto& few = make_kind("float32 products of up to 64 rows", 32);
  if (rows == 1) return one;
  return rows <= 8 ? some : few;
}

bool has_few_rows(const Tensor& x, const Tensor& weight) {
  return x.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat &&
         x.size(0) <= kFewRows && x.is_contiguous() && weight.is_contiguous();
}

void multiply_few_rows(const Tensor& out, const Tensor& x, const Tensor& weight, bool accumulate) {
  multiply_along(few_row_products(x.size(0)).get_choice(), out, x, weight, accumulate);
}

}  // namespace palabra::ops::cpu
