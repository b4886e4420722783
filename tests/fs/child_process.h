// Runs a piece of a test in a process of its own, which may change itself or
// be killed.
#ifndef FINDER_TESTS_FS_CHILD_PROCESS_H_
#define FINDER_TESTS_FS_CHILD_PROCESS_H_

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace finder {

// Starts a child that ends with what `body` returns, at once: without exit
// handlers, which belong to the parent. Requires that there is one thread.
inline pid_t StartChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  return child;
}

// The wait status of the child, as waitpid(2) gives it.
inline int WaitFor(pid_t child) {
  int status = 0;
  return waitpid(child, &status, 0) == child ? status : -1;
}

// The exit status of a child that runs `body`; -1 if it was killed.
inline int ExitStatusOf(const std::function<int()>& body) {
  const int status = WaitFor(StartChild(body));
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The signal that killed a child that runs `body`; 0 if it ended by itself.
inline int SignalThatEnded(const std::function<int()>& body) {
  const int status = WaitFor(StartChild(body));
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace finder

#endif  // FINDER_TESTS_FS_CHILD_PROCESS_H_
