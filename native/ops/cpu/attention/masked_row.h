#pragma once

// Attention of a row whose documents lie in pieces: all of its tokens under a mask, by libtorch.

#include "operators.h"

namespace palabra::ops::cpu {

/// Queries, keys and values, and the documents that are kept apart.
struct Masked {
  const Tensor& q;
  const Tensor& k;
  const Tensor& v;
  const OptionalTensor& documents;
  double scale;
};

/// The scale of the scores: 1/sqrt(D) unless one is given.
double resolve_scale(std::optional<double> scale, const Tensor& q);

/// Fills a row of the output and of the logarithms of the sums.
void attend_masked_row(const Masked& all, int64_t row, const Tensor& output,
                       const Tensor& logsumexp);

/// Of attend_masked_row, and the gradient of its output.
struct MaskedResults {
  const Tensor& grad;
  const Tensor& output;
  const Tensor& logsumexp;
};

/// Of queries, keys and values.
struct MaskedGradients {
  const Tensor& q;
  const Tensor& k;
  const Tensor& v;
};

/// Fills a row of the gradients.
void differentiate_masked_row(const Masked& all, int64_t row, const MaskedResults& results,
                              const MaskedGradients& gradients);

}  // namespace palabra::ops::cpu
