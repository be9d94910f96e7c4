#include "dispatch/preconditions/checks.h"

#include <ATen/ops/aminmax.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/lt.h>

#include <algorithm>
#include <sstream>

#include "dispatch/names.h"

namespace palabra::checks {

namespace {

std::string shape_text(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

// Applies `look` to each tensor that is given among the names.
template <typename Look>
Check each_tensor(Names names, Look look) {
  return [names = std::move(names), look = std::move(look)](const CheckedCall& call) {
    for (const char* name : names) {
      for (const at::Tensor& tensor : call.tensors(name)) look(call, name, tensor);
    }
  };
}

void expect_dense(const CheckedCall& call, const char* name, const at::Tensor& tensor) {
  const bool dense = tensor.layout() == at::kStrided && !tensor.is_meta() &&
                     !tensor.is_quantized() && tensor.has_storage() && !tensor._is_zerotensor();
  call.expect(dense, name, "a dense tensor with values", "another kind of tensor",
              "PAL_UNSUPPORTED");
}

size_t length_of(const c10::IValue& value) { return value.isList() ? value.toListRef().size() : 0; }

}  // namespace

Check dense() {
  return [](const CheckedCall& call) {
    for (const Parameter& parameter : call.op().arguments) {
      for (const at::Tensor& tensor : call.tensors(parameter.name.c_str())) {
        expect_dense(call, parameter.name.c_str(), tensor);
      }
    }
  };
}

Check given(Names names) {
  return [names = std::move(names)](const CheckedCall& call) {
    for (const char* name : names) {
      call.expect(!call[name].isNone(), name, "a value, which this operator needs", "nothing");
    }
  };
}

Check some(Names lists) {
  return [lists = std::move(lists)](const CheckedCall& call) {
    for (const char* name : lists)
      call.expect(length_of(call[name]) > 0, name, "a list with an item", "an empty one");
  };
}

Check as_long_as_each_other(Names lists) {
  return [lists = std::move(lists)](const CheckedCall& call) {
    const size_t first = length_of(call[lists[0]]);
    for (const char* name : lists) {
      const c10::IValue& value = call[name];
      if (!value.isList()) continue;
      call.expect(length_of(value) == first, name,
                  std::to_string(first) + " items, as " + lists[0] + " has",
                  std::to_string(length_of(value)));
    }
  };
}

Check filled(Names tensors) {
  return each_tensor(std::move(tensors),
                     [](const CheckedCall& call, const char* name, const at::Tensor& tensor) {
                       call.expect(tensor.numel() > 0, name, "a tensor with an element",
                                   "shape " + shape_text(tensor), "PAL_SHAPE");
                     });
}

Check one_shape(Names tensors) {
  return [tensors = std::move(tensors)](const CheckedCall& call) {
    const at::Tensor first = call.tensor(tensors[0]);
    if (!first.defined()) return;
    for (const char* name : tensors) {
      for (const at::Tensor& other : call.tensors(name)) {
        call.expect(other.sizes() == first.sizes(), name,
                    "shape " + shape_text(first) + ", as " + tensors[0] + " has", shape_text(other),
                    "PAL_SHAPE");
      }
    }
  };
}

Check one_dtype(Names tensors) {
  return [tensors = std::move(tensors)](const CheckedCall& call) {
    const at::Tensor first = call.tensor(tensors[0]);
    if (!first.defined()) return;
    for (const char* name : tensors) {
      for (const at::Tensor& other : call.tensors(name)) {
        call.expect(other.scalar_type() == first.scalar_type(), name,
                    format_dtype(first.scalar_type()) + ", as " + tensors[0],
                    format_dtype(other.scalar_type()), "PAL_DTYPE");
      }
    }
  };
}

Check axes(Names tensors, int64_t low, int64_t high) {
  return each_tensor(std::move(tensors), [low, high](const CheckedCall& call, const char* name,
                                                     const at::Tensor& tensor) {
    call.expect(tensor.dim() >= low && tensor.dim() <= high, name,
                "between " + std::to_string(low) + " and " + std::to_string(high) + " axes",
                "shape " + shape_text(tensor), "PAL_SHAPE");
  });
}

Check each_channel(Names tensors, const char* input, int64_t channel_axis) {
  return [tensors = std::move(tensors), input, channel_axis](const CheckedCall& call) {
    const at::Tensor from = call.tensor(input);
    if (!from.defined()) return;
    call.expect(from.dim() > channel_axis, input, "an axis of channels",
                "shape " + shape_text(from), "PAL_SHAPE");
    for (const char* name : tensors) {
      const at::Tensor tensor = call.tensor(name);
      if (!tensor.defined()) continue;
      call.expect(tensor.dim() == 1 && tensor.size(0) == from.size(channel_axis), name,
                  std::to_string(from.size(channel_axis)) + " elements, one a channel",
                  "shape " + shape_text(tensor), "PAL_SHAPE");
    }
  };
}

Check same_but_last(const char* one, const char* other, int64_t last) {
  return [one, other, last](const CheckedCall& call) {
    const at::Tensor a = call.tensor(one);
    const at::Tensor b = call.tensor(other);
    if (!a.defined() || !b.defined()) return;
    bool same = a.dim() == b.dim();
    for (int64_t i = 0; same && i < a.dim() - last; ++i) same = a.size(i) == b.size(i);
    call.expect(same, other,
                "the sizes of " + std::string(one) + ", " + shape_text(a) + ", but for the last " +
                    std::to_string(last),
                shape_text(b), "PAL_SHAPE");
  };
}

Check within(Names integers, int64_t low, int64_t high) {
  return [names = std::move(integers), low, high](const CheckedCall& call) {
    for (const char* name : names) {
      for (const int64_t value : call.integers(name)) {
        const std::string range =
            high == INT64_MAX ? "at least " + std::to_string(low)
                              : "from " + std::to_string(low) + " to " + std::to_string(high);
        call.expect(value >= low && value <= high, name, range, std::to_string(value));
      }
    }
  };
}

Check axis_of(Names integers, const char* tensor) {
  return [names = std::move(integers), tensor](const CheckedCall& call) {
    const at::Tensor of = call.tensor(tensor);
    if (!of.defined()) return;
    const int64_t axes = std::max<int64_t>(of.dim(), 1);
    for (const char* name : names) {
      for (const int64_t value : call.integers(name)) {
        call.expect(value >= -axes && value < axes, name, "an axis of shape " + shape_text(of),
                    std::to_string(value), "PAL_SHAPE");
      }
    }
  };
}

Check counts(Names lists, int64_t low, int64_t high) {
  return [lists = std::move(lists), low, high](const CheckedCall& call) {
    for (const char* name : lists) {
      if (call[name].isNone()) continue;
      const int64_t count = static_cast<int64_t>(call.integers(name).size());
      call.expect(count >= low && count <= high, name,
                  low == high ? std::to_string(low) + " integers"
                              : "up to " + std::to_string(high) + " integers",
                  std::to_string(count));
    }
  };
}

Check below(Names indices, std::function<int64_t(const CheckedCall&)> limit, const char* what) {
  return [names = std::move(indices), limit = std::move(limit), what](const CheckedCall& call) {
    const int64_t end = limit(call);
    for (const char* name : names) {
      for (const at::Tensor& index : call.tensors(name)) {
        call.expect(at::isIntegralType(index.scalar_type(), false), name, "integers",
                    format_dtype(index.scalar_type()), "PAL_DTYPE");
        if (index.numel() == 0) continue;
        const auto [least, most] = at::aminmax(index.detach());
        const int64_t low = least.item<int64_t>();
        const int64_t high = most.item<int64_t>();
        call.expect(low >= 0 && high < end, name,
                    "indices below " + std::to_string(end) + ", " + what,
                    std::to_string(low < 0 ? low : high));
      }
    }
  };
}

std::function<int64_t(const CheckedCall&)> size_of(const char* tensor, int64_t axis) {
  return [tensor, axis](const CheckedCall& call) -> int64_t {
    const at::Tensor of = call.tensor(tensor);
    if (!of.defined()) return 0;
    const int64_t index = axis < 0 ? of.dim() + axis : axis;
    return index >= 0 && index < of.dim() ? of.size(index) : 0;
  };
}

std::function<int64_t(const CheckedCall&)> value_of(const char* name) {
  return [name](const CheckedCall& call) -> int64_t {
    return call[name].isInt() ? call[name].toInt() : 0;
  };
}

std::function<int64_t(const CheckedCall&)> area_of(const char* tensor, int64_t last) {
  return [tensor, last](const CheckedCall& call) -> int64_t {
    const at::Tensor of = call.tensor(tensor);
    if (!of.defined() || of.dim() < last) return 0;
    int64_t area = 1;
    for (int64_t i = of.dim() - last; i < of.dim(); ++i) area *= of.size(i);
    return area;
  };
}

Check typed(Names tensors, std::vector<at::ScalarType> types) {
  return each_tensor(
      std::move(tensors), [types = std::move(types)](const CheckedCall& call, const char* name,
                                                     const at::Tensor& tensor) {
        std::string choices;
        bool known = false;
        for (const at::ScalarType type : types) {
          known = known || type == tensor.scalar_type();
          choices += (choices.empty() ? "" : " or ") + format_dtype(type);
        }
        call.expect(known, name, choices, format_dtype(tensor.scalar_type()), "PAL_DTYPE");
      });
}

Check item_by_item(Names lists) {
  return [lists = std::move(lists)](const CheckedCall& call) {
    const std::vector<at::Tensor> first = call.tensors(lists[0]);
    for (const char* name : lists) {
      const std::vector<at::Tensor> items = call.tensors(name);
      if (items.empty()) continue;
      call.expect(items.size() == first.size(), name, std::to_string(first.size()) + " tensors",
                  std::to_string(items.size()));
      for (size_t i = 0; i < items.size(); ++i) {
        // Of the many tensors of an optimizer no text is made unless one is wrong.
        if (items[i].sizes() != first[i].sizes()) {
          call.expect(false, name, "shape " + shape_text(first[i]), shape_text(items[i]),
                      "PAL_SHAPE");
        }
        if (!items[i].is_non_overlapping_and_dense()) {
          call.expect(false, name, "tensors without gaps or overlaps",
                      "another layout. Call contiguous() first");
        }
      }
    }
  };
}

Check distinct_axes(const char* list, const char* tensor) {
  return [list, tensor](const CheckedCall& call) {
    const at::Tensor of = call.tensor(tensor);
    if (!of.defined()) return;
    std::vector<int64_t> seen;
    for (const int64_t value : call.integers(list)) {
      const int64_t axis = value < 0 ? value + of.dim() : value;
      call.expect(std::find(seen.begin(), seen.end(), axis) == seen.end(), list, "axes that differ",
                  "axis " + std::to_string(axis) + " twice");
      seen.push_back(axis);
    }
  };
}

Check floating(Names tensors) {
  return each_tensor(std::move(tensors),
                     [](const CheckedCall& call, const char* name, const at::Tensor& tensor) {
                       call.expect(tensor.is_floating_point(), name, "floating-point numbers",
                                   format_dtype(tensor.scalar_type()), "PAL_DTYPE");
                     });
}

Check finite(Names tensors) {
  return each_tensor(std::move(tensors),
                     [](const CheckedCall& call, const char* name, const at::Tensor& tensor) {
                       if (tensor.layout() != at::kStrided || tensor.is_meta()) return;
                       call.expect(at::isfinite(tensor.detach()).all().item<bool>(), name,
                                   "finite numbers", "NaN or infinity");
                     });
}

namespace {

// Whether a number, or a value of a tensor, compares so with a limit; NaN never does.
bool any_beyond(const CheckedCall& call, const char* name, double limit, bool above) {
  const c10::IValue& value = call[name];
  if (value.isScalar() && !value.toScalar().isComplex()) {
    const double number = value.toScalar().toDouble();
    return above ? number > limit : number < limit;
  }
  for (const at::Tensor& tensor : call.tensors(name)) {
    if (tensor.layout() != at::kStrided || tensor.is_meta() || tensor.is_complex()) continue;
    const at::Tensor values = tensor.detach().to(at::kDouble);
    if ((above ? at::gt(values, limit) : at::lt(values, limit)).any().item<bool>()) return true;
  }
  return false;
}

}  // namespace

Check at_most(Names values, double limit) {
  return [names = std::move(values), limit](const CheckedCall& call) {
    for (const char* name : names) {
      call.expect(!any_beyond(call, name, limit, true), name, "at most " + std::to_string(limit),
                  "more");
    }
  };
}

Check at_least(Names values, double limit) {
  return [names = std::move(values), limit](const CheckedCall& call) {
    for (const char* name : names) {
      call.expect(!any_beyond(call, name, limit, false), name, "at least " + std::to_string(limit),
                  "less");
    }
  };
}

}  // namespace palabra::checks
