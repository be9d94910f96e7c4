#include "data/token_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "node/error.h"

namespace palabra::data {

namespace {

constexpr const char* kWhere = "TokenFile";
// Batches that may wait: memory stays bounded whatever the caller does.
constexpr size_t kMostPending = 64;

int duplicate(int descriptor) {
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw_error("PAL_FILE", {kWhere, "an open file", std::strerror(errno)});
  return copy;
}

template <typename Id>
void widen(const unsigned char* bytes, size_t count, int32_t* ids) {
  for (size_t i = 0; i < count; ++i) {
    Id id;
    std::memcpy(&id, bytes + i * sizeof(Id), sizeof(Id));
    ids[i] = static_cast<int32_t>(id);
  }
}

}  // namespace

TokenReader::TokenReader(int descriptor, TokenLayout layout)
    : descriptor_(duplicate(descriptor)), layout_(layout) {}

TokenReader::~TokenReader() { stop(); }

void TokenReader::request(BatchRequest request) {
  check(request);
  if (pending_ >= kMostPending) {
    throw_error(
        "PAL_ARGUMENT",
        {kWhere, "at most " + std::to_string(kMostPending) + " batches to wait", "one more"});
  }
  start_thread();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_.push_back(std::move(request));
  }
  ++pending_;
  requested_.notify_one();
}

// Before a request is queued: a thread that can't be had leaves no request behind.
void TokenReader::start_thread() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopping_) throw_error("PAL_ABORTED", {kWhere, "an open reader", "one that was stopped"});
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

void TokenReader::check(const BatchRequest& request) const {
  for (const Span& span : request.spans) {
    const bool in_batch = span.count > 0 && span.at <= request.tokens &&
                          span.count <= request.tokens - span.at && span.from <= span.count;
    const bool in_file = span.start < layout_.length && span.count < layout_.length - span.start;
    if (!in_batch || !in_file) {
      throw_error("PAL_ARGUMENT",
                  {kWhere, "spans inside the batch and the file", "one that is not"});
    }
  }
}

TokenBatch TokenReader::take() {
  if (pending_ == 0) throw_error("PAL_ARGUMENT", {kWhere, "a batch to be requested first", "none"});
  std::unique_lock<std::mutex> lock(mutex_);
  answered_.wait(lock, [this] { return stopping_ || !answers_.empty(); });
  if (answers_.empty())
    throw_error("PAL_ABORTED", {kWhere, "an open reader", "one that was stopped"});
  Answer answer = std::move(answers_.front());
  answers_.pop_front();
  --pending_;
  if (answer.failure) std::rethrow_exception(answer.failure);
  return std::move(answer.batch);
}

void TokenReader::clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  requests_.clear();
  answers_.clear();
  pending_ = 0;
  ++era_;
}

void TokenReader::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    requests_.clear();
  }
  requested_.notify_all();
  answered_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void TokenReader::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    requested_.wait(lock, [this] { return stopping_ || !requests_.empty(); });
    if (stopping_) return;
    const BatchRequest request = std::move(requests_.front());
    requests_.pop_front();
    const uint64_t era = era_;
    lock.unlock();
    Answer done = answer(request);
    lock.lock();
    if (era != era_) continue;
    answers_.push_back(std::move(done));
    answered_.notify_one();
  }
}

TokenReader::Answer TokenReader::answer(const BatchRequest& request) {
  Answer result;
  try {
    result.batch.inputs.assign(request.tokens, request.padding);
    result.batch.targets.assign(request.tokens, kNoTarget);
    for (const Span& span : request.spans) read_span(span, result.batch);
  } catch (...) {
    result.failure = std::current_exception();
  }
  return result;
}

void TokenReader::read_span(const Span& span, TokenBatch& batch) {
  const size_t size = (size_t{span.count} + 1) * layout_.bytes_per_token;
  read_bytes(layout_.offset + span.start * layout_.bytes_per_token, size);
  const auto widen_ids = layout_.bytes_per_token == 2 ? widen<uint16_t> : widen<uint32_t>;
  int32_t* inputs = batch.inputs.data() + span.at;
  widen_ids(bytes_.data(), span.count, inputs);
  int32_t* targets = batch.targets.data() + span.at;
  const size_t skipped = size_t{span.from} + 1;
  widen_ids(bytes_.data() + skipped * layout_.bytes_per_token, span.count - span.from,
            targets + span.from);
  int32_t last;
  widen_ids(bytes_.data() + size_t{span.count} * layout_.bytes_per_token, 1, &last);
  const auto known = [this](int32_t id) {
    return layout_.vocab_size == 0 || static_cast<uint32_t>(id) < layout_.vocab_size;
  };
  if (!known(last) || !std::all_of(inputs, inputs + span.count, known)) {
    throw_error("PAL_DATA",
                {kWhere, "ids below the vocabulary size " + std::to_string(layout_.vocab_size),
                 "a larger one between tokens " + std::to_string(span.start) + " and " +
                     std::to_string(span.start + span.count),
                 "The file was damaged."});
  }
}

void TokenReader::read_bytes(uint64_t position, size_t size) {
  if (bytes_.size() < size) bytes_.resize(size);
  for (size_t done = 0; done < size;) {
    const ssize_t count =
        pread(descriptor_, bytes_.data() + done, size - done, static_cast<off_t>(position + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_error("PAL_FILE", {kWhere, "a readable file", std::strerror(errno)});
    if (count == 0) {
      throw_error("PAL_DATA", {kWhere, "at least " + std::to_string(position + size) + " bytes",
                               "fewer", "The file was cut after it was opened."});
    }
    done += static_cast<size_t>(count);
  }
}

}  // namespace palabra::data
