#include "fs/posix/process/process.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

ProcessFacts ReadProcess() {
  ProcessFacts facts;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    facts.environment.emplace_back(*entry);
  }
  // It cannot be read without being set.
  const mode_t mask = umask(0);
  umask(mask);
  facts.umask = mask;
  return facts;
}

Outcome ChangeDirectory(const std::string& path) {
  if (chdir(path.c_str()) != 0) return SystemError(errno);
  return {};
}

void UseCharactersOfLocale() {
  // Without such a locale the bytes stay what they are.
  if (setlocale(LC_CTYPE, "") == nullptr) return;
  // So they do if a converter would have to be loaded into a program without a
  // loader: the C library aborts where the machine's is of another version.
  const bool built_in =
      MB_CUR_MAX == 1 || std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  const bool has_loader = getauxval(AT_BASE) != 0;
  if (!built_in && !has_loader) static_cast<void>(setlocale(LC_CTYPE, "C"));
}

void UseWordsOfLocale() {
  // Without such a locale they stay English.
  static_cast<void>(setlocale(LC_TIME, ""));
  static_cast<void>(setlocale(LC_MESSAGES, ""));
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

void ExitBySignal(int signal_number) {
  // Whoever has really been ended by it has left a core, if anybody wants one.
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  signal(signal_number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal_number);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(signal_number);
  _exit(128 + signal_number);
}

}  // namespace finder
