#pragma once

#include <cstdint>

namespace palabra {

// Bytes that libtorch holds on the CPU in the whole process: tensors that JavaScript holds, and
// what gradients and programs keep.
struct AllocatedBytes {
  int64_t now;
  // The most since the start or the last reset.
  int64_t peak;
};

// Counts from now on. The first call takes effect.
void count_allocations();

AllocatedBytes get_allocated_bytes();

// Lets allocations beyond so many bytes in all fail.
void limit_allocations(int64_t bytes);

// Starts a new peak at the bytes held now.
void reset_allocated_peak();

}  // namespace palabra
