// Makes pieces in parallel and hands them on in order: the shape of both the
// answer (segments of output) and the database (blocks of text).
#ifndef FINDER_FINDER_THREADS_ORDERED_PIPELINE_H_
#define FINDER_FINDER_THREADS_ORDERED_PIPELINE_H_

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "finder/threads/thread_pool.h"

namespace finder {

// Calls `produce(i, buffer)` for i = 0 ... count - 1 on up to `workers` threads
// of the pool, each time with an empty buffer, and `consume(i, buffer)` for the
// same i in ascending order, one at a time, on whichever thread is at hand.
// Only a few pieces wait at any time, so a slow consumer bounds the memory.
// Ends early when `consume` returns false.
void RunInOrder(ThreadPool& pool, unsigned workers, size_t count,
                absl::FunctionRef<void(size_t, std::string&)> produce,
                absl::FunctionRef<bool(size_t, std::string&)> consume);

// The same for pieces whose number shows only as they are found: `find(i)`, for
// i = 0, 1, ... in order and under a lock, prepares piece i before it is made
// and returns false if there is none.
void FindAndRunInOrder(ThreadPool& pool, unsigned workers,
                       absl::FunctionRef<bool(size_t)> find,
                       absl::FunctionRef<void(size_t, std::string&)> produce,
                       absl::FunctionRef<bool(size_t, std::string&)> consume);

// RunInOrder for pieces that may be large: `produce` may call `hand_on`
// whenever it likes. If all earlier pieces have been consumed, that consumes
// what is in the buffer and empties it; otherwise it does nothing. It takes a
// lock, so it should be called for every hundred kilobytes or so.
void StreamInOrder(ThreadPool& pool, unsigned workers, size_t count,
                   absl::FunctionRef<void(size_t, std::string&,
                                          absl::FunctionRef<void()> hand_on)>
                       produce,
                   absl::FunctionRef<bool(size_t, std::string&)> consume);

}  // namespace finder

#endif  // FINDER_FINDER_THREADS_ORDERED_PIPELINE_H_
