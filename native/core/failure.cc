#include "failure.h"

#include <c10/util/Exception.h>

#include <new>
#include <stdexcept>

#include "error.h"

#if __has_include(<dnnl.hpp>)
#include <dnnl.hpp>
#endif

namespace palabra {

namespace {

Failure make(const char* code, const std::string& where, const std::string& said) {
  return {code, "[" + std::string(code) + "] " + where + ": " + said};
}

// libtorch reports a failed allocation of the CPU as a plain c10::Error.
bool is_out_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("not enough memory") != std::string::npos ||
         message.find("out of memory") != std::string::npos;
}

Failure of_libtorch(const c10::Error& error, const std::string& where) {
  const std::string said = error.what_without_backtrace();
  return make(is_out_of_memory(said) ? "PAL_OUT_OF_MEMORY" : "PAL_OPERATOR", where, said);
}

// oneDNN says only what it could not do; its status says why.
Failure of_others(const std::exception& error, const std::string& where) {
#if __has_include(<dnnl.hpp>)
  const auto* onednn = dynamic_cast<const dnnl::error*>(&error);
  if (onednn && onednn->status == dnnl_out_of_memory)
    return make("PAL_OUT_OF_MEMORY", where, std::string(onednn->message) + " for want of memory");
#endif
  return make("PAL_OPERATOR", where, error.what());
}

}  // namespace

Failure describe_failure(const std::exception_ptr& exception, const std::string& where) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const c10::OutOfMemoryError& error) {
    return make("PAL_OUT_OF_MEMORY", where, error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return of_libtorch(error, where);
  } catch (const std::bad_alloc&) {
    return make("PAL_OUT_OF_MEMORY", where, "the process has no memory left for it");
  } catch (const std::length_error& error) {
    return make("PAL_OUT_OF_MEMORY", where,
                std::string("a size past every limit: ") + error.what());
  } catch (const std::exception& error) {
    return of_others(error, where);
  } catch (...) {
    return make("PAL_INTERNAL", where, "an exception of an unknown type");
  }
}

}  // namespace palabra
