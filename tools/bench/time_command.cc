// Runs a command once and prints what it cost, as one line of numbers:
//
//   time_command COMMAND [ARG...]
//   STATUS WALL_NS USER_US SYSTEM_US PEAK_KIB
//
// STATUS is the exit status, or 128 + N after signal N. The command's output
// goes to /dev/null; its standard error stays. It dies with this program.
//
// The kernel counts the memory of the process that starts a command as the
// command's own until exec, so the harness, an interpreter, cannot measure
// small programs itself. This one is linked statically to weigh little.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace {

long long NowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

long long Microseconds(const timeval& time) {
  return time.tv_sec * 1'000'000LL + time.tv_usec;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: time_command COMMAND [ARG...]\n");
    return 2;
  }
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  // vfork: what the clock sees should be the command, not a copy of us.
  volatile int exec_error = 0;
  long long start = NowNs();
  pid_t child = vfork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    execvp(argv[1], argv + 1);
    exec_error = errno;
    _exit(127);
  }
  int wait_status = 0;
  rusage usage = {};
  pid_t done;
  do {
    done = wait4(child, &wait_status, 0, &usage);
  } while (done < 0 && errno == EINTR);
  long long wall_ns = NowNs() - start;
  if (child < 0 || exec_error != 0) {
    fprintf(stderr, "time_command: cannot run %s: %s\n", argv[1],
            strerror(exec_error));
    return 2;
  }
  int status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status)
                                        : WEXITSTATUS(wait_status);
  printf("%d %lld %lld %lld %ld\n", status, wall_ns,
         Microseconds(usage.ru_utime), Microseconds(usage.ru_stime),
         usage.ru_maxrss);
  return 0;
}
