// How the threads of a team wait for each other between operators.
//
// libgomp lets a waiting thread spin and then sleep. To be woken costs tens of microseconds, more
// in a virtual machine, and a training step has hundreds of such waits, so spinning pays where
// processors are free. Where other work wants them, a spinning thread takes time from the very
// threads that it waits for. libgomp spins briefly while it manages more threads than there are
// processors: an idle team beside ours makes it do so, and its end undoes it. How often it spins in
// either case is said to it as it is loaded (`loader/dynamic_libraries.cc`).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace palabra {

class IdleTeam;

// Belongs to one thread that runs programs.
class Waiting {
 public:
  Waiting();
  ~Waiting();

  // After a run: every tenth of a second, looks at how long the threads of the team had to wait for
  // a processor, and lets them wait for each other accordingly.
  void observe();

 private:
  // Nanoseconds of the team's threads since they began.
  struct Times {
    uint64_t running = 0;
    uint64_t waiting = 0;
  };
  static Times read_times();
  void decide(const Times& now);

  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  Times before_;
  std::unique_ptr<IdleTeam> idle_team_;
};

}  // namespace palabra
