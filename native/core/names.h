#pragma once

#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>
#include <c10/core/ScalarType.h>

#include <string>

namespace palabra {

// The names JavaScript uses for element types, layouts and memory formats; each throws for another
// word.
at::ScalarType dtype_named(const std::string& name, const std::string& where);
std::string dtype_name(at::ScalarType type);
at::Layout layout_named(const std::string& name, const std::string& where);
at::MemoryFormat memory_format_named(const std::string& name, const std::string& where);

}  // namespace palabra
