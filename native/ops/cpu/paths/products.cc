// The paths of matrix products. In libtorch float32 is MKL's, which is slow on processors that are
// not Intel's; oneDNN, in the same library, is not. Short types are slow where the processor has no
// instructions for them: there float32 does their work.

#include "cpu/paths/products.h"

#include <ATen/Context.h>
#include <ATen/core/List.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <string_view>

#include "cpu/gemm.h"
#include "cpu/paths/capability.h"
#include "cpu/paths/kind.h"
#include "cpu/paths/trial.h"

// Exported by libtorch_cpu without a header; weak, since a build without oneDNN has none.
namespace at::native {

__attribute__((weak)) void mkldnn_matmul(const Tensor& a, const Tensor& b, const Tensor& result,
                                         float beta, float alpha);
__attribute__((weak)) Tensor mkldnn_linear_pointwise(const Tensor& x, const Tensor& weight,
                                                     const std::optional<Tensor>& bias,
                                                     std::string_view name,
                                                     c10::List<std::optional<at::Scalar>> scalars,
                                                     std::optional<std::string_view> algorithm);

}  // namespace at::native

namespace palabra::ops::cpu {
namespace {

using at::Tensor;
using Product = void (*)(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate);

void put(const Tensor& out, const Tensor& product, bool accumulate) {
  accumulate ? out.add_(product) : out.copy_(product);
}

/// Rows at a time, so that the product in the short type stays small beside the sum.
void multiply_widened(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  constexpr int64_t kElements = int64_t{1} << 20;
  const int64_t step = std::max<int64_t>(1, kElements / std::max<int64_t>(1, out.size(1)));
  for (int64_t begin = 0; begin < out.size(0); begin += step) {
    const int64_t rows = std::min(step, out.size(0) - begin);
    put(out.narrow(0, begin, rows), at::mm(a.narrow(0, begin, rows), b), accumulate);
  }
}

void multiply_matmul(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  at::native::mkldnn_matmul(a, b, out, accumulate ? 1 : 0, 1);
}

void multiply_inner(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  put(out,
      at::native::mkldnn_linear_pointwise(a, b.t(), std::nullopt, "none",
                                          c10::List<std::optional<at::Scalar>>(), std::nullopt),
      accumulate);
}

/// Calls body(begin, count) for each block of `size`.
template <typename Body>
void for_blocks(int64_t size, const Body& body) {
  constexpr int64_t kBlock = 2048;
  for (int64_t begin = 0; begin < size; begin += kBlock)
    body(begin, std::min(kBlock, size - begin));
}

/// In float32, block by block: each element is rounded once.
void multiply_in_float32(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  if (a.size(1) == 0) return multiply_plainly(out, a, b, accumulate);
  for_blocks(out.size(0), [&](int64_t row, int64_t rows) {
    for_blocks(out.size(1), [&](int64_t column, int64_t columns) {
      const Tensor sum = at::empty({rows, columns}, out.options().dtype(at::kFloat));
      for_blocks(a.size(1), [&](int64_t term, int64_t terms) {
        const Tensor x = a.narrow(0, row, rows).narrow(1, term, terms).to(at::kFloat);
        const Tensor y = b.narrow(0, term, terms).narrow(1, column, columns).to(at::kFloat);
        gemm(sum, x, y, term > 0);
      });
      put(out.narrow(0, row, rows).narrow(1, column, columns), sum, accumulate);
    });
  });
}

/// The three products of a linear map: its own, and those of its two gradients.
template <typename Body>
void for_forms(int64_t rows, int64_t terms, int64_t columns, at::ScalarType type,
               const Body& body) {
  body(make_trial_values({rows, terms}, type, 1), make_trial_values({columns, terms}, type, 2).t());
  body(make_trial_values({rows, terms}, type, 3), make_trial_values({terms, columns}, type, 4));
  body(make_trial_values({terms, rows}, type, 5).t(), make_trial_values({terms, columns}, type, 6));
}

double get_tolerance(at::ScalarType type) {
  if (type == at::kFloat) return 2e-6;
  return type == at::kBFloat16 ? 0x1p-7 : 0x1p-10;
}

void try_product(Product product, at::ScalarType type) {
  // What computes in float32 is timed along the path that float32 takes, once that is known.
  if (type != at::kFloat) products(at::kFloat).get_choice();
  for_forms(37, 129, 50, type, [&](const Tensor& a, const Tensor& b) {
    const Tensor before = make_trial_values({a.size(0), b.size(1)}, type, 7);
    for (const bool accumulate : {false, true}) {
      const Tensor out = before.clone(), start = before.to(at::kDouble).mul(accumulate ? 1 : 0);
      product(out, a, b, accumulate);
      const Tensor x = a.to(at::kDouble), y = b.to(at::kDouble);
      require_close(out, at::addmm(start, x, y), at::addmm(start.abs(), x.abs(), y.abs()),
                    get_tolerance(type));
    }
  });
}

struct Factors {
  Tensor out, a, b;
};

/// The products of a feed-forward block of width 128 in training, over as many tokens as a small
/// batch has: together they are larger than a second-level cache, as a model's are.
std::vector<Factors> make_block(int64_t tokens, at::ScalarType type) {
  constexpr int64_t kWidth = 128, kHidden = 512;
  std::vector<Factors> block;
  const auto add = [&](const Tensor& a, const Tensor& b) {
    block.push_back({at::empty({a.size(0), b.size(1)}, a.options()), a, b});
  };
  for_forms(tokens, kWidth, kHidden, type, add);
  for_forms(tokens, kHidden, kWidth, type, add);
  return block;
}

double time_block(Product product, int64_t tokens, at::ScalarType type) {
  const auto block = make_block(tokens, type);
  return measure_seconds([&] {
    for (const auto& [out, a, b] : block) product(out, a, b, false);
  });
}

/// Seconds for such a block. Times of one product at a time, all of it in the cache, are others:
/// there oneDNN is level with MKL on a processor where it takes a seventh longer in a model. Where
/// a few tokens take long, as on an emulated processor, they speak for the others.
double time_product(Product product, at::ScalarType type) {
  constexpr int64_t kFew = 32, kTokens = 512, kTimes = kTokens / kFew;
  constexpr double kLong = 0.1;
  const double few = time_block(product, kFew, type);
  return few > kLong ? few * static_cast<double>(kTimes) : time_block(product, kTokens, type);
}

/// The products of float32, in the order of their paths.
constexpr Product kFloat32[] = {multiply_plainly, multiply_matmul, multiply_inner};
constexpr Product kShort[] = {multiply_plainly, multiply_in_float32};

/// What computes in float32 along every path is taken where it is fastest, by however little.
constexpr double kNoMargin = 1, kClearMargin = 1.15;

Path make_path(std::string name, std::string hindrance, Product product, at::ScalarType type) {
  return {std::move(name), std::move(hindrance), [=] { try_product(product, type); },
          [=] { return time_product(product, type); },
          type == at::kFloat ? kNoMargin : kClearMargin};
}

std::string find_matmul_hindrance() {
  if (at::native::mkldnn_matmul == nullptr) return "this libtorch has none";
  return find_capability() < Capability::kAvx512 ? "it needs AVX-512 F, BW, VL and DQ" : "";
}

std::string find_inner_hindrance() {
  if (at::native::mkldnn_linear_pointwise == nullptr) return "this libtorch has none";
  return find_matmul_hindrance().empty() ? "oneDNN's matmul does the same here" : "";
}

std::vector<Path> list_float32_paths() {
  const std::string plain = at::hasMKL() ? "MKL" : "libtorch";
  return {make_path(plain, "", kFloat32[0], at::kFloat),
          make_path("oneDNN matmul", find_matmul_hindrance(), kFloat32[1], at::kFloat),
          make_path("oneDNN inner product", find_inner_hindrance(), kFloat32[2], at::kFloat)};
}

std::vector<Path> list_short_paths(at::ScalarType type) {
  return {make_path("libtorch", "", kShort[0], type), make_path("in float32", "", kShort[1], type)};
}

/// Those that are computed in float32 are never faster than float32.
void try_own_products() {
  TORCH_CHECK(products(at::kBFloat16).get_choice() == 0, "its products are computed in float32");
}

}  // namespace

Kind& products(at::ScalarType type) {
  static auto& float32 = *new Kind("float32 products", list_float32_paths());
  static auto& bfloat16 = *new Kind("bfloat16 products", list_short_paths(at::kBFloat16));
  static auto& float16 = *new Kind("float16 products", list_short_paths(at::kHalf));
  if (type == at::kFloat) return float32;
  return type == at::kBFloat16 ? bfloat16 : float16;
}

void multiply_plainly(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  if (out.scalar_type() != a.scalar_type()) return multiply_widened(out, a, b, accumulate);
  Tensor result = out;
  accumulate ? at::addmm_out(result, out, a, b) : at::mm_out(result, a, b);
}

Kind& fastest_products() {
  const auto path = [](const char* name, const char* hindrance, at::ScalarType type) {
    return Path{name, hindrance, try_own_products, [=] { return time_product(multiply, type); },
                kClearMargin};
  };
  const bool lacks = find_capability() < Capability::kAvx512Bf16;
  static auto& kind = *new Kind(
      "fastest products",
      {path("float32", "", at::kFloat),
       path("bfloat16", lacks ? "the processor has no such instructions" : "", at::kBFloat16)});
  return kind;
}

void multiply(const Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  const auto type = a.scalar_type();
  Kind& kind = products(type);
  const size_t path = kind.get_choice();
  if (path == 0) return multiply_plainly(out, a, b, accumulate);
  try {
    (type == at::kFloat ? kFloat32[path] : kShort[path])(out, a, b, accumulate);
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const std::exception& error) {
    // It refuses before it writes.
    kind.leave(error);
    multiply_plainly(out, a, b, accumulate);
  }
}

}  // namespace palabra::ops::cpu
