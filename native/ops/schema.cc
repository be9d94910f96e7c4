// What each operator takes and returns. The backward operators return an undefined tensor where
// `mask` says that a gradient is not wanted.

#include "registry.h"

namespace palabra::ops {

void define_schemas(torch::Library& library) {
  // y = x / sqrt(mean(x^2) + eps) * weight over the last dimension (Zhang & Sennrich 2019).
  library.def("rms_norm(Tensor x, Tensor? weight=None, float eps=1e-06) -> Tensor");
  library.def(
      "rms_norm_backward(Tensor grad, Tensor x, Tensor? weight, float eps, bool[2] mask) "
      "-> (Tensor, Tensor)");

  // Rotates the pairs (x[i], x[i + D/2]) of x (B H T D) by angles whose cosines and sines are
  // (T D/2) or (B T D/2) (Su et al. 2021, the half-split order of GPT-NeoX and LLaMA).
  library.def("rotary(Tensor x, Tensor cos, Tensor sin) -> Tensor");
  library.def("rotary_backward(Tensor grad, Tensor cos, Tensor sin) -> Tensor");

  // silu(gate) * up (Shazeer 2020); silu(gate) is formed again in the backward pass, not held.
  library.def("swiglu(Tensor gate, Tensor up) -> Tensor");

  // x weight^T + bias, for x (…, I), weight (O, I) and bias (O).
  library.def("linear(Tensor x, Tensor weight, Tensor? bias=None) -> Tensor");
  library.def(
      "linear_backward(Tensor grad, Tensor x, Tensor weight, bool[3] mask) "
      "-> (Tensor grad_x, Tensor grad_weight, Tensor grad_bias)");

  // The same where W is held in a shorter type than x, and no gradient goes to it: weight (O, I) is
  // bfloat16, float16, or int8 with a factor for each row, scale (O), float32, or for each of G
  // groups of a row, scale (O, G), float16 or float32. Weight (O, I / 2) in uint8 has two numbers a
  // byte: of 32 that follow each other, byte j has number j low and j + 16 high. They stand for
  // (q - 8) * scale, or with scale (O, G, 2) for q * scale[…, 0] + scale[…, 1].
  library.def(
      "quantized_linear(Tensor x, Tensor weight, Tensor? scale=None, Tensor? bias=None) -> Tensor");
  // grad W, for grad (…, O).
  library.def(
      "quantized_linear_backward(Tensor grad, Tensor weight, Tensor? scale=None) -> Tensor");

  // The sum over the tokens whose target is not ignore_index of
  // (1 - label_smoothing) * nll + label_smoothing * mean over classes of nll + z_loss * lse^2,
  // for logits = x weight^T + bias that are never held as a whole; and the number of those tokens.
  library.def(
      "linear_cross_entropy(Tensor x, Tensor weight, Tensor? bias, Tensor targets, "
      "int ignore_index=-100, float label_smoothing=0., float z_loss=0.) "
      "-> (Tensor loss_sum, Tensor count)");
  // The same with the gradients of loss_sum, in float32 (float64 for float64).
  library.def(
      "linear_cross_entropy_gradients(Tensor x, Tensor weight, Tensor? bias, Tensor targets, "
      "int ignore_index, float label_smoothing, float z_loss, bool[3] mask) "
      "-> (Tensor loss_sum, Tensor count, Tensor grad_x, Tensor grad_weight, Tensor grad_bias)");

  // Zeroes each element with probability p and scales the rest by 1 / (1 - p); draws from
  // `generator` (Srivastava et al. 2014).
  library.def(
      "dropout(Tensor x, float p, Generator? generator=None) -> (Tensor output, Tensor mask)",
      {at::Tag::nondeterministic_seeded});
  library.def("dropout_backward(Tensor grad, Tensor mask, float p) -> Tensor");

  // softmax(scale q k^T) v for q (B H T D), k and v (B K T D), where each token of a row sees those
  // that are not behind it, of its own document (B T) alone where these are told; and the
  // logarithms of the softmax's sums.
  library.def(
      "causal_attention(Tensor q, Tensor k, Tensor v, Tensor? documents=None, float? scale=None) "
      "-> (Tensor output, Tensor logsumexp)");
  library.def(
      "causal_attention_backward(Tensor grad, Tensor q, Tensor k, Tensor v, Tensor output, "
      "Tensor logsumexp, Tensor? documents, float? scale) "
      "-> (Tensor grad_q, Tensor grad_k, Tensor grad_v)");

  // The numbers of blocks (…, bytes), uint8, in float32: rows of whole blocks of a format of GGUF
  // files, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 or Q2_K to Q6_K.
  library.def("dequantize(Tensor blocks, str format) -> Tensor");

  // Where the stream of a CPU generator stands, and going back there.
  library.def("random_state(Generator? generator=None) -> Tensor",
              {at::Tag::nondeterministic_seeded});
  library.def("set_random_state(Tensor state, Generator? generator=None) -> ()",
              {at::Tag::nondeterministic_seeded});

  // Which path each kind of work (or the one named) takes on this processor, and why: a line a
  // kind, of three parts between tabs.
  library.def("cpu_paths(str kind=\"\") -> str");
}

}  // namespace palabra::ops
