#pragma once

#include <vector>

#include "dispatch/environment.h"
#include "node/guard.h"

namespace palabra {

// The exports of each file of the addon; module.cc puts them together.
std::vector<Export> list_operator_entries();
std::vector<Export> list_tensor_entries();
std::vector<Export> list_lifetime_entries();
std::vector<Export> list_sharing_entries();
std::vector<Export> list_map_entries();
std::vector<Export> list_autograd_entries();
std::vector<Export> list_random_entries();
std::vector<Export> list_runtime_entries();
std::vector<Export> list_program_entries();
std::vector<Export> list_fake_entries();

}  // namespace palabra
