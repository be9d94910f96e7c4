// Batches of token ids from a file, read and widened by a thread of their own before they are asked
// for. The file is read with pread: a mapped file would end the process when it is truncated.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace palabra::data {

// Where the ids are in a file.
struct TokenLayout {
  uint64_t offset;
  uint64_t length;
  uint32_t bytes_per_token;
  // Every id is smaller; 0 when that is not known.
  uint32_t vocab_size;
};

// A run of consecutive tokens: `count` inputs from `start` on, each with the next token as its
// target.
struct Span {
  uint64_t start;
  uint32_t count;
  // Where the first input stands in the batch.
  uint32_t at;
  // Targets before this one do not count.
  uint32_t from;
};

struct BatchRequest {
  uint32_t tokens;
  // The input where no span is.
  int32_t padding;
  std::vector<Span> spans;
};

struct TokenBatch {
  std::vector<int32_t> inputs;
  // kNoTarget where a place does not count.
  std::vector<int32_t> targets;
};

constexpr int32_t kNoTarget = -100;

// Reads batches in the order they were requested. Requests and takes come from one thread.
class TokenReader {
 public:
  // Reads a duplicate of the descriptor, which the caller may close.
  TokenReader(int descriptor, TokenLayout layout);
  ~TokenReader();
  TokenReader(const TokenReader&) = delete;
  TokenReader& operator=(const TokenReader&) = delete;

  // Queues a batch; PAL_ARGUMENT where it reaches beyond itself or the file, or too many wait.
  void request(BatchRequest request);

  // The oldest batch requested, waited for; throws what went wrong with it.
  TokenBatch take();

  // Forgets what was requested.
  void clear();

  // Ends the thread and closes the file; later requests are refused.
  void stop();

 private:
  struct Answer {
    TokenBatch batch;
    std::exception_ptr failure;
  };

  void start_thread();
  void check(const BatchRequest& request) const;
  void work();
  Answer answer(const BatchRequest& request);
  void read_span(const Span& span, TokenBatch& batch);
  void read_bytes(uint64_t position, size_t size);

  int descriptor_;
  const TokenLayout layout_;
  std::vector<unsigned char> bytes_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable requested_;
  std::condition_variable answered_;
  std::deque<BatchRequest> requests_;
  std::deque<Answer> answers_;
  // Requests that are neither taken nor forgotten.
  size_t pending_ = 0;
  // Counts calls of clear, so that a batch begun before one is dropped.
  uint64_t era_ = 0;
  bool stopping_ = false;
};

}  // namespace palabra::data
