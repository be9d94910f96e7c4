// A vocabulary and the settings of a training as JavaScript hands them in.
#pragma once

#include <napi.h>

#include <memory>

#include "text/bpe/bpe.h"
#include "text/training/bpe_trainer.h"

namespace palabra::text {

// Reads the fields of `BpeSettings` of lib/native/text-addon.ts.
std::shared_ptr<const Bpe> read_bpe(napi_env env, napi_value settings);

// Reads the fields of `BpeTrainingSettings`.
BpeTraining read_training(napi_env env, napi_value settings);

// The pattern of a name.
Pattern read_pattern(napi_env env, napi_value name, const std::string& where);

// What was learned, as `BpeTrained`.
napi_value make_trained_value(Napi::Env env, const BpeVocabulary& vocabulary);

}  // namespace palabra::text
