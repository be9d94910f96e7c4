#include "dispatch/modes.h"

#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

namespace palabra {

std::optional<c10::ScalarType> get_autocast(c10::DeviceType type) {
  if (!at::autocast::is_autocast_enabled(type)) return std::nullopt;
  return at::autocast::get_autocast_dtype(type);
}

void set_autocast(c10::DeviceType type, std::optional<c10::ScalarType> dtype) {
  if (dtype) at::autocast::set_autocast_dtype(type, *dtype);
  at::autocast::set_autocast_enabled(type, dtype.has_value());
  at::autocast::clear_cache();
}

bool supports_autocast(c10::DeviceType type) { return at::autocast::is_autocast_available(type); }

std::string format_modes() {
  std::string text = c10::GradMode::is_enabled() ? "G" : "-";
  text += c10::InferenceMode::is_enabled() ? "I" : "-";
  const auto append = [&](const char* letter, c10::DeviceType type) {
    if (const auto dtype = get_autocast(type))
      text += letter + std::to_string(static_cast<int>(*dtype));
  };
  append("A", c10::DeviceType::CPU);
  append("C", c10::DeviceType::CUDA);
  return text;
}

}  // namespace palabra
