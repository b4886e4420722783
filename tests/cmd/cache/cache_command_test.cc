#include <errno.h>

#include <string>
#include <vector>

#include "cmd/dispatch.h"
#include "cmd/options/command_line.h"
#include "cmd/search/search_command.h"
#include "cmd/upkeep_command.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"
#include "tests/cmd/fake_stream.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

class CacheCommandTest : public CacheTest {
 protected:
  ExitCode Run(std::vector<std::string> arguments) {
    Program program = NewProgram(arguments);
    arguments.insert(arguments.begin(), "cache");
    return Dispatch(arguments, program);
  }

  // The main command, which fills the cache.
  ExitCode RunFind(std::vector<std::string> arguments) {
    Program program = NewProgram(arguments);
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    return Search(*command, program);
  }

  // Also has the arguments name the cache.
  Program NewProgram(std::vector<std::string>& arguments) {
    out_ = FakeStream();
    err_ = FakeStream();
    arguments.insert(arguments.end(), {"--cache-dir", std::string(kCachePath)});
    process_->machine().SetWorkingDirectory("/home");
    return ProgramOn(process_->machine().machine(), out_, err_);
  }

  FakeStream out_;
  FakeStream err_;
};

TEST_F(CacheCommandTest, BadInputMakesNoCache) {
  EXPECT_EQ(Run({"set", "max-size", "huge"}), ExitCode::kFailed);
  EXPECT_EQ(Run({"info"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("no cache there"));
}

TEST_F(CacheCommandTest, WhatIsNoDatabaseIsNamed) {
  const auto cache = Open();
  Store(*cache, "key", "facts");
  EXPECT_EQ(Run({"verify"}), ExitCode::kNo);
  EXPECT_THAT(err_.text, HasSubstr("key: file is not a finder database"));
  EXPECT_EQ(out_.text, "0 sound, 1 damaged\n");
}

TEST_F(CacheCommandTest, AnEntryInUseIsNotCleared) {
  const auto cache = Open();
  Store(*cache, "key", "facts");
  {
    const LoadOutcome loaded = cache->Load("key");
    ASSERT_TRUE(loaded.entry);
    EXPECT_EQ(Run({"clear", "/src"}), ExitCode::kDone) << err_.text;
    EXPECT_EQ(out_.text, "0 removed, 1 in use and kept\n");
  }
  EXPECT_EQ(Run({"clear", "/src/below"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "0 removed\n");
  EXPECT_EQ(Run({"clear", "/"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "1 removed\n");
}

TEST_F(CacheCommandTest, UpkeepInTheBackgroundIsQuietAndStepsBack) {
  Open();
  EXPECT_EQ(Run({"gc"}), ExitCode::kDone);
  EXPECT_FALSE(process_->machine().background().lowered());
  EXPECT_EQ(Run({"gc", "--background"}), ExitCode::kDone);
  EXPECT_EQ(out_.text + err_.text, "");
  EXPECT_TRUE(process_->machine().background().lowered());
}

TEST_F(CacheCommandTest, WhatARunStartsForUpkeepIsUnderstood) {
  Open();
  std::vector<std::string> arguments = UpkeepArguments(std::string(kCachePath));
  EXPECT_EQ(arguments.front(), "cache");
  arguments.erase(arguments.begin());
  EXPECT_EQ(Run(arguments), ExitCode::kDone) << err_.text;
  EXPECT_TRUE(process_->machine().background().lowered());
}

TEST_F(CacheCommandTest, UpkeepThatCouldNotDoAllFailsAndDoesTheRest) {
  const auto cache = Open();
  for (const bool background : {false, true}) {
    Store(*cache, "key", "facts");
    Store(*cache, "other", "facts");
    clock_.Advance(31 * kDayNs);
    process_->files().calls().FailPath(Operation::kRename, At("objects/key"),
                                       EACCES);
    if (background) {
      EXPECT_EQ(Run({"gc", "--background"}), ExitCode::kFailed);
      EXPECT_EQ(out_.text + err_.text, "");
    } else {
      EXPECT_EQ(Run({"gc"}), ExitCode::kFailed);
      EXPECT_EQ(err_.text,
                "finder: " + At("objects/key") + ": Permission denied\n");
      EXPECT_THAT(out_.text, HasSubstr("over age     1\n"));
    }
    EXPECT_EQ(Keys(), std::vector<std::string>{"key"});
    process_->files().calls().ClearFaults();
  }
  EXPECT_EQ(Run({"gc"}), ExitCode::kDone);
}

TEST_F(CacheCommandTest, ADeepLookStaysOnTheFileSystemAsTheViewDoes) {
  Open();
  tree_.AddTree("f src/a.c\nl src/far -> /far/b\nf src/disk/x.c\n", "/");
  tree_.AddTree("f far/b/c.c\n", "/");
  tree_.Mount("/far");
  tree_.WriteFile("/far/b/d.c");
  tree_.Mount("/src/disk");
  tree_.WriteFile("/src/disk/y.c");
  ASSERT_EQ(RunFind({"--xdev", "-L", "/src"}), ExitCode::kDone) << err_.text;
  EXPECT_EQ(out_.text, "/src/a.c\n");
  process_->files().calls().Reset();
  int far = 0;
  process_->files().calls().OnCall(
      [&far](Operation operation, std::string_view path) {
        const bool beyond =
            path.find("/far") != path.npos || path.find("/disk") != path.npos;
        if (operation == Operation::kList && beyond) ++far;
      });
  EXPECT_EQ(Run({"verify", "--deep"}), ExitCode::kDone) << err_.text;
  process_->files().calls().OnCall(nullptr);
  EXPECT_EQ(out_.text, "1 sound, 0 damaged\n");
  EXPECT_EQ(far, 0);
}

TEST_F(CacheCommandTest, ADeepLookAtFarMoreThanTheEntryHasIsGivenUp) {
  Open();
  tree_.WriteFile("/src/a.c");
  ASSERT_EQ(RunFind({"-L", "/src"}), ExitCode::kDone) << err_.text;
  // Ten directories that lead to one another: ten million paths.
  for (int from = 0; from < 10; ++from) {
    const std::string directory = "/src/d" + std::to_string(from);
    tree_.MakeDirectories(directory);
    for (int to = 0; to < 10; ++to) {
      if (to == from) continue;
      tree_.Symlink("/src/d" + std::to_string(to),
                    directory + "/l" + std::to_string(to));
    }
  }
  process_->files().calls().Reset();
  EXPECT_EQ(Run({"verify", "--deep"}), ExitCode::kFailed);
  EXPECT_EQ(out_.text, "0 sound, 0 damaged, 1 not read\n");
  EXPECT_THAT(
      err_.text,
      HasSubstr(": not compared: there are more than 100002 directories "
                "on the disk, and 1 in the entry\n"));
  EXPECT_LT(process_->files().calls().counters().list, 101'000);
}

TEST_F(CacheCommandTest, ADeepLookNeedsToKnowTheView) {
  // As if written by another program: the description has no view.
  Open();
  tree_.WriteFile("/src/a.c");
  ASSERT_EQ(RunFind({"/src"}), ExitCode::kDone) << err_.text;
  const std::string info = At("objects/" + Keys()[0] + "/object.info");
  std::string text = tree_.ReadFile(info);
  const size_t at = text.find("links=keep boundary=cross");
  ASSERT_NE(at, text.npos) << text;
  tree_.WriteFile(info, text.replace(at, 5, "LINKS"));
  EXPECT_EQ(Run({"verify", "--deep"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("it does not say of which view it is"));
}

}  // namespace
}  // namespace finder
