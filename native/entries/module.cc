#include <napi.h>

#include "entries/entries.h"
#include "tensors/memory_counter.h"

namespace palabra {

namespace {

Napi::Object start(Napi::Env env, Napi::Object exports) {
  count_allocations();
  Environment& environment = *make_environment<Environment>(env);
  std::vector<Export> all;
  for (const auto& entries :
       {list_operator_entries(), list_tensor_entries(), list_lifetime_entries(),
        list_sharing_entries(), list_map_entries(), list_autograd_entries(), list_random_entries(),
        list_runtime_entries(), list_program_entries(), list_fake_entries()}) {
    all.insert(all.end(), entries.begin(), entries.end());
  }
  define_exports(exports, environment, all);
  return exports;
}

}  // namespace

}  // namespace palabra

static Napi::Object palabra_start(Napi::Env env, Napi::Object exports) {
  return palabra::start(env, exports);
}

NODE_API_MODULE(palabra_core, palabra_start)
