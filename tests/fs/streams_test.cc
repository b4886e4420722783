// The streams of a process, and files written as a shell's ">" does.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fs/output_files.h"
#include "fs/posix/posix_output_files.h"
#include "fs/posix/process/posix_standard_streams.h"
#include "fs/standard_streams.h"
#include "gtest/gtest.h"
#include "tests/fs/child_process.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

class OutputFilesTest : public testing::Test {
 protected:
  OpenedOutput Open(const std::string& name) {
    Result<OpenedOutput> opened = PosixOutputFiles().Open(At(name));
    EXPECT_TRUE(opened.ok());
    return opened.ok() ? std::move(opened).value() : OpenedOutput();
  }
  std::string At(const std::string& name) const {
    return world_.root() + "/" + name;
  }

  PosixWorld world_{std::make_unique<PosixFileSystem>()};
};

TEST_F(OutputFilesTest, AFileIsEmptiedAtOnceAndWrittenInPlace) {
  world_.WriteFile(At("file"), "old");
  world_.HardLink(At("file"), At("other"));
  OpenedOutput opened = Open("file");
  EXPECT_EQ(world_.ReadFile(At("other")), "");
  EXPECT_TRUE(opened.stream->Write("new ").ok());
  EXPECT_TRUE(opened.stream->Write("bytes").ok());
  EXPECT_EQ(world_.ReadFile(At("other")), "new bytes");
  EXPECT_TRUE(opened.stream->Close().ok());
}

TEST_F(OutputFilesTest, AMissingFileIsMade) {
  Open("file");
  EXPECT_EQ(world_.ReadFile(At("file")), "");
  EXPECT_EQ(PosixOutputFiles().Open(At("missing/file")).error().code(), ENOENT);
  EXPECT_EQ(PosixOutputFiles().Open(world_.root()).error().code(), EISDIR);
}

TEST_F(OutputFilesTest, DeviceAndInodeTellFilesApart) {
  world_.WriteFile(At("file"), "");
  world_.Symlink("file", At("link"));
  const OpenedOutput file = Open("file");
  const OpenedOutput link = Open("link");
  const OpenedOutput other = Open("other");
  EXPECT_EQ(file.stat.inode, link.stat.inode);
  EXPECT_EQ(file.stat.device, link.stat.device);
  EXPECT_NE(file.stat.inode, other.stat.inode);
}

TEST_F(OutputFilesTest, AFullDiskIsAnError) {
  Result<OpenedOutput> full = PosixOutputFiles().Open("/dev/full");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->stream->Write("x").error().code(), ENOSPC);
  EXPECT_FALSE(full->stream->IsTerminal());
}

TEST(StandardInput, IsReadLineByLineAndNotAByteMore) {
  const int status = ExitStatusOf([] {
    int ends[2];
    if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0) return 1;
    const std::string text = "yes\n\nlast";
    if (write(ends[1], text.data(), text.size()) < 0) return 2;
    close(ends[1]);
    PosixStandardInput in;
    const auto line = [&in] { return in.ReadLine().value(); };
    if (line() != "yes") return 3;
    char next;
    if (read(STDIN_FILENO, &next, 1) != 1 || next != '\n') return 4;
    if (line() != "last") return 5;
    return line().has_value() ? 6 : 0;
  });
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace finder
