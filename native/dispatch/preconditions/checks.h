#pragma once

#include <initializer_list>

#include "dispatch/preconditions/preconditions.h"

namespace palabra::checks {

using Names = std::vector<const char*>;

// All tensors of the call lie in memory as strides tell, and have values.
Check dense();
// Optional arguments that the operator can't do without.
Check given(Names names);
// Lists with an item.
Check some(Names lists);
// Lists as long as each other; a list of numbers and one of tensors count alike.
Check as_long_as_each_other(Names lists);
// Tensors with an element.
Check filled(Names tensors);
// Tensors of one shape; those not given don't count.
Check one_shape(Names tensors);
Check one_dtype(Names tensors);
// Tensors with exactly, or at least, so many axes.
Check axes(Names tensors, int64_t low, int64_t high = 64);
// Tensors with one axis and an element for each channel (axis 1) of the input.
Check each_channel(Names tensors, const char* input, int64_t channel_axis = 1);
// Tensors equal in all axes but the last few.
Check same_but_last(const char* one, const char* other, int64_t last);
// Integers, or lists of them, in a range.
Check within(Names integers, int64_t low, int64_t high = INT64_MAX);
// Integers, or lists of them, that number the axes of a tensor.
Check axis_of(Names integers, const char* tensor);
// Lists of exactly so many integers; one number stands for all.
Check counts(Names lists, int64_t low, int64_t high);
// Index tensors with values in [0, limit of the other arguments).
Check below(Names indices, std::function<int64_t(const CheckedCall&)> limit, const char* what);
// The size of an axis (from the end where negative) as a limit; 0 where there is none.
std::function<int64_t(const CheckedCall&)> size_of(const char* tensor, int64_t axis);
// The value of an integer argument as a limit; 0 where it is none.
std::function<int64_t(const CheckedCall&)> value_of(const char* name);
// The product of the last few sizes as a limit.
std::function<int64_t(const CheckedCall&)> area_of(const char* tensor, int64_t last);
// Tensors of these element types.
Check typed(Names tensors, std::vector<at::ScalarType> types);

Check floating(Names tensors);
// Lists of tensors with the same shapes, item by item, whose elements lie in memory without gaps;
// empty ones don't count.
Check item_by_item(Names lists);
// Lists without a number twice, counted from either end of a tensor's axes.
Check distinct_axes(const char* list, const char* tensor);
// Tensors without NaN and infinity.
Check finite(Names tensors);
// Numbers, or tensors of them, that are at most so large.
Check at_most(Names values, double limit);
// Numbers, or tensors of them, that are at least so large.
Check at_least(Names values, double limit);

}  // namespace palabra::checks
