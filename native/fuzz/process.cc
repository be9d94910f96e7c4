#include "process.h"

#include <c10/util/Exception.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace palabra::fuzz {

namespace {

// A signal ends the copy, whatever handler the original has; a copy says nothing and leaves no core
// file.
void become_copy(unsigned seconds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
  for (const int number : {SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGSEGV}) {
    signal(number, SIG_DFL);
  }
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
  }
  alarm(seconds);
}

[[noreturn]] void run_copy(const std::function<void()>& task, unsigned seconds) {
  become_copy(seconds);
  task();
  // Walks the heap, which the task may have broken.
  malloc_trim(0);
  _exit(0);
}

int signal_that_ended(pid_t copy) {
  int status = 0;
  pid_t ended;
  do {
    ended = waitpid(copy, &status, 0);
  } while (ended < 0 && errno == EINTR);
  TORCH_CHECK(ended == copy, "process ", copy, " can't be waited for");
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

int signal_of(const std::function<void()>& task, unsigned seconds) {
  const pid_t copy = fork();
  TORCH_CHECK(copy >= 0, "no process could be forked");
  if (copy == 0) run_copy(task, seconds);
  return signal_that_ended(copy);
}

}  // namespace palabra::fuzz
