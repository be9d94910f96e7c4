# Node-API headers: cmake-js hands them in; a plain cmake run finds them in node_modules.
if(NOT CMAKE_JS_INC)
  set(CMAKE_JS_INC "${CMAKE_SOURCE_DIR}/node_modules/node-api-headers/include")
endif()
set(NODE_ADDON_API_INC "${CMAKE_SOURCE_DIR}/node_modules/node-addon-api")

function(palabra_use_node_api target)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/native)
  target_include_directories(${target} SYSTEM PRIVATE ${CMAKE_JS_INC} ${NODE_ADDON_API_INC})
  target_compile_definitions(${target} PRIVATE
    NAPI_VERSION=9 NODE_ADDON_API_CPP_EXCEPTIONS_ALL NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS)
  target_link_options(${target} PRIVATE -Wl,--unresolved-symbols=ignore-in-object-files)
endfunction()

# Warnings of our own code; the two left out are false alarms of GCC 12 in strings and variants.
function(palabra_warn target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-unused-parameter -Wno-restrict
    -Wno-maybe-uninitialized)
endfunction()
