#include "node/failure.h"

#include <new>
#include <stdexcept>

#include "node/error.h"

namespace palabra {

Failure make_failure(const char* code, const std::string& where, const std::string& message) {
  return {code, "[" + std::string(code) + "] " + where + ": " + message};
}

Failure describe_failure(const std::exception_ptr& exception, const std::string& where) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return make_failure("PAL_OUT_OF_MEMORY", where, "the process has no memory left for it");
  } catch (const std::length_error& error) {
    return make_failure("PAL_OUT_OF_MEMORY", where,
                        std::string("a size past every limit: ") + error.what());
  } catch (const std::exception& error) {
    return make_failure("PAL_INTERNAL", where, error.what());
  } catch (...) {
    return make_failure("PAL_INTERNAL", where, "an exception of an unknown type");
  }
}

}  // namespace palabra
