#include "fs/posix/process.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <new>
#include <string_view>

namespace finder {

std::optional<std::string> EnvironmentVariable(const std::string& name) {
  const char* value = getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

Outcome ChangeDirectory(const std::string& path) {
  if (chdir(path.c_str()) != 0) return SystemError(errno);
  return {};
}

void UseCharactersOfLocale() {
  // Without such a locale the bytes stay what they are.
  static_cast<void>(setlocale(LC_CTYPE, ""));
}

void ExitNow(int status) { _exit(status); }

void ExitWhenOutOfMemory(int status) {
  static std::atomic<int> exit_status;
  static std::atomic_flag said = ATOMIC_FLAG_INIT;
  exit_status = status;
  std::set_new_handler([] {
    while (said.test_and_set()) pause();  // until the first thread ends all
    constexpr std::string_view kMessage = "finder: out of memory\n";
    static_cast<void>(!write(STDERR_FILENO, kMessage.data(), kMessage.size()));
    _exit(exit_status);
  });
}

void FailBeyondFileSizeLimit() { signal(SIGXFSZ, SIG_IGN); }

void ExitByBrokenPipe() {
  signal(SIGPIPE, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(SIGPIPE);
  _exit(128 + SIGPIPE);
}

}  // namespace finder
