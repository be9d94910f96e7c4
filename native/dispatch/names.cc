#include "dispatch/names.h"

#include <utility>

#include "node/error.h"

namespace palabra {

namespace {

template <typename Value>
using Name = std::pair<const char*, Value>;

constexpr Name<at::ScalarType> kDTypes[] = {
    {"float32", at::kFloat},
    {"float64", at::kDouble},
    {"float16", at::kHalf},
    {"bfloat16", at::kBFloat16},
    {"int64", at::kLong},
    {"int32", at::kInt},
    {"int16", at::kShort},
    {"int8", at::kChar},
    {"uint8", at::kByte},
    {"bool", at::kBool},
    {"complex64", at::kComplexFloat},
    {"complex128", at::kComplexDouble},
};

constexpr Name<at::Layout> kLayouts[] = {
    {"strided", at::kStrided},      {"sparse_coo", at::kSparse},    {"sparse_csr", at::kSparseCsr},
    {"sparse_csc", at::kSparseCsc}, {"sparse_bsr", at::kSparseBsr}, {"sparse_bsc", at::kSparseBsc},
};

constexpr Name<at::MemoryFormat> kMemoryFormats[] = {
    {"contiguous_format", at::MemoryFormat::Contiguous},
    {"preserve_format", at::MemoryFormat::Preserve},
    {"channels_last", at::MemoryFormat::ChannelsLast},
    {"channels_last_3d", at::MemoryFormat::ChannelsLast3d},
};

template <typename Value, size_t N>
Value named(const Name<Value> (&table)[N], const char* what, const std::string& name,
            const std::string& where) {
  std::string choices;
  for (const auto& [known, value] : table) {
    if (name == known) return value;
    choices += (choices.empty() ? "" : ", ") + std::string(known);
  }
  throw_error("PAL_ARGUMENT",
              {where, std::string(what) + " (" + choices + ")", "\"" + name + "\""});
}

}  // namespace

at::ScalarType parse_dtype(const std::string& name, const std::string& where) {
  return named(kDTypes, "a dtype", name, where);
}

at::Layout parse_layout(const std::string& name, const std::string& where) {
  return named(kLayouts, "a layout", name, where);
}

at::MemoryFormat parse_memory_format(const std::string& name, const std::string& where) {
  return named(kMemoryFormats, "a memory format", name, where);
}

std::string format_dtype(at::ScalarType type) {
  for (const auto& [name, value] : kDTypes) {
    if (value == type) return name;
  }
  return c10::toString(type);
}

}  // namespace palabra
