// Tells ThreadSanitizer about Abseil's locks. Linked only with --config=tsan.
//
// Debian's archives are built without the sanitizer, so it would see neither
// lock nor unlock and call every guarded access a race. The linker's --wrap
// (see BUILD.bazel) sends each call through a function below. A reader that
// waits with Await() is taken for a writer; we have none.

#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace {

constexpr unsigned kWriter = 0;
constexpr unsigned kReader = __tsan_mutex_read_lock;

// Locks `mutex` by `lock()`; what runs inside is Abseil's and not looked at.
template <typename Lock>
auto Locked(absl::Mutex* mutex, unsigned mode, Lock lock) {
  struct Scope {
    Scope(absl::Mutex* m, unsigned f) : mutex(m), flags(f) {
      __tsan_mutex_pre_lock(mutex, flags);
    }
    ~Scope() { __tsan_mutex_post_lock(mutex, flags, 0); }
    absl::Mutex* mutex;
    unsigned flags;
  } scope(mutex, mode);
  return lock();
}

template <typename Lock>
bool TriedLock(absl::Mutex* mutex, unsigned mode, Lock lock) {
  const unsigned flags = mode | __tsan_mutex_try_lock;
  __tsan_mutex_pre_lock(mutex, flags);
  const bool locked = lock();
  __tsan_mutex_post_lock(
      mutex, locked ? flags : flags | __tsan_mutex_try_lock_failed, 0);
  return locked;
}

template <typename Unlock>
void Unlocked(absl::Mutex* mutex, unsigned mode, Unlock unlock) {
  __tsan_mutex_pre_unlock(mutex, mode);
  unlock();
  __tsan_mutex_post_unlock(mutex, mode);
}

// Gives `mutex` up during `wait()` and holds it again afterwards.
template <typename Wait>
auto Waited(absl::Mutex* mutex, Wait wait) {
  Unlocked(mutex, kWriter, [] {});
  return Locked(mutex, kWriter, wait);
}

}  // namespace

// WRAP(result, symbol, parameters) declares the real function and opens the
// definition of the one that replaces it.
#define WRAP(result, symbol, ...)      \
  result __real_##symbol(__VA_ARGS__); \
  result __wrap_##symbol(__VA_ARGS__); \
  result __wrap_##symbol(__VA_ARGS__)
#define REAL(symbol, ...) [&] { return __real_##symbol(__VA_ARGS__); }

extern "C" {

using absl::BlockingCounter;
using absl::Condition;
using absl::CondVar;
using absl::Duration;
using absl::Mutex;
using absl::Notification;
using absl::Time;

WRAP(void, _ZN4absl7debian35MutexD1Ev, Mutex* m) {
  __real__ZN4absl7debian35MutexD1Ev(m);
  __tsan_mutex_destroy(m, __tsan_mutex_not_static);
}

WRAP(void, _ZN4absl7debian35Mutex4LockEv, Mutex* m) {
  Locked(m, kWriter, REAL(_ZN4absl7debian35Mutex4LockEv, m));
}

WRAP(void, _ZN4absl7debian35Mutex10ReaderLockEv, Mutex* m) {
  Locked(m, kReader, REAL(_ZN4absl7debian35Mutex10ReaderLockEv, m));
}

WRAP(bool, _ZN4absl7debian35Mutex7TryLockEv, Mutex* m) {
  return TriedLock(m, kWriter, REAL(_ZN4absl7debian35Mutex7TryLockEv, m));
}

WRAP(bool, _ZN4absl7debian35Mutex13ReaderTryLockEv, Mutex* m) {
  return TriedLock(m, kReader,
                   REAL(_ZN4absl7debian35Mutex13ReaderTryLockEv, m));
}

WRAP(void, _ZN4absl7debian35Mutex6UnlockEv, Mutex* m) {
  Unlocked(m, kWriter, REAL(_ZN4absl7debian35Mutex6UnlockEv, m));
}

WRAP(void, _ZN4absl7debian35Mutex12ReaderUnlockEv, Mutex* m) {
  Unlocked(m, kReader, REAL(_ZN4absl7debian35Mutex12ReaderUnlockEv, m));
}

WRAP(void, _ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE, Mutex* m,
     const Condition& c) {
  Locked(m, kWriter,
         REAL(_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE, m, c));
}

WRAP(void, _ZN4absl7debian35Mutex14ReaderLockWhenERKNS0_9ConditionE, Mutex* m,
     const Condition& c) {
  Locked(m, kReader,
         REAL(_ZN4absl7debian35Mutex14ReaderLockWhenERKNS0_9ConditionE, m, c));
}

WRAP(
    bool,
    _ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE,
    Mutex* m, const Condition& c, Duration d) {
  return Locked(
      m, kWriter,
      REAL(
          _ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE,
          m, c, d));
}

WRAP(void, _ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE, Mutex* m,
     const Condition& c) {
  Waited(m, REAL(_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE, m, c));
}

WRAP(bool,
     _ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE,
     Mutex* m, const Condition& c, Duration d) {
  return Waited(
      m,
      REAL(
          _ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE,
          m, c, d));
}

WRAP(bool,
     _ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE,
     Mutex* m, const Condition& c, Time t) {
  return Waited(
      m,
      REAL(
          _ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE,
          m, c, t));
}

WRAP(void, _ZN4absl7debian37CondVar4WaitEPNS0_5MutexE, CondVar* v, Mutex* m) {
  Waited(m, REAL(_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE, v, m));
}

WRAP(bool, _ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE,
     CondVar* v, Mutex* m, Duration d) {
  return Waited(
      m,
      REAL(_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE,
           v, m, d));
}

WRAP(bool, _ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE,
     CondVar* v, Mutex* m, Time t) {
  return Waited(
      m, REAL(_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE,
              v, m, t));
}

WRAP(void, _ZN4absl7debian312Notification6NotifyEv, Notification* n) {
  __tsan_release(n);
  __real__ZN4absl7debian312Notification6NotifyEv(n);
}

WRAP(void, _ZNK4absl7debian312Notification19WaitForNotificationEv,
     Notification* n) {
  __real__ZNK4absl7debian312Notification19WaitForNotificationEv(n);
  __tsan_acquire(n);
}

WRAP(bool, _ZN4absl7debian315BlockingCounter14DecrementCountEv,
     BlockingCounter* b) {
  __tsan_release(b);
  return __real__ZN4absl7debian315BlockingCounter14DecrementCountEv(b);
}

WRAP(void, _ZN4absl7debian315BlockingCounter4WaitEv, BlockingCounter* b) {
  __real__ZN4absl7debian315BlockingCounter4WaitEv(b);
  __tsan_acquire(b);
}

}  // extern "C"
