// Native objects that JavaScript holds: wrapped in an object with a type tag, freed with it.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "node/error.h"

namespace palabra {

// What tells the objects of one type from all others.
template <typename Held>
struct Tag;

// Puts a native object into a new object of JavaScript.
template <typename Held>
napi_value wrap(Napi::Env env, std::shared_ptr<Held> held) {
  const Napi::Object object = Napi::Object::New(env);
  auto* holder = new std::shared_ptr<Held>(std::move(held));
  const auto free = [](napi_env, void* data, void*) {
    delete static_cast<std::shared_ptr<Held>*>(data);
  };
  if (napi_type_tag_object(env, object, &Tag<Held>::value) != napi_ok ||
      napi_wrap(env, object, holder, free, nullptr, nullptr) != napi_ok) {
    delete holder;
    throw Napi::Error::New(env);
  }
  return object;
}

// The native object in a value; PAL_ARGUMENT where the value is something else.
template <typename Held>
const std::shared_ptr<Held>& unwrap(napi_env env, napi_value value, const std::string& where) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  bool fits = false;
  void* data = nullptr;
  if (type == napi_object) napi_check_object_type_tag(env, value, &Tag<Held>::value, &fits);
  if (!fits || napi_unwrap(env, value, &data) != napi_ok)
    throw_error("PAL_ARGUMENT", {where, Tag<Held>::name, "another value"});
  return *static_cast<std::shared_ptr<Held>*>(data);
}

}  // namespace palabra
