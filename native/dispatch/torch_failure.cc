#include "dispatch/torch_failure.h"

#include <c10/util/Exception.h>

#include <new>
#include <stdexcept>

#include "node/error.h"

#if __has_include(<dnnl.hpp>)
#include <dnnl.hpp>
#endif

namespace palabra {

namespace {

// libtorch reports a failed allocation of the CPU as a plain c10::Error.
bool is_out_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("not enough memory") != std::string::npos ||
         message.find("out of memory") != std::string::npos;
}

Failure describe_libtorch(const c10::Error& error, const std::string& where) {
  const std::string message = error.what_without_backtrace();
  const char* code = is_out_of_memory(message) ? "PAL_OUT_OF_MEMORY" : "PAL_OPERATOR";
  return make_failure(code, where, message);
}

// oneDNN says only what it could not do; its status says why.
Failure describe_other(const std::exception& error, const std::string& where) {
#if __has_include(<dnnl.hpp>)
  const auto* onednn = dynamic_cast<const dnnl::error*>(&error);
  if (onednn && onednn->status == dnnl_out_of_memory) {
    return make_failure("PAL_OUT_OF_MEMORY", where,
                        std::string(onednn->message) + " for want of memory");
  }
#endif
  return make_failure("PAL_OPERATOR", where, error.what());
}

}  // namespace

Failure describe_torch_failure(const std::exception_ptr& exception,
                               const std::string& where) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const Error&) {
    return describe_failure(exception, where);
  } catch (const c10::OutOfMemoryError& error) {
    return make_failure("PAL_OUT_OF_MEMORY", where, error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return describe_libtorch(error, where);
  } catch (const std::bad_alloc&) {
    return describe_failure(exception, where);
  } catch (const std::length_error&) {
    return describe_failure(exception, where);
  } catch (const std::exception& error) {
    return describe_other(error, where);
  } catch (...) {
    return describe_failure(exception, where);
  }
}

}  // namespace palabra
