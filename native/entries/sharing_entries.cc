#include <map>
#include <mutex>
#include <random>

#include "entries/entries.h"
#include "node/error.h"
#include "tensors/slot_values.h"

namespace palabra {

namespace {

// Tensors on their way between the environments of this process.
class Exchange {
 public:
  std::string put(at::Tensor tensor) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::string token =
        "palabra-" + std::to_string(next_++) + "-" + std::to_string(secret_());
    tensors_.emplace(token, std::move(tensor));
    return token;
  }

  at::Tensor get(const std::string& token) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = tensors_.find(token);
    if (found == tensors_.end()) {
      throw_error("PAL_DISPOSED",
                  {"importTensor", "the token of an exported tensor", "\"" + token + "\"",
                   "Export it again, and release the token only when all have imported it."});
    }
    return found->second;
  }

  bool drop(const std::string& token) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return tensors_.erase(token) > 0;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, at::Tensor> tensors_;
  std::mt19937_64 secret_{std::random_device{}()};
  uint64_t next_ = 1;
};

// Never destroyed: a worker may still release its tensors while the process ends.
Exchange& exchange() {
  static Exchange& instance = *new Exchange;
  return instance;
}

napi_value export_tensor(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor =
      environment.slots.get(js::read_slot(environment.env, info[0], "exportTensor"));
  environment.busy.expect_free(tensor, Access::kShape, "exportTensor");
  // Another thread would still read where its memory was.
  if (tensor.has_storage()) tensor.storage().unsafeGetStorageImpl()->set_resizable(false);
  // Autograd graphs belong to one thread; the values are shared.
  return Napi::String::New(environment.env, exchange().put(tensor.detach()));
}

napi_value import_tensor(Environment& environment, const Napi::CallbackInfo& info) {
  return environment.hand_out(
      exchange().get(js::read_string(environment.env, info[0], "importTensor")).detach());
}

napi_value release_token(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(
      environment.env, exchange().drop(js::read_string(environment.env, info[0], "releaseToken")));
}

}  // namespace

std::vector<Export> list_sharing_entries() {
  return {make_export<export_tensor>("exportTensor"), make_export<import_tensor>("importTensor"),
          make_export<release_token>("releaseToken")};
}

}  // namespace palabra
