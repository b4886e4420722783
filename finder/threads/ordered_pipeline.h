// Makes pieces in parallel and hands them on in order: segments of the answer,
// blocks of the database. One thread calls; the callbacks run on several.
#ifndef FINDER_FINDER_THREADS_ORDERED_PIPELINE_H_
#define FINDER_FINDER_THREADS_ORDERED_PIPELINE_H_

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "finder/threads/thread_pool.h"

namespace finder {

// Calls `produce(i, buffer)` for i = 0 ... count - 1 on up to `workers` threads
// of the pool, each time with an empty buffer, and `consume(i, buffer)` for the
// same i in ascending order, one at a time, on any of these threads. Only a few
// pieces wait at any time, so that a slow consumer costs no memory. Ends early
// when `consume` returns false.
void RunInOrder(ThreadPool& pool, unsigned workers, size_t count,
                absl::FunctionRef<void(size_t, std::string&)> produce,
                absl::FunctionRef<bool(size_t, std::string&)> consume);

// The same for a number of pieces that is not known in advance: `find(i)`, for
// i = 0, 1, ... in order and under a lock, prepares piece i before it is made
// and returns false if there is none.
void FindAndRunInOrder(ThreadPool& pool, unsigned workers,
                       absl::FunctionRef<bool(size_t)> find,
                       absl::FunctionRef<void(size_t, std::string&)> produce,
                       absl::FunctionRef<bool(size_t, std::string&)> consume);

// RunInOrder for pieces that may be large: `produce` may call `hand_on` at any
// time. If all earlier pieces have been consumed, that consumes the buffer and
// empties it; otherwise it does nothing. It takes a lock, so call it once for
// every hundred kilobytes or so.
void StreamInOrder(ThreadPool& pool, unsigned workers, size_t count,
                   absl::FunctionRef<void(size_t, std::string&,
                                          absl::FunctionRef<void()> hand_on)>
                       produce,
                   absl::FunctionRef<bool(size_t, std::string&)> consume);

}  // namespace finder

#endif  // FINDER_FINDER_THREADS_ORDERED_PIPELINE_H_
