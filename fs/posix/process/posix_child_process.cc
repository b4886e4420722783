#include "fs/posix/process/posix_child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fs/file_system.h"
#include "fs/posix/files/descriptor.h"
#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/process/interrupt.h"

namespace finder {
namespace {

constexpr int kStreams = 3;

// What this process ignores of its own accord: fs/posix/process/process.h,
// fs/posix/process/posix_standard_streams.h.
constexpr int kChangedSignals[] = {SIGPIPE, SIGXFSZ};

// The ends of the pipes that this process keeps, by the child's descriptor.
using Pipes = std::array<Descriptor, kStreams>;

// The words as exec(2) wants them. Points into `words`.
std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) {
    // exec(2) changes none of them.
    pointers.push_back(const_cast<char*>(word.c_str()));
  }
  pointers.push_back(nullptr);
  return pointers;
}

// The streams that have something to read, as a queue of epoll(7) in order of
// arrival. To be made before the child can write.
class Arrivals {
 public:
  explicit Arrivals(const Pipes& pipes) : events_(-1) {
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
      const Descriptor& pipe = pipes[static_cast<size_t>(stream)];
      if (pipe.is_open()) Watch(stream, pipe, EPOLL_CTL_ADD);
    }
  }

  // Puts the stream at the end of the queue: at once if it has something, else
  // when that comes.
  void Watch(int stream, const Descriptor& pipe, int operation) {
    if (!events_.is_open()) events_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = stream;
    epoll_ctl(events_.get(), operation, pipe.get(), &event);
  }
  int descriptor() const { return events_.get(); }

 private:
  Descriptor events_;
};

class ChildOfSpawn : public ChildProcess {
 public:
  ChildOfSpawn(pid_t child, const ChildCommand& command, Pipes pipes,
               Arrivals arrivals)
      : child_(child),
        own_group_(command.own_group),
        takes_signals_(command.takes_signals),
        pipes_(std::move(pipes)),
        arrivals_(std::move(arrivals)) {
    if (takes_signals_) HandSignalsTo(child_);
  }
  ~ChildOfSpawn() override {
    for (Descriptor& pipe : pipes_) Close(pipe);
    static_cast<void>(Wait().ok());
  }

  Outcome Write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          write(pipes_[STDIN_FILENO].get(), bytes.data(), bytes.size());
      if (written >= 0) {
        bytes.remove_prefix(static_cast<size_t>(written));
      } else if (errno != EINTR) {
        return LastError();
      }
    }
    return {};
  }

  void CloseInput() override { Close(pipes_[STDIN_FILENO]); }

  Result<ChildRead> Read(char* buffer, size_t size,
                         std::optional<int64_t> timeout_ms) override;
  Result<ExitStatus> Wait() override {
    const Outcome ended = Reap(0);
    if (!ended.ok()) return ended.error();
    return *status_;
  }
  Result<std::optional<ExitStatus>> HasEnded() override {
    const Outcome ended = Reap(WNOHANG);
    if (!ended.ok()) return ended.error();
    return status_;
  }

  Outcome SendSignal(int signal_number) override {
    if (status_.has_value()) return SystemError(ESRCH);
    if (kill(own_group_ ? -child_ : child_, signal_number) != 0) {
      return LastError();
    }
    return {};
  }

 private:
  static void Close(Descriptor& pipe) { pipe = Descriptor(-1); }
  Descriptor& PipeOf(int stream) { return pipes_[static_cast<size_t>(stream)]; }

  Outcome Reap(int options) {
    if (status_.has_value()) return {};
    int status;
    pid_t ended;
    do {
      ended = waitpid(child_, &status, options);
    } while (ended < 0 && errno == EINTR);
    if (ended < 0) return LastError();
    if (ended == 0) return {};
    if (takes_signals_) HandSignalsTo(0);
    if (WIFSIGNALED(status)) {
      status_ = {ExitStatus::How::kSignalled, WTERMSIG(status)};
    } else {
      status_ = {ExitStatus::How::kExited, WEXITSTATUS(status)};
    }
    return {};
  }

  const pid_t child_;
  const bool own_group_;
  const bool takes_signals_;
  Pipes pipes_;
  Arrivals arrivals_;
  std::optional<ExitStatus> status_;
};

Result<ChildRead> ChildOfSpawn::Read(char* buffer, size_t size,
                                     std::optional<int64_t> timeout_ms) {
  using From = ChildRead::From;
  const int timeout =
      timeout_ms.has_value()
          ? static_cast<int>(std::clamp<int64_t>(*timeout_ms, 0, INT_MAX))
          : -1;
  for (;;) {
    if (!pipes_[STDOUT_FILENO].is_open() && !pipes_[STDERR_FILENO].is_open()) {
      return ChildRead{From::kEnd, 0};
    }
    epoll_event event = {};
    const int ready = epoll_wait(arrivals_.descriptor(), &event, 1, timeout);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return LastError();
    if (ready == 0) return ChildRead{From::kTimeout, 0};
    const int stream = event.data.fd;
    Descriptor& pipe = PipeOf(stream);
    const ssize_t count = read(pipe.get(), buffer, size);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return LastError();
    if (count == 0) Close(pipe);
    // There may be more, or its end, of which nobody would tell again.
    if (count == static_cast<ssize_t>(size) ||
        (count != 0 && (event.events & (EPOLLHUP | EPOLLERR)) != 0)) {
      arrivals_.Watch(stream, pipe, EPOLL_CTL_MOD);
    }
    if (count <= 0) continue;
    return ChildRead{stream == STDERR_FILENO ? From::kError : From::kOutput,
                     static_cast<size_t>(count)};
  }
}

// What posix_spawn(3) is told. It does not copy this process's memory as fork
// does: with the tree of a million files that would take milliseconds.
class Spawning {
 public:
  Spawning() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~Spawning() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  Outcome Prepare(const ChildCommand& command, const sigset_t& mask,
                  const sigset_t& not_ignored);
  Result<pid_t> Start(const ChildCommand& command);
  Pipes TakePipes() { return std::move(ours_); }

 private:
  Outcome AddStream(int stream, ChildStream kind);
  Outcome EnterDirectory(const ChildCommand& command);
  // Where a script without "#!" lies, for execve(2) has refused one.
  std::string PathOfScript(const std::string& program) const;

  static Outcome ToOutcome(int error) {
    return error == 0 ? Outcome() : SystemError(error);
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  std::vector<Descriptor> theirs_;
  Pipes ours_ = {Descriptor(-1), Descriptor(-1), Descriptor(-1)};
  Descriptor directory_{-1};
  int start_ = AT_FDCWD;
};

Outcome Spawning::Prepare(const ChildCommand& command, const sigset_t& mask,
                          const sigset_t& not_ignored) {
  const ChildStream streams[] = {command.in, command.out, command.err};
  for (int stream = 0; stream < kStreams; ++stream) {
    const Outcome added = AddStream(stream, streams[stream]);
    if (!added.ok()) return added;
  }
  const Outcome entered = EnterDirectory(command);
  if (!entered.ok()) return entered;
  if (!command.inherit_descriptors) {
    const int error =
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    if (error != 0) return SystemError(error);
  }
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  posix_spawnattr_setsigmask(&attributes_, &mask);
  posix_spawnattr_setsigdefault(&attributes_, &not_ignored);
  if (command.own_group) {
    flags |= POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  return ToOutcome(posix_spawnattr_setflags(&attributes_, flags));
}

Outcome Spawning::AddStream(int stream, ChildStream kind) {
  if (kind == ChildStream::kInherit) return {};
  if (kind == ChildStream::kNull) {
    const int mode = stream == STDIN_FILENO ? O_RDONLY : O_WRONLY;
    return ToOutcome(posix_spawn_file_actions_addopen(&actions_, stream,
                                                      "/dev/null", mode, 0));
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return LastError();
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const bool is_input = stream == STDIN_FILENO;
  // A wake-up may come for what has been read already.
  if (!is_input) fcntl(ends[0], F_SETFL, O_NONBLOCK);
  ours_[static_cast<size_t>(stream)] = std::move(is_input ? writing : reading);
  theirs_.push_back(std::move(is_input ? reading : writing));
  return ToOutcome(posix_spawn_file_actions_adddup2(
      &actions_, theirs_.back().get(), stream));
}

Outcome Spawning::EnterDirectory(const ChildCommand& command) {
  if (command.base != nullptr) {
    start_ = PosixFileSystem::DescriptorOf(*command.base);
  }
  if (!command.directory.empty()) {
    const KernelPath path(start_, command.directory);
    if (!path.ok()) return LastError();
    directory_ =
        OpenAt(path.base(), path.text(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (!directory_.is_open()) return LastError();
    start_ = directory_.get();
  }
  if (start_ == AT_FDCWD) return {};
  return ToOutcome(posix_spawn_file_actions_addfchdir_np(&actions_, start_));
}

std::string Spawning::PathOfScript(const std::string& program) const {
  if (program.find('/') != std::string::npos) return program;
  const char* variable = getenv("PATH");
  const std::string_view path =
      variable != nullptr ? variable : "/bin:/usr/bin";
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find(':', at), path.size());
    std::string found(path.substr(at, end - at));
    at = end + 1;
    if (!found.empty()) found += '/';
    found += program;
    struct stat stat;
    if (fstatat(start_, found.c_str(), &stat, 0) == 0 &&
        S_ISREG(stat.st_mode) &&
        faccessat(start_, found.c_str(), X_OK, AT_EACCESS) == 0) {
      return found;
    }
  }
  return program;
}

Result<pid_t> Spawning::Start(const ChildCommand& command) {
  std::vector<char*> environment;
  if (command.environment.has_value()) {
    environment = Pointers(*command.environment);
  }
  char* const* const variables =
      command.environment.has_value() ? environment.data() : environ;
  const std::string& program = command.arguments[0];
  pid_t child;
  int error = posix_spawnp(&child, program.c_str(), &actions_, &attributes_,
                           Pointers(command.arguments).data(), variables);
  if (error == ENOEXEC) {
    std::vector<std::string> words = {"/bin/sh", PathOfScript(program)};
    words.insert(words.end(), command.arguments.begin() + 1,
                 command.arguments.end());
    error = posix_spawn(&child, "/bin/sh", &actions_, &attributes_,
                        Pointers(words).data(), variables);
  }
  if (error != 0) return SystemError(error);
  return child;
}

}  // namespace

PosixChildProcesses::PosixChildProcesses() {
  pthread_sigmask(SIG_SETMASK, nullptr, &mask_);
  sigemptyset(&not_ignored_);
  struct sigaction action = {};
  for (const int signal_number : kChangedSignals) {
    if (sigaction(signal_number, nullptr, &action) != 0 ||
        action.sa_handler != SIG_IGN) {
      sigaddset(&not_ignored_, signal_number);
    }
  }
  if (sigaction(SIGCHLD, nullptr, &action) == 0 &&
      action.sa_handler == SIG_IGN) {
    signal(SIGCHLD, SIG_DFL);
  }
}

Result<std::unique_ptr<ChildProcess>> PosixChildProcesses::Start(
    const ChildCommand& command) {
  Spawning spawning;
  const Outcome prepared = spawning.Prepare(command, mask_, not_ignored_);
  if (!prepared.ok()) return prepared.error();
  Pipes pipes = spawning.TakePipes();
  Arrivals arrivals(pipes);
  // The child may send one before it is known here.
  if (command.takes_signals) HoldSignals();
  const Result<pid_t> child = spawning.Start(command);
  if (!child.ok()) {
    if (command.takes_signals) HandSignalsTo(0);
    return child.error();
  }
  return std::unique_ptr<ChildProcess>(std::make_unique<ChildOfSpawn>(
      child.value(), command, std::move(pipes), std::move(arrivals)));
}

size_t PosixChildProcesses::MaxArgumentBytes() {
  constexpr size_t kReserve = 2048;
  const long limit = sysconf(_SC_ARG_MAX);
  const size_t all =
      limit > 0 ? static_cast<size_t>(limit) : size_t{_POSIX_ARG_MAX};
  // The pointers that end both lists, and the path of the program.
  size_t taken = kReserve + 2 * sizeof(char*) + PATH_MAX;
  for (char** variable = environ; variable != nullptr && *variable != nullptr;
       ++variable) {
    taken += BytesOfArgument(*variable);
  }
  return taken < all ? all - taken : 0;
}

}  // namespace finder
