#pragma once

#include <functional>

namespace palabra::fuzz {

// Runs a task that throws nothing in a copy of this process that has this thread alone and is ended
// after so many seconds. Gives the signal that ended it, SIGALRM for one that took too long, or 0.
int signal_of(const std::function<void()>& task, unsigned seconds);

}  // namespace palabra::fuzz
