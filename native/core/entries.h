#pragma once

#include <vector>

#include "guard.h"

namespace palabra {

// The exports of each file of the addon; module.cc puts them together.
std::vector<Export> operator_entries();
std::vector<Export> tensor_entries();
std::vector<Export> lifetime_entries();
std::vector<Export> sharing_entries();
std::vector<Export> map_entries();
std::vector<Export> autograd_entries();
std::vector<Export> random_entries();
std::vector<Export> runtime_entries();
std::vector<Export> program_entries();

}  // namespace palabra
