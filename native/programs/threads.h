#pragma once

namespace palabra {

// The number of threads that operators of the process take, from now on here and at the next
// `adopt_threads` elsewhere.
void request_threads(int count);
void adopt_threads();
// Lets the process start with no more than `most` threads; the first call counts. Adopts them.
void limit_threads(int most);

// Ends the OpenMP team of the process's first thread, where that calls and has one. With more
// threads in teams than processors, libgomp lets every thread sleep at once at every barrier: a
// second team makes the steps of the first a fourth slower. Threads of workers keep theirs: libgomp
// damaged memory when many ended while they paused.
void end_team();

}  // namespace palabra
