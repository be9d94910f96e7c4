// Which path each kind of work takes, as an operator: JavaScript and Python ask the same.

#include <c10/util/Exception.h>
#include <torch/library.h>

#include "cpu/loops.h"
#include "cpu/paths/few_rows.h"
#include "cpu/paths/kind.h"
#include "cpu/paths/lstm.h"
#include "cpu/paths/products.h"
#include "registry.h"

namespace palabra::ops {
namespace {

using cpu::Kind;

std::string cpu_paths(std::string_view name) {
  Kind* const kinds[] = {&cpu::vector_loops(),          &cpu::products(at::kFloat),
                         &cpu::products(at::kBFloat16), &cpu::products(at::kHalf),
                         &cpu::fastest_products(),      &cpu::few_row_products(1),
                         &cpu::few_row_products(8),     &cpu::few_row_products(cpu::kFewRows),
                         &cpu::bfloat16_lstm()};
  std::string lines, names;
  for (Kind* kind : kinds) {
    if (name.empty() || name == kind->name()) lines += kind->report();
    names += (names.empty() ? "" : ", ") + kind->name();
  }
  TORCH_CHECK(!lines.empty(), "palabra::cpu_paths: expected one of ", names, ", received ", name,
              ".");
  return lines;
}

}  // namespace

void register_paths(torch::Library& library) { library.impl("cpu_paths", TORCH_FN(cpu_paths)); }

}  // namespace palabra::ops
