#include "cmd/run/strace_reader.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;

TEST(StraceReader, TellsFilesThatWereReadOrExecuted) {
  EXPECT_THAT(
      FilesRead(
          "12 execve(\"/w/tool\", [\"tool\"], 0x7 /* 9 vars */) = 0\n"
          "12 execve(\"/w/none\", [\"none\"], 0x7) = -1 ENOENT (No such)\n"
          "13 openat(AT_FDCWD</w>, \"a\", O_RDONLY|O_CLOEXEC) = 3</w/a>\n"
          "13 openat(AT_FDCWD</w>, \"b\", O_RDWR) = 3</w/b>\n"
          "13 openat(AT_FDCWD</w>, \"c\", O_WRONLY|O_CREAT, 0666) = 3</w/c>\n"
          "13 openat(AT_FDCWD</w>, \".\", O_RDONLY|O_DIRECTORY) = 3</w>\n"
          "13 openat(AT_FDCWD</w>, \"x\", O_RDONLY) = -1 ENOENT (No such)\n"
          "14 openat(AT_FDCWD</w>, \"a\", O_RDONLY) = 4</w/a>\n"
          "14 <... openat resumed>) = 4</w/n\\n\\351 \\\"q\\\">\n"
          "14 +++ exited with 0 +++\n"),
      ElementsAre("/w/a", "/w/b", "/w/n\n\351 \"q\"", "/w/tool"));
}

TEST(StraceReader, ACutLogIsNoHarm) {
  EXPECT_THAT(FilesRead(""), ElementsAre());
  EXPECT_THAT(FilesRead("execve(\"/w/a"), ElementsAre());
  EXPECT_THAT(FilesRead("execve(\"/w/a\\ = 0"), ElementsAre());
  EXPECT_THAT(FilesRead("1 openat( = 3</w/a"), ElementsAre());
}

TEST(StraceReader, KnowsWhatIsOfTheSystem) {
  EXPECT_TRUE(IsOfSystem("/usr/lib/libc.so"));
  EXPECT_TRUE(IsOfSystem("/etc"));
  EXPECT_FALSE(IsOfSystem("/usrlocal/x"));
  EXPECT_FALSE(IsOfSystem("/home/u/x"));
}

}  // namespace
}  // namespace finder
