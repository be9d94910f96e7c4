#pragma once

#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>
#include <c10/core/ScalarType.h>

#include <string>

namespace palabra {

// The names JavaScript uses for element types, layouts and memory formats; each throws for another
// word.
at::ScalarType parse_dtype(const std::string& name, const std::string& where);
std::string format_dtype(at::ScalarType type);
at::Layout parse_layout(const std::string& name, const std::string& where);
at::MemoryFormat parse_memory_format(const std::string& name, const std::string& where);

}  // namespace palabra
