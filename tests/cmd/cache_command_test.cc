#include "cmd/cache_command.h"

#include <errno.h>

#include <string>
#include <vector>

#include "fs/fake_background_process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

class CacheCommandTest : public CacheTest {
 protected:
  ExitCode Run(std::vector<std::string> arguments) {
    out_.text.clear();
    err_.text.clear();
    arguments.insert(arguments.end(), {"--cache-dir", std::string(kCachePath)});
    const CacheEnvironment& environment = process_->environment();
    Session session;
    session.files = environment.files;
    session.shared_files = environment.shared_files;
    session.small_files = environment.small_files;
    session.moves = environment.moves;
    session.clock = environment.clock;
    session.processes = &processes_;
    session.out = &out_;
    session.err = &err_;
    session.host = environment.host;
    session.working_directory = "/home";
    return RunCache(arguments, session);
  }

  FakeBackgroundProcesses processes_;
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
  EXPECT_FALSE(processes_.lowered());
  EXPECT_EQ(Run({"gc", "--background"}), ExitCode::kDone);
  EXPECT_EQ(out_.text + err_.text, "");
  EXPECT_TRUE(processes_.lowered());
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

}  // namespace
}  // namespace finder
