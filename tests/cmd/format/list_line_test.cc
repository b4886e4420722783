// The expected lines are those of GNU find 4.9.
#include "cmd/format/list_line.h"

#include <stdlib.h>
#include <time.h>

#include <string>

#include "fs/fake/fake_file_system_names.h"
#include "fs/fake/fake_user_names.h"
#include "gtest/gtest.h"
#include "tests/cmd/format/fake_entry.h"

namespace finder {
namespace {

constexpr int64_t kNow = 1795621590;  // 2026-11-25 15:46:30 UTC

class ListLineTest : public testing::Test {
 protected:
  ListLineTest() {
    setenv("TZ", "UTC0", 1);
    tzset();
    entry_.details->inode = 10954273;
    entry_.details->blocks = 0;
    entry_.details->size_bytes = 0;
    entry_.details->modified = {-315521755, 0};
    entry_.its_path = "t/old";
  }

  std::string Line() {
    std::string out;
    lines_.Append(entry_, out);
    return out;
  }

  FakeEntry entry_;
  FakeUserNames users_;
  FakeFileSystemNames types_;
  ListLines lines_{{kNow, 0}, 1024, {&users_, &types_}};
};

TEST_F(ListLineTest, HasTheColumnsOfFind) {
  EXPECT_EQ(Line(),
            " 10954273      0 -rw-r--r--   1 root     root            0 "
            "Jan  2  1960 t/old\n");
}

TEST_F(ListLineTest, AColumnStaysAsWideAsItsWidestText) {
  entry_.details->owner = 123456789;
  entry_.details->size_bytes = 999999999999;
  EXPECT_EQ(Line(),
            " 10954273      0 -rw-r--r--   1 123456789 root     999999999999 "
            "Jan  2  1960 t/old\n");
  entry_.details->owner = 0;
  entry_.details->size_bytes = 0;
  EXPECT_EQ(Line(),
            " 10954273      0 -rw-r--r--   1 root      root                "
            "0 Jan  2  1960 t/old\n");
}

TEST_F(ListLineTest, DevicesShowTheirNumbers) {
  entry_.details->mode = 0020666;
  entry_.details->special_device = 1 << 8 | 3;
  entry_.its_path = "/dev/null";
  EXPECT_EQ(Line(),
            " 10954273      0 crw-rw-rw-   1 root     root       1,   3 "
            "Jan  2  1960 /dev/null\n");
  // Major 300, minor 1048575: the C library's makedev.
  entry_.details->mode = 0060644;
  entry_.details->special_device =
      uint64_t{300} << 8 | 0xff | uint64_t{0xfff00} << 12;
  EXPECT_EQ(Line(),
            " 10954273      0 brw-r--r--   1 root     root     300, 1048575 "
            "Jan  2  1960 /dev/null\n");
}

TEST_F(ListLineTest, ShowsTheHourOfTheLastSixMonths) {
  const auto time_of = [this](int64_t seconds) {
    entry_.details->modified = {seconds, 0};
    return Line().substr(59, 12);
  };
  EXPECT_EQ(time_of(kNow), "Nov 25 15:46");
  EXPECT_EQ(time_of(kNow + 3600), "Nov 25 16:46");
  EXPECT_EQ(time_of(kNow + 3601), "Nov 25  2026");
  EXPECT_EQ(time_of(kNow - 180 * 86400), "May 29 15:46");
  EXPECT_EQ(time_of(kNow - 180 * 86400 - 1), "May 29  2026");
}

TEST_F(ListLineTest, NamesAreOneWordOfOneLine) {
  entry_.its_path = "q\"uo te\\\x7f\xc3\xa9\b\f\x1b\n\t\r";
  EXPECT_EQ(Line().substr(72), R"(q\"uo\ te\\\177\303\251\b\f\033\n\t\r)"
                               "\n");
}

TEST_F(ListLineTest, SymlinksShowTheirTargets) {
  entry_.details->mode = 0120777;
  entry_.target = std::string("a b");
  EXPECT_EQ(Line().substr(72), "t/old -> a\\ b\n");
}

TEST_F(ListLineTest, BlocksAreRoundedUp) {
  entry_.details->blocks = 3;
  EXPECT_EQ(Line().substr(9, 8), "      2 ");
  ListLines posix({kNow, 0}, 512, {&users_, &types_});
  std::string out;
  posix.Append(entry_, out);
  EXPECT_EQ(out.substr(9, 8), "      3 ");
}

TEST_F(ListLineTest, AFileThatTellsNothingHasNoLine) {
  entry_.details.reset();
  EXPECT_EQ(Line(), "");
}

}  // namespace
}  // namespace finder
