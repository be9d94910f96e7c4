#pragma once

#include <c10/core/DeviceType.h>
#include <c10/core/ScalarType.h>

#include <optional>
#include <string>

// The modes of a thread that operators obey: gradients, inference, autocast.
namespace palabra {

// The dtype of autocast on a type of device; nothing where it is off.
std::optional<c10::ScalarType> get_autocast(c10::DeviceType type);
void set_autocast(c10::DeviceType type, std::optional<c10::ScalarType> dtype);
bool supports_autocast(c10::DeviceType type);

// All of them in short, for the key of a recording.
std::string format_modes();

}  // namespace palabra
