#include "fs/background_process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fs/posix/process/posix_background_process.h"
#include "gtest/gtest.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

constexpr char kFlag[] = "--as-background-process";

// What the started process finds, written to `path`, which it makes last.
int Describe(const std::string& path) {
  PosixBackgroundProcesses().LowerOwnPriority();
  std::ofstream out(path + ".new");
  out << "session " << (getsid(0) == getpid() ? "own" : "inherited") << "\n";
  out << "directory " << std::filesystem::current_path().string() << "\n";
  for (int stream = 0; stream < 3; ++stream) {
    out << "stream "
        << std::filesystem::read_symlink("/proc/self/fd/" +
                                         std::to_string(stream))
               .string()
        << "\n";
  }
  out << "descriptor 100 " << (fcntl(100, F_GETFD) < 0 ? "closed" : "open")
      << "\n";
  out << "nice " << getpriority(PRIO_PROCESS, 0) << "\n";
  out << "io class " << (syscall(SYS_ioprio_get, 1, 0) >> 13) << "\n";
  out.close();
  std::filesystem::rename(path + ".new", path);
  return 0;
}

TEST(BackgroundProcess, IsDetachedFromEverything) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/report";
  // A pipe that is held open for as long as the process runs.
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  ASSERT_EQ(dup2(pipe_ends[1], 100), 100);
  PosixBackgroundProcesses processes;
  ASSERT_TRUE(processes.StartSelf({kFlag, path}).ok());
  // Nobody can wait for it: that is what it is for.
  while (!std::filesystem::exists(path)) {
    sched_yield();
  }
  std::ifstream in(path);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(text,
            "session own\n"
            "directory /\n"
            "stream /dev/null\n"
            "stream /dev/null\n"
            "stream /dev/null\n"
            "descriptor 100 closed\n"
            "nice 19\n"
            "io class 3\n");
  close(100);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == finder::kFlag) {
    return finder::Describe(argv[2]);
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
