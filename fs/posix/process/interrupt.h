// Makes sure that a run ended by a signal leaves no temporary file behind.
//
// While a temporary file has a name, a handler only notes a signal, which is
// raised again when the last such file has been committed or removed. At all
// other times the signal takes its default action at once. This is not a way to
// cancel work: no code learns that a signal has come.
//
// Signals belong to the process, so this is the one place of fs/ with global
// state (an atomic word). Thread-safe and async-signal-safe.
#ifndef FINDER_FS_POSIX_PROCESS_INTERRUPT_H_
#define FINDER_FS_POSIX_PROCESS_INTERRUPT_H_

#include <utility>

namespace finder {

// Handles SIGHUP, SIGINT and SIGTERM as above, except those that are ignored
// (as under nohup). Call it once, before any thread starts. Without it
// NamedTemporary has no effect.
void InstallInterruptHandlers();

// Stands for one temporary file with a name. Constructed before the file is
// made and destroyed after it is gone, at which point a noted signal may end
// the process.
class NamedTemporary {
 public:
  NamedTemporary();
  NamedTemporary(NamedTemporary&& other) noexcept
      : counted_(std::exchange(other.counted_, false)) {}
  NamedTemporary& operator=(NamedTemporary&&) = delete;
  ~NamedTemporary();

 private:
  bool counted_ = true;
};

// From now on the signals handled are handed on to the process `receiver`,
// which stands in for this one, and do nothing else. A terminal's are not, for
// it sends them to the whole group. Zero: no longer.
//
// HoldSignals comes before that receiver is started: a signal that comes until
// HandSignalsTo is called goes where that says.
void HoldSignals();
void HandSignalsTo(int receiver);

}  // namespace finder

#endif  // FINDER_FS_POSIX_PROCESS_INTERRUPT_H_
