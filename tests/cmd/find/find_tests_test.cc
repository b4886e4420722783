// The tests of find(1), asked of files of a fake machine.

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "tests/cmd/find/find_test.h"

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kDay = 24 * kHour;

class FindTestsTest : public FindTest {
 protected:
  void SetAge(const std::string& path, int64_t age_ns) {
    tree_.SetModifiedTime(path, clock_.RealtimeNs() - age_ns);
  }
};

TEST_F(FindTestsTest, NamesAndPaths) {
  tree_.AddTree("f t/a\nf t/A\nf t/d/.c\n", "/work");
  EXPECT_EQ(Matches({"-name", "a"}), "a ");
  EXPECT_EQ(Matches({"-iname", "a"}), "A a ");
  EXPECT_EQ(Matches({"-name", "*c"}), "d.c ") << "a leading dot is no dot";
  EXPECT_EQ(Matches({"-name", "[!d]"}), "A a ");
  EXPECT_EQ(Matches({"-path", "t/*c"}), "d.c ") << "'*' matches a '/'";
  EXPECT_EQ(Matches({"-wholename", "t/d"}), "d ");
  EXPECT_EQ(Matches({"-ipath", "T/A"}), "A a ");
}

TEST_F(FindTestsTest, NameOfARootIsItsLastComponent) {
  tree_.MakeDirectories("/work/t");
  EXPECT_EQ(Find({"./t//", "-name", "t"}), "./t//\n");
  EXPECT_EQ(Find({"/", "-maxdepth", "0", "-name", "/"}), "/\n");
  EXPECT_EQ(Find({".", "-maxdepth", "0", "-name", "."}), ".\n");
}

TEST_F(FindTestsTest, RegularExpressionsMatchTheWholePath) {
  tree_.AddTree("f t/ab\nf t/abb\nf t/c\n", "/work");
  EXPECT_EQ(Matches({"-regex", "t/ab"}), "ab ");
  EXPECT_EQ(Matches({"-regex", ".*b+"}), "ab abb ");
  EXPECT_EQ(Matches({"-regex", "ab"}), "");
  EXPECT_EQ(Matches({"-iregex", "T/C"}), "c ");
  EXPECT_EQ(Matches({"-regextype", "posix-extended", "-regex", "t/(ab|c)"}),
            "ab c ");
  EXPECT_EQ(Matches({"-regex", "t/\\(ab\\|c\\)"}), "ab c ");
  EXPECT_EQ(Matches({"-regextype", "posix-basic", "-regex", "t/ab\\{2\\}"}),
            "abb ");
  EXPECT_EQ(Matches({"-E", "-regex", "t/ab{2}"}), "abb ");
}

TEST_F(FindTestsTest, TypesOfTheCacheAskNoFile) {
  tree_.AddTree("f t/a\nl t/l -> a\nd t/d\n", "/work");
  tree_.MakePipe("/work/t/p");
  files().calls().Reset();
  EXPECT_EQ(Matches({"-type", "f"}), "a ");
  EXPECT_EQ(Matches({"-type", "d,l"}), "d l ");
  // Two for the operand.
  EXPECT_EQ(files().calls().counters().details, 2);
  files().calls().Reset();
  EXPECT_EQ(Matches({"-type", "p"}), "p ");
  EXPECT_EQ(Matches({"-type", "s,b,c,D"}), "");
  EXPECT_EQ(files().calls().counters().details, 4) << "the pipe is asked";
}

TEST_F(FindTestsTest, OtherTypesLookBehindSymlinks) {
  tree_.AddTree("f t/a\nl t/l -> a\nl t/k -> no\nd t/d\nl t/e -> d\n", "/work");
  EXPECT_EQ(Matches({"-xtype", "f"}), "a l ");
  EXPECT_EQ(Matches({"-xtype", "d"}), "d e ");
  EXPECT_EQ(Matches({"-xtype", "l"}), "k ");
  EXPECT_EQ(Find({"-L", "t", "-xtype", "l"}), "t/e\nt/k\nt/l\n");
  EXPECT_EQ(Find({"-L", "t", "-type", "l"}), "t/k\n");
}

TEST_F(FindTestsTest, SymlinkTargets) {
  tree_.AddTree("f t/a\nl t/l -> a\nl t/k -> No\n", "/work");
  EXPECT_EQ(Matches({"-lname", "*o"}), "k ");
  EXPECT_EQ(Matches({"-lname", "no"}), "");
  EXPECT_EQ(Matches({"-ilname", "no"}), "k ");
  EXPECT_EQ(Find({"-L", "t", "-lname", "*"}), "t/k\n");
}

TEST_F(FindTestsTest, SizesAreRoundedUp) {
  tree_.WriteFile("/work/t/a", "");
  tree_.WriteFile("/work/t/b", "x");
  tree_.WriteFile("/work/t/c", std::string(513, 'x'));
  EXPECT_EQ(Matches({"-type", "f", "-size", "1"}), "b ");
  EXPECT_EQ(Matches({"-type", "f", "-size", "2"}), "c ");
  EXPECT_EQ(Matches({"-type", "f", "-size", "-1M"}), "a ");
  EXPECT_EQ(Matches({"-type", "f", "-size", "+1c"}), "c ");
  EXPECT_EQ(Matches({"-type", "f", "-size", "513c"}), "c ");
  EXPECT_EQ(Matches({"-type", "f", "-empty"}), "a ");
}

TEST_F(FindTestsTest, EmptyDirectoriesAreKnownWithoutAnotherListing) {
  tree_.AddTree("d t/e\nd t/f/g\n", "/work");
  files().calls().Reset();
  EXPECT_EQ(Matches({"-type", "d", "-empty"}), "e fg ");
  EXPECT_EQ(files().calls().counters().list, 4);
  EXPECT_EQ(Find({"t", "-maxdepth", "1", "-empty"}), "t/e\n")
      << "also where nothing is listed";
}

TEST_F(FindTestsTest, DaysAreWholeDays) {
  tree_.AddTree("f t/a\nf t/b\nf t/c\n", "/work");
  SetAge("/work/t/a", kHour);
  SetAge("/work/t/b", kDay + kHour);
  SetAge("/work/t/c", 2 * kDay + kHour);
  EXPECT_EQ(Matches({"-type", "f", "-mtime", "0"}), "a ");
  EXPECT_EQ(Matches({"-mtime", "1"}), "b ");
  EXPECT_EQ(Matches({"-mtime", "+0"}), "b c ");
  EXPECT_EQ(Matches({"-type", "f", "-mtime", "-2"}), "a b ");
  EXPECT_EQ(Matches({"-mtime", "+1d12h"}), "c ");
}

TEST_F(FindTestsTest, MinutesAreRoundedUp) {
  tree_.AddTree("f t/a\nf t/b\n", "/work");
  SetAge("/work/t/a", 30 * kSecond);
  SetAge("/work/t/b", 90 * kSecond);
  EXPECT_EQ(Matches({"-type", "f", "-mmin", "1"}), "a ");
  EXPECT_EQ(Matches({"-mmin", "+1"}), "b ");
  EXPECT_EQ(Matches({"-type", "f", "-mmin", "-1"}), "a ");
  EXPECT_EQ(Matches({"-type", "f", "-mmin", "-0.25"}), "");
}

TEST_F(FindTestsTest, NewerThanAFileOrAMoment) {
  tree_.AddTree("f t/a\nf t/b\nl t/l -> a\n", "/work");
  SetAge("/work/t/a", 2 * kDay);
  SetAge("/work/t/b", kDay);
  EXPECT_EQ(Matches({"-type", "f", "-newer", "t/a"}), "b ");
  EXPECT_EQ(Matches({"-type", "f", "-newermm", "t/a"}), "b ");
  EXPECT_EQ(Matches({"-type", "f", "-newermt", "yesterday"}), "");
  EXPECT_EQ(Matches({"-type", "f", "-newermt", "25 hours ago"}), "b ");
  EXPECT_EQ(Matches({"-type", "f", "-newer", "t/l"}), "");
  EXPECT_EQ(Find({"-H", "t", "-type", "f", "-newer", "t/l"}), "t/b\n")
      << "-H follows the symlinks of the command line";
  EXPECT_EQ(Matches({"-type", "f", "-cnewer", "t/a"}), "a b ");
}

TEST_F(FindTestsTest, ModesExactlyAllOfAndAnyOf) {
  tree_.AddTree("f t/a\nf t/b\n", "/work");
  tree_.Chmod("/work/t/a", 0644);
  tree_.Chmod("/work/t/b", 0600);
  EXPECT_EQ(Matches({"-perm", "600"}), "b ");
  EXPECT_EQ(Matches({"-perm", "-400"}), "a b ");
  EXPECT_EQ(Matches({"-perm", "/044"}), "a ");
  EXPECT_EQ(Matches({"-perm", "u=rw,go=r"}), "a ");
  EXPECT_EQ(Matches({"-perm", "-g+r"}), "a ");
  EXPECT_EQ(Matches({"-perm", "/000"}), "a b ");
}

TEST_F(FindTestsTest, OwnersByNameAndNumber) {
  tree_.AddTree("f t/a\nf t/b\n", "/work");
  tree_.Chown("/work/t/a", 7);
  tree_.Chown("/work/t/b", 0);
  machine_.users().users["seven"] = 7;
  EXPECT_EQ(Matches({"-user", "seven"}), "a ");
  EXPECT_EQ(Matches({"-user", "7"}), "a ");
  EXPECT_EQ(Matches({"-uid", "-7"}), "b ");
  EXPECT_EQ(Matches({"-nouser"}), "");
  machine_.users().users.erase("seven");
  EXPECT_EQ(Matches({"-nouser"}), "a ");
}

TEST_F(FindTestsTest, IdentityAndLinks) {
  tree_.AddTree("f t/a\nf t/b\n", "/work");
  tree_.HardLink("/work/t/a", "/work/t/c");
  EXPECT_EQ(Matches({"-samefile", "t/c"}), "a c ");
  EXPECT_EQ(Matches({"-links", "2"}), "a c ");
  const std::string inode = std::to_string(tree_.Stat("/work/t/b").inode);
  EXPECT_EQ(Matches({"-inum", inode}), "b ");
}

TEST_F(FindTestsTest, AccessAndFileSystemTypes) {
  tree_.AddTree("f t/a\nf t/b\n", "/work");
  machine_.access().allowed = {{"t/a", AccessKind::kExecute}};
  EXPECT_EQ(Matches({"-executable"}), "a ");
  EXPECT_EQ(Matches({"-readable"}), "");
  machine_.file_system_names().types[tree_.Stat("/work").device] = "ext4";
  EXPECT_EQ(Matches({"-fstype", "ext4"}), "a b ");
  EXPECT_EQ(Matches({"-fstype", "tmpfs"}), "");
}

TEST_F(FindTestsTest, DepthWithANumberIsATest) {
  tree_.AddTree("f t/d/c\n", "/work");
  EXPECT_EQ(Matches({"-depth", "2"}), "dc ");
  EXPECT_EQ(Matches({"-depth", "-2"}), "d ");
}

}  // namespace
}  // namespace finder
