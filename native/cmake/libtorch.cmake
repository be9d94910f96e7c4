# Imported targets for the two libraries of libtorch that palabra links: c10 and torch_cpu.
# find_package(Torch) is not used: on a CUDA wheel it asks for a whole CUDA toolkit.
set(PALABRA_LIBTORCH "" CACHE PATH "Folder of libtorch with include/ and lib/")
if(NOT EXISTS "${PALABRA_LIBTORCH}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "PALABRA_LIBTORCH='${PALABRA_LIBTORCH}' holds no lib/libtorch_cpu.so. "
                      "Run `npx palabra libtorch install`, then `npm run build:addon`.")
endif()

foreach(name c10 torch_cpu)
  add_library(libtorch::${name} SHARED IMPORTED)
  set_target_properties(libtorch::${name} PROPERTIES
    IMPORTED_LOCATION "${PALABRA_LIBTORCH}/lib/lib${name}.so"
    INTERFACE_INCLUDE_DIRECTORIES
      "${PALABRA_LIBTORCH}/include;${PALABRA_LIBTORCH}/include/torch/csrc/api/include")
endforeach()

# Links libtorch into `target` without an RPATH: the loader opens it by full path beforehand.
function(palabra_link_libtorch target)
  target_link_libraries(${target} PRIVATE libtorch::torch_cpu libtorch::c10)
  target_link_options(${target} PRIVATE
    -Wl,--allow-shlib-undefined -Wl,--exclude-libs,ALL -Wl,-Bsymbolic -Wl,--no-as-needed)
  set_target_properties(${target} PROPERTIES SKIP_BUILD_RPATH ON NO_SONAME OFF)
endfunction()
