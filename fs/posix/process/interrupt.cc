#include "fs/posix/process/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace finder {
namespace {

// How many named temporary files there are, and in the upper half the first
// signal that came. One word, so that a handler that finds no file and a thread
// that is about to make one cannot miss each other.
std::atomic<uint32_t> g_state{0};
static_assert(std::atomic<uint32_t>::is_always_lock_free);

// Who gets the signals instead; 0: nobody, kHeld: not known yet.
std::atomic<pid_t> g_receiver{0};
constexpr pid_t kHeld = -1;

// The signals that were held, by their bits.
std::atomic<uint32_t> g_held{0};
constexpr int kHandled[] = {SIGHUP, SIGINT, SIGTERM};
static_assert(std::atomic<pid_t>::is_always_lock_free);

constexpr uint32_t kCountMask = 0xffff;
constexpr int kSignalShift = 16;

// Ends the process by the default action of `signal_number`.
void RaiseDefault(int signal_number) {
  signal(signal_number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal_number);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(signal_number);
}

void HandleSignal(int signal_number, siginfo_t* info, void*) {
  const int saved_errno = errno;
  if (const pid_t receiver = g_receiver.load(); receiver != 0) {
    if (receiver == kHeld) {
      g_held.fetch_or(uint32_t{1} << signal_number);
      // It may have become known in another thread.
      if (const pid_t now = g_receiver.load(); now != kHeld) HandSignalsTo(now);
    } else if (info->si_code != SI_KERNEL) {
      kill(receiver, signal_number);
    }
    errno = saved_errno;
    return;
  }
  uint32_t state = g_state.load();
  while (state >> kSignalShift == 0 &&
         !g_state.compare_exchange_weak(
             state, state | static_cast<uint32_t>(signal_number)
                                << kSignalShift)) {
  }
  if ((state & kCountMask) == 0) RaiseDefault(signal_number);
  errno = saved_errno;
}

}  // namespace

void HoldSignals() { g_receiver.store(kHeld); }

void HandSignalsTo(int receiver) {
  g_receiver.store(receiver);
  const uint32_t held = g_held.exchange(0);
  for (const int signal_number : kHandled) {
    if ((held >> signal_number & 1) == 0) continue;
    if (receiver != 0) {
      kill(receiver, signal_number);
    } else {
      raise(signal_number);
    }
  }
}

void InstallInterruptHandlers() {
  for (const int signal_number : kHandled) {
    struct sigaction action = {};
    if (sigaction(signal_number, nullptr, &action) != 0 ||
        action.sa_handler == SIG_IGN) {
      continue;
    }
    action = {};
    action.sa_sigaction = HandleSignal;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, nullptr);
  }
}

NamedTemporary::NamedTemporary() {
  uint32_t state = g_state.load();
  do {
    // A handler in another thread found no file and is ending the process.
    while (state != 0 && (state & kCountMask) == 0) pause();
  } while (!g_state.compare_exchange_weak(state, state + 1));
}

NamedTemporary::~NamedTemporary() {
  if (!counted_) return;
  const uint32_t after = g_state.fetch_sub(1) - 1;
  if ((after & kCountMask) == 0 && after != 0) {
    RaiseDefault(static_cast<int>(after >> kSignalShift));
  }
}

}  // namespace finder
