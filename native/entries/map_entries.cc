#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <cstring>

#include "dispatch/names.h"
#include "entries/entries.h"
#include "node/error.h"
#include "node/make_values.h"
#include "node/read_values.h"
#include "tensors/mapped_file.h"

namespace palabra {

namespace {

const std::shared_ptr<MappedFile>& map_of(Environment& environment, napi_value value) {
  const uint32_t id = js::read_id(environment.env, value, "map");
  const auto found = environment.maps.find(id);
  if (found == environment.maps.end()) {
    throw_error("PAL_DISPOSED", {"map", "a mapped file",
                                 "one that was unmapped, or never mapped: " + std::to_string(id)});
  }
  return found->second;
}

napi_value map_file(Environment& environment, const Napi::CallbackInfo& info) {
  auto file =
      std::make_shared<MappedFile>(js::read_string(environment.env, info[0], "mapFile, path"));
  const uint32_t id = environment.next_map++;
  environment.maps.emplace(id, std::move(file));
  return js::make_integer(environment.env, id);
}

size_t checked_bytes(const std::vector<int64_t>& shape, at::ScalarType dtype) {
  int64_t bytes = static_cast<int64_t>(c10::elementSize(dtype));
  for (const int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(bytes, size, &bytes)) {
      throw_error("PAL_SHAPE", {"fromMap", "sizes of at least 0 whose product fits 63 bits",
                                std::to_string(size)});
    }
  }
  return static_cast<size_t>(bytes);
}

napi_value from_map(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Env env = environment.env;
  environment.entry = "fromMap";
  const std::shared_ptr<MappedFile> file = map_of(environment, info[0]);
  const int64_t offset = js::read_integer(env, info[1], "fromMap, byteOffset");
  const auto shape = js::read_integers(env, info[2], "fromMap, shape");
  const auto dtype = parse_dtype(js::read_string(env, info[3], "fromMap, dtype"), "fromMap");
  const size_t bytes = checked_bytes(shape, dtype);
  if (offset < 0 || static_cast<size_t>(offset) > file->size() || bytes > file->size() - offset) {
    throw_error("PAL_DATA",
                {"fromMap", "a range inside the file of " + std::to_string(file->size()) + " bytes",
                 std::to_string(bytes) + " bytes from " + std::to_string(offset)});
  }
  char* data = file->data() + offset;
  // Operators expect aligned elements; a file need not align them.
  if (reinterpret_cast<uintptr_t>(data) % c10::elementSize(dtype) != 0) {
    at::Tensor copy = at::empty(shape, at::TensorOptions(dtype));
    if (bytes > 0) std::memcpy(copy.mutable_data_ptr(), data, bytes);
    return environment.hand_out(std::move(copy));
  }
  return environment.hand_out(
      at::from_blob(data, shape, [file](void*) {}, at::TensorOptions(dtype)));
}

napi_value unmap(Environment& environment, const Napi::CallbackInfo& info) {
  map_of(environment, info[0]);
  environment.maps.erase(js::read_id(environment.env, info[0], "map"));
  return js::make_undefined(environment.env);
}

}  // namespace

std::vector<Export> list_map_entries() {
  return {make_export<map_file>("mapFile"), make_export<from_map>("fromMap"),
          make_export<unmap>("unmap")};
}

}  // namespace palabra
