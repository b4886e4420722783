#include "fs/posix/process/posix_background_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fs/result.h"

namespace finder {
namespace {

constexpr int kLowestPriority = 19;

// Of <linux/ioprio.h>, which is no C++.
constexpr int kIoPriorityOfProcess = 1;
constexpr int kIdleIoPriority = 3 << 13;

// Of posix_spawn(3), which does not copy this process's memory as fork does:
// with the tree of a million files that would take milliseconds.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  // An errno, or 0.
  int Prepare() {
    int error = posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO,
                                                 "/dev/null", O_RDWR, 0);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
      if (error != 0) return error;
      error = posix_spawn_file_actions_adddup2(&actions_, STDIN_FILENO, stream);
    }
    // A jobserver's pipe held open would keep make waiting.
    if (error == 0) {
      error = posix_spawn_file_actions_addclosefrom_np(&actions_,
                                                       STDERR_FILENO + 1);
    }
    if (error == 0) {
      error = posix_spawn_file_actions_addchdir_np(&actions_, "/");
    }
    if (error != 0) return error;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    return posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID |
                                                      POSIX_SPAWN_SETSIGMASK |
                                                      POSIX_SPAWN_SETSIGDEF);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

PosixBackgroundProcesses::~PosixBackgroundProcesses() { ReapEnded(); }

void PosixBackgroundProcesses::ReapEnded() {
  std::erase_if(children_, [](int child) {
    return waitpid(child, nullptr, WNOHANG) != 0;
  });
}

Outcome PosixBackgroundProcesses::StartSelf(
    const std::vector<std::string>& arguments) {
  ReapEnded();
  SpawnSettings settings;
  if (const int error = settings.Prepare(); error != 0) {
    return SystemError(error);
  }
  std::vector<std::string> words = {"finder"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child;
  // The link leads to the program even if its file has been replaced.
  const int error = posix_spawn(&child, "/proc/self/exe", settings.actions(),
                                settings.attributes(), argv.data(), environ);
  if (error != 0) return SystemError(error);
  children_.push_back(child);
  return {};
}

void PosixBackgroundProcesses::LowerOwnPriority() {
  setpriority(PRIO_PROCESS, 0, kLowestPriority);
  syscall(SYS_ioprio_set, kIoPriorityOfProcess, 0, kIdleIoPriority);
}

}  // namespace finder
