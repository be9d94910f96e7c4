#pragma once

namespace palabra::ops::cpu {

class Kind;

/// Passes of an LSTM in bfloat16: by oneDNN, or in float32.
Kind& bfloat16_lstm();

}  // namespace palabra::ops::cpu
