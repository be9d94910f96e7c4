#include "programs/waiting.h"

#include <ATen/Parallel.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>

// Of libgomp's interface to compilers; null where libtorch was built with another runtime.
extern "C" [[gnu::weak]] void GOMP_parallel(void (*body)(void*), void* data, unsigned threads,
                                            unsigned flags);

namespace palabra {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kInterval{100};
// Shares of the time in which a thread could have run and did not.
constexpr double kCrowded = 0.1;
constexpr double kFree = 0.02;
// A team that would have to be larger than this stays away: so many processors are free for ours.
constexpr int kLargestTeam = 32;

struct Sums {
  std::atomic<uint64_t> running{0};
  std::atomic<uint64_t> waiting{0};
};

// Adds what the kernel counted for the calling thread; nothing where it doesn't count.
void add_own_times(void* data) {
  const int file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  std::array<char, 96> text{};
  const ssize_t length = read(file, text.data(), text.size() - 1);
  close(file);
  if (length <= 0) return;
  char* rest = nullptr;
  const uint64_t running = std::strtoull(text.data(), &rest, 10);
  const uint64_t waiting = std::strtoull(rest, nullptr, 10);
  auto* sums = static_cast<Sums*>(data);
  sums->running += running;
  sums->waiting += waiting;
}

void do_nothing(void*) {}

// Whether libgomp waits as its own variables say, and not as we do.
bool is_chosen_by_user() {
  static const bool chosen = std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY");
  return chosen;
}

// The size of a team that makes libgomp manage more threads than there are processors.
int find_team_size() {
  return static_cast<int>(std::thread::hardware_concurrency()) - at::get_num_threads() + 2;
}

}  // namespace

// A team that sleeps, on a thread of its own.
class IdleTeam {
 public:
  explicit IdleTeam(int size) : thread_([this, size] { hold(size); }) {}
  ~IdleTeam() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      over_ = true;
    }
    ended_.notify_one();
    thread_.join();
  }
  IdleTeam(const IdleTeam&) = delete;
  IdleTeam& operator=(const IdleTeam&) = delete;

 private:
  void hold(int size) {
    GOMP_parallel(do_nothing, nullptr, static_cast<unsigned>(size), 0);
    std::unique_lock<std::mutex> lock(mutex_);
    ended_.wait(lock, [this] { return over_; });
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread thread_;
};

namespace {

// Null where no thread is to be had: ours go on spinning then.
std::unique_ptr<IdleTeam> make_idle_team() {
  try {
    return std::make_unique<IdleTeam>(find_team_size());
  } catch (const std::system_error&) {
    return nullptr;
  }
}

}  // namespace

Waiting::Waiting() = default;
Waiting::~Waiting() = default;

void Waiting::observe() {
  const auto now = steady_clock::now();
  if (now - last_ < kInterval) return;
  last_ = now;
  if (GOMP_parallel == nullptr || is_chosen_by_user() || at::get_num_threads() == 1) return;
  const int team = find_team_size();
  if (team < 2 || team > kLargestTeam) return;
  decide(read_times());
}

Waiting::Times Waiting::read_times() {
  Sums sums;
  GOMP_parallel(add_own_times, &sums, static_cast<unsigned>(at::get_num_threads()), 0);
  return {sums.running, sums.waiting};
}

void Waiting::decide(const Times& now) {
  const Times before = before_;
  before_ = now;
  // Threads of a new team count from their own beginning.
  if (now.running <= before.running || now.waiting < before.waiting) return;
  const auto running = static_cast<double>(now.running - before.running);
  const auto waiting = static_cast<double>(now.waiting - before.waiting);
  const double share = waiting / (running + waiting);
  if (share < kFree) idle_team_.reset();
  if (share > kCrowded && !idle_team_) idle_team_ = make_idle_team();
}

}  // namespace palabra
