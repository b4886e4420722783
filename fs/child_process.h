// Other programs, started and waited for: the commands of `-exec` and their
// like. What goes on after this process has ended is a BackgroundProcess
// (fs/background_process.h).
//
// Thread-safety: Start may be called from any thread at any time. A
// ChildProcess belongs to one thread at a time, but for SendSignal, which any
// thread may call as long as no other is in Wait or HasEnded.
#ifndef FINDER_FS_CHILD_PROCESS_H_
#define FINDER_FS_CHILD_PROCESS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// What a standard stream of a child is.
enum class ChildStream : uint8_t {
  kInherit,  // this process's
  kNull,     // /dev/null
  kPipe,     // the ChildProcess's
};

struct ChildCommand {
  // The program, then what it is told; not empty. A program without '/' is
  // looked up in this process's PATH, as by execvp(3), from where the child
  // starts. A script without "#!" is run by /bin/sh.
  std::vector<std::string> arguments;
  // Where the child starts: `directory`, relative to `base` or absolute, of any
  // length. Empty: `base` itself. By default where this process is. `base` must
  // stay open during Start.
  const DirectoryHandle* base = nullptr;
  std::string directory;
  // All of it, as "NAME=value". None: that of this process.
  std::optional<std::vector<std::string>> environment;
  ChildStream in = ChildStream::kInherit;
  ChildStream out = ChildStream::kInherit;
  ChildStream err = ChildStream::kInherit;
  // Whether the child gets the descriptors beyond 2 that this process was
  // handed by its parent. It never gets one that this process has opened.
  bool inherit_descriptors = false;
  // Whether the child leads a process group of its own, to which signals go.
  bool own_group = false;
  // Whether it stands in for this process: SIGHUP, SIGINT and SIGTERM sent to
  // this process are handed on to it until its end is known, and do not end
  // this process. What the terminal sends goes to both anyway. Of one child at
  // a time.
  bool takes_signals = false;
};

// For SendSignal.
inline constexpr int kKillSignal = 9;
inline constexpr int kBrokenPipeSignal = 13;
inline constexpr int kTerminateSignal = 15;

// How a process has ended.
struct ExitStatus {
  enum class How : uint8_t { kExited, kSignalled };
  How how = How::kExited;
  int number = 0;  // the exit code, or the signal

  bool succeeded() const { return how == How::kExited && number == 0; }
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

// What a Read has come upon.
struct ChildRead {
  enum class From : uint8_t {
    kOutput,   // the child's standard output
    kError,    // the child's standard error
    kEnd,      // all pipes are at their end
    kTimeout,  // nothing came in time
  };
  From from = From::kEnd;
  size_t size_bytes = 0;  // how many came, at least one for kOutput and kError
};

// A child. Destruction closes its pipes and waits for its end.
class ChildProcess {
 public:
  virtual ~ChildProcess() = default;

  // Writes all of `bytes` to the child's standard input, which is a pipe, and
  // waits until it has taken them; EPIPE if it takes no more. A child that
  // waits for its output to be read takes none.
  virtual Outcome Write(std::string_view bytes) = 0;
  // Ends the child's standard input. Nothing may be written afterwards.
  virtual void CloseInput() = 0;

  // Waits until something comes from the pipes of standard output and error,
  // at most `timeout_ms`, and reads up to `size` bytes (at least one) of it.
  // The stream that got something first comes first; what it got until it was
  // read comes with it, even if the other one got something in between.
  virtual Result<ChildRead> Read(
      char* buffer, size_t size,
      std::optional<int64_t> timeout_ms = std::nullopt) = 0;

  // Waits for the end of the child, without reading what it writes. May be
  // called again.
  virtual Result<ExitStatus> Wait() = 0;
  // The same without waiting: none while the child runs.
  virtual Result<std::optional<ExitStatus>> HasEnded() = 0;

  // ESRCH once Wait or HasEnded has told the end.
  virtual Outcome SendSignal(int signal_number) = 0;
};

// What an argument takes of MaxArgumentBytes: its bytes, a NUL and a pointer.
inline size_t BytesOfArgument(std::string_view argument) {
  return argument.size() + 1 + sizeof(char*);
}

class ChildProcesses {
 public:
  virtual ~ChildProcesses() = default;

  // Returns when the program runs; what is buffered for the standard streams
  // must have been written before. Fails with the errno of the call that could
  // not start it: ENOENT if there is no such program (or directory), E2BIG if
  // there are too many arguments. The child has the signals as this process
  // was started with: those ignored now and not then are not ignored.
  virtual Result<std::unique_ptr<ChildProcess>> Start(
      const ChildCommand& command) = 0;

  // How many bytes the arguments of a command may take that gets this process's
  // environment, each with BytesOfArgument. Leaves POSIX's 2,048 bytes for what
  // the command adds to the environment of its own commands.
  virtual size_t MaxArgumentBytes() = 0;
};

}  // namespace finder

#endif  // FINDER_FS_CHILD_PROCESS_H_
