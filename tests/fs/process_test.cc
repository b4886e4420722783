#include "fs/posix/process/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <new>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "tests/fs/child_process.h"

namespace finder {
namespace {

// What a child that runs `body` writes to stderr; its exit status in `status`.
template <typename Body>
std::string ErrorsOf(Body body, int& status) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  status = ExitStatusOf([&] {
    dup2(ends[1], STDERR_FILENO);
    body();
    return 99;
  });
  close(ends[1]);
  char buffer[256];
  const ssize_t size = read(ends[0], buffer, sizeof(buffer));
  close(ends[0]);
  return size < 0 ? "no text" : std::string(buffer, static_cast<size_t>(size));
}

// The handler is called as operator new would; really to run out of memory is
// nothing a sanitizer allows.
TEST(Process, SaysThatItIsOutOfMemoryAndEnds) {
  int status = 0;
  EXPECT_EQ(ErrorsOf(
                [] {
                  ExitWhenOutOfMemory(2);
                  std::get_new_handler()();
                },
                status),
            "finder: out of memory\n");
  EXPECT_EQ(status, 2);
}

TEST(Process, SaysItOnceHoweverManyThreadsAreOutOfMemory) {
  int status = 0;
  EXPECT_EQ(ErrorsOf(
                [] {
                  ExitWhenOutOfMemory(7);
                  std::thread other(std::get_new_handler());
                  std::get_new_handler()();
                },
                status),
            "finder: out of memory\n");
  EXPECT_EQ(status, 7);
}

// Writes beyond the limit of file sizes; returns the errno.
int WriteTooMuch() {
  char path[] = "/tmp/process_test.XXXXXX";
  const int file = mkstemp(path);
  if (file < 0) return errno;
  unlink(path);
  const rlimit limit = {0, 0};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return errno;
  return write(file, "x", 1) == 1 ? 0 : errno;
}

TEST(Process, IsEndedByTheLimitOfFileSizesUnlessItFailsThere) {
  EXPECT_EQ(SignalThatEnded([] { return WriteTooMuch(); }), SIGXFSZ);
  EXPECT_EQ(ExitStatusOf([] {
              FailBeyondFileSizeLimit();
              return WriteTooMuch();
            }),
            EFBIG);
}

}  // namespace
}  // namespace finder
