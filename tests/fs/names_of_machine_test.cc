// Names of users, groups and file systems, and access checks, of this machine.

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

#include "fs/access_checks.h"
#include "fs/posix/posix_access_checks.h"
#include "fs/posix/posix_file_system_names.h"
#include "fs/posix/process/posix_user_names.h"

namespace finder {
namespace {

TEST(PosixUserNames, RootIsUserAndGroupZero) {
  PosixUserNames names;
  EXPECT_EQ(names.UserId("root"), 0u);
  EXPECT_EQ(names.GroupId("root"), 0u);
  EXPECT_EQ(names.UserName(0), "root");
  EXPECT_EQ(names.GroupName(0), "root");
}

TEST(PosixUserNames, WhoIsNotThereHasNoName) {
  PosixUserNames names;
  EXPECT_FALSE(names.UserId("no such user").has_value());
  EXPECT_FALSE(names.GroupId("no such group").has_value());
  EXPECT_FALSE(names.UserName(4'000'000'011).has_value());
  EXPECT_FALSE(names.GroupName(4'000'000'011).has_value());
}

TEST(PosixFileSystemNames, ReadsTheTypeBehindTheDash) {
  const std::map<uint64_t, std::string> types = TypesOfMounts(
      "36 35 0:2 / /a\\040b rw master:1 - ext4 /dev/root rw\n"
      "37 35 0:3 / /proc rw - proc proc rw\n"
      "nonsense\n");
  EXPECT_EQ(types, (std::map<uint64_t, std::string>{{2, "ext4"}, {3, "proc"}}));
}

TEST(PosixFileSystemNames, TheLastMountOfANumberCounts) {
  EXPECT_EQ(TypesOfMounts("1 1 0:2 / / rw - ext2 a rw\n"
                          "2 1 0:2 / / rw - ext4 a rw\n"),
            (std::map<uint64_t, std::string>{{2, "ext4"}}));
}

TEST(PosixFileSystemNames, ANumberOfNoMountIsUnknown) {
  PosixFileSystemNames names;
  EXPECT_EQ(names.TypeOf(UINT64_MAX), "unknown");
}

TEST(PosixAccessChecks, NothingIsAllowedWhereThereIsNothing) {
  PosixAccessChecks checks;
  EXPECT_TRUE(checks.MayAccess("/", AccessKind::kRead));
  EXPECT_TRUE(checks.MayAccess("/", AccessKind::kExecute));
  EXPECT_FALSE(checks.MayAccess("/no such file", AccessKind::kRead));
}

}  // namespace
}  // namespace finder
