#include "finder/session/entry_choice.h"

#include <errno.h>

#include <string>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/fake/fake_machine.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

class EntryChoiceTest : public testing::Test {
 protected:
  EntryChoiceTest() : machine_(&tree_, &clock_) {
    variables_.home = "/home/me";
    tree_.MakeDirectories("/home/me");
    tree_.Chown("/home/me", FakeUser().id);
    tree_.MakeDirectories("/work");
    machine_.SetWorkingDirectory("/work");
    view_.roots = {"."};
  }

  EntryChoice Locate() {
    return ChooseEntry(options_, view_, variables_, machine_.machine());
  }

  FakeClock clock_;
  FakeTree tree_{&clock_};
  FakeMachine machine_;
  CacheVariables variables_;
  View view_;
  CacheSettings options_;
};

TEST_F(EntryChoiceTest, TheDefaultIsBelowHomeAndPrivate) {
  const EntryChoice location = Locate();
  EXPECT_EQ(location.problem, "");
  EXPECT_EQ(location.use, CacheUse::kUse);
  EXPECT_THAT(location.database, StartsWith("/home/me/.cache/finder/"));
  EXPECT_THAT(location.database, EndsWith("/data/database"));
  EXPECT_EQ(tree_.Stat("/home/me/.cache").permissions, 0700u);
  EXPECT_EQ(tree_.Stat("/home/me/.cache/finder").permissions, 0700u);
}

TEST_F(EntryChoiceTest, AnExistingCacheIsOnlyRead) {
  Locate();
  machine_.files().calls().Reset();
  Locate();
  // Of the home, of the directory, and of the entry.
  EXPECT_EQ(machine_.files().calls().counters().stat, 3);
  EXPECT_EQ(machine_.files().calls().counters().writes(), 0);
}

TEST_F(EntryChoiceTest, TheMoreSpecificPlaceWins) {
  variables_.xdg_cache_home = "/home/me/xdg";
  EXPECT_THAT(Locate().database, StartsWith("/home/me/xdg/finder/"));
  variables_.finder_cache_dir = "/home/me/own";
  EXPECT_THAT(Locate().database, StartsWith("/home/me/own/"));
  options_.directory = "/home/me/option/";
  EXPECT_THAT(Locate().database, StartsWith("/home/me/option/"));
  options_.directory.reset();
  options_.database = "some.db";
  EXPECT_EQ(Locate().database, "some.db");
}

TEST_F(EntryChoiceTest, EmptyAndRelativeVariablesAreAsIfUnset) {
  variables_.finder_cache_dir = "";
  variables_.xdg_cache_home = "xdg";
  EXPECT_THAT(Locate().database, StartsWith("/home/me/.cache/finder/"));
}

TEST_F(EntryChoiceTest, WithoutHomeThereIsNoCache) {
  variables_.home.reset();
  const EntryChoice location = Locate();
  EXPECT_EQ(location.use, CacheUse::kNone);
  EXPECT_EQ(location.problem, "no cache directory: HOME is not set");
  EXPECT_EQ(location.severity, Severity::kRemark);
}

TEST_F(EntryChoiceTest, AMissingHomeIsNotMade) {
  variables_.home = "/home/nobody";
  const EntryChoice location = Locate();
  EXPECT_EQ(location.use, CacheUse::kNone);
  EXPECT_EQ(location.problem,
            "/home/nobody/.cache/finder: No such file or directory");
  EXPECT_FALSE(tree_.Exists("/home/nobody"));
}

TEST_F(EntryChoiceTest, AnUnusableDefaultIsARemark) {
  tree_.Chmod("/home/me", 0500);
  const EntryChoice location = Locate();
  EXPECT_EQ(location.problem, "/home/me/.cache/finder: Permission denied");
  EXPECT_EQ(location.severity, Severity::kRemark);
}

TEST_F(EntryChoiceTest, AnUnusableChoiceIsAWarning) {
  tree_.WriteFile("/home/me/file");
  options_.directory = "/home/me/file";
  const EntryChoice location = Locate();
  EXPECT_EQ(location.use, CacheUse::kNone);
  EXPECT_EQ(location.problem, "/home/me/file: Not a directory");
  EXPECT_EQ(location.severity, Severity::kWarning);
}

TEST_F(EntryChoiceTest, AnotherUsersDirectoryIsNotUsed) {
  tree_.MakeDirectories("/home/other");
  tree_.Chown("/home/other", FakeUser().id + 1);
  options_.directory = "/home/other";
  EXPECT_EQ(Locate().problem, "/home/other: belongs to another user");
}

TEST_F(EntryChoiceTest, ADirectoryIsNoDatabase) {
  options_.database = "/home/me";
  const EntryChoice location = Locate();
  EXPECT_EQ(location.use, CacheUse::kNone);
  EXPECT_EQ(location.problem, "/home/me: Is a directory");
  EXPECT_EQ(location.severity, Severity::kWarning);
}

TEST_F(EntryChoiceTest, APipeOrDeviceIsNotReplacedByADatabase) {
  tree_.MakePipe("/home/me/pipe");
  options_.database = "/home/me/pipe";
  EXPECT_EQ(Locate().problem, "/home/me/pipe: Not a regular file");
  EXPECT_EQ(Locate().use, CacheUse::kNone);
}

TEST_F(EntryChoiceTest, AFileOfTheUsersIsNotReplacedByADatabase) {
  options_.database = "/home/me/novel";
  for (const char* text : {"my novel", "finder data", "Android finder", "\n"}) {
    tree_.WriteFile("/home/me/novel", std::string(text) + "!");
    const EntryChoice location = Locate();
    EXPECT_EQ(location.use, CacheUse::kNone) << text;
    EXPECT_EQ(location.problem,
              "/home/me/novel: is no database, and is not replaced");
    EXPECT_EQ(location.severity, Severity::kWarning);
  }
  tree_.Symlink("novel", "/home/me/link");
  options_.database = "/home/me/link";
  EXPECT_EQ(Locate().use, CacheUse::kNone);
}

TEST_F(EntryChoiceTest, WhatWasADatabaseMayBeReplaced) {
  options_.database = "/home/me/db";
  for (const char* text :
       {"", "f", "finder data", "finder database 7\n", "finder database 2\n{",
        "Android finder", "Android finder version 1\n{}"}) {
    tree_.WriteFile("/home/me/db", text);
    EXPECT_EQ(Locate().database, "/home/me/db") << text;
  }
}

TEST_F(EntryChoiceTest, AHomeOfAnotherUsersIsNotWrittenTo) {
  tree_.Chmod("/home/me", 0777);
  tree_.Chown("/home/me", FakeUser().id + 1);
  const EntryChoice location = Locate();
  EXPECT_EQ(location.use, CacheUse::kNone);
  EXPECT_EQ(location.problem, "/home/me: belongs to another user");
  EXPECT_EQ(location.severity, Severity::kRemark);
  EXPECT_TRUE(tree_.Names("/home/me").empty());
  options_.directory = "/home/me/asked";
  EXPECT_EQ(Locate().problem, "");
}

TEST_F(EntryChoiceTest, NorIsACacheHomeOfAnotherUsers) {
  variables_.xdg_cache_home = "/home/other/a/b/";
  tree_.MakeDirectories("/home/other");
  tree_.Chmod("/home/other", 0777);
  tree_.Chown("/home/other", FakeUser().id + 1);
  EXPECT_EQ(Locate().problem, "/home/other: belongs to another user");
  EXPECT_TRUE(tree_.Names("/home/other").empty());
  // Where everybody makes what is theirs, this user may.
  tree_.Chmod("/home/other", 01777);
  EXPECT_EQ(Locate().problem, "");
  tree_.Chown("/home/other/a/b", FakeUser().id + 1);
  EXPECT_EQ(Locate().problem, "/home/other/a/b: belongs to another user");
}

TEST_F(EntryChoiceTest, AnImportThatIsMissingLeavesTheCacheOn) {
  options_.import = "/home/me/old.db";
  const EntryChoice location = Locate();
  EXPECT_EQ(location.problem, "");
  EXPECT_EQ(location.use, CacheUse::kUse);
  EXPECT_FALSE(location.imported);
  EXPECT_EQ(location.import_problem,
            "/home/me/old.db: cannot be imported: No such file or directory");
  EXPECT_EQ(location.import_severity, Severity::kRemark);
  tree_.MakeDirectories("/home/me/old.db");
  EXPECT_EQ(Locate().import_severity, Severity::kWarning);
}

TEST_F(EntryChoiceTest, NoCacheTouchesNothing) {
  options_.mode = CacheMode::kNone;
  EXPECT_EQ(Locate().use, CacheUse::kNone);
  EXPECT_TRUE(machine_.files().calls().log().empty());
}

TEST_F(EntryChoiceTest, RefreshIsPassedOn) {
  options_.mode = CacheMode::kRefresh;
  EXPECT_EQ(Locate().use, CacheUse::kRefresh);
}

TEST_F(EntryChoiceTest, ViewsAndViewIdsHaveTheirOwnDatabases) {
  const std::string one = Locate().database;
  EXPECT_EQ(Locate().database, one);
  variables_.finder_view_id = "ci";
  const EntryChoice from_variable = Locate();
  EXPECT_EQ(from_variable.view_id, "ci");
  EXPECT_NE(from_variable.database, one);
  options_.view_id = "other";
  EXPECT_EQ(Locate().view_id, "other");
  EXPECT_NE(Locate().database, from_variable.database);
  options_.view_id.reset();
  variables_.finder_view_id.reset();
  view_.roots = {"elsewhere"};
  EXPECT_NE(Locate().database, one);
}

TEST_F(EntryChoiceTest, TwoRunsMayMakeTheDirectoryAtOnce) {
  machine_.files().calls().OnCall(
      [this](Operation operation, std::string_view) {
        if (operation == Operation::kMakeDirectory) {
          tree_.MakeDirectories("/home/me/.cache/finder");
          tree_.Chown("/home/me/.cache/finder", FakeUser().id);
        }
      });
  EXPECT_EQ(Locate().problem, "");
}

}  // namespace
}  // namespace finder
