#include "cmd/search/cache_session.h"

#include <errno.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "finder/cache/upkeep/upkeep.h"
#include "fs/fake/fake_background_process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CacheSessionTest : public CacheTest {
 protected:
  CacheSessionTest() {
    tree_.MakeDirectories("/work/src");
    tree_.Chown("/home", FakeUser().id);
    options_.directory = std::string(kCachePath);
    tree_.MakeDirectories("/home/.cache");
    view_.roots = {"src"};
  }

  static Session SessionOf(CacheProcess& process) {
    CacheEnvironment& environment = process.environment();
    Session session;
    session.files = environment.files;
    session.shared_files = environment.shared_files;
    session.small_files = environment.small_files;
    session.moves = environment.moves;
    session.clock = environment.clock;
    session.host = environment.host;
    session.host.user = "me";
    session.host.name = "here";
    session.working_directory = "/work";
    return session;
  }
  CacheLocation Locate() {
    return LocateCache(options_, view_, SessionOf(*process_));
  }

  absl::Status Write(const std::string& path, std::string_view bytes) {
    auto file = process_->files().CreateFile(path, 0600);
    if (!file.ok()) return CacheError(path, file.error());
    Outcome written = file.value()->Append(bytes);
    if (written.ok()) written = file.value()->Commit();
    return written.ok() ? absl::OkStatus() : CacheError(path, written.error());
  }
  // Has `session` store `bytes` as what is known of the view.
  absl::StatusOr<bool> StoreIn(CacheSession& session,
                               const CacheLocation& location,
                               std::string_view bytes) {
    absl::StatusOr<std::optional<PendingEntry>> entry = session.NewEntry();
    if (!entry.ok()) return entry.status();
    if (!entry->has_value()) return false;
    absl::Status written = Write((*entry)->data_path(), bytes);
    if (!written.ok()) return written;
    EntryDescription description =
        DescribeEntry(view_, location, SessionOf(*process_).host, "/work");
    description.directories = 3;
    description.files = 7;
    return session.Commit(**entry, description);
  }
  // A run that finds nothing and stores `bytes`.
  void RunFirst(std::string_view bytes) {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    EXPECT_TRUE(StoreIn(session, location, bytes).value());
    session.End();
  }

  ListedEntry Listed() {
    const auto entry = ListEntry(*Open(), Locate().key);
    EXPECT_TRUE(entry.ok()) << entry.status();
    return entry.ok() ? *entry : ListedEntry();
  }
  uint64_t Count(CacheEvent event) {
    const auto summary = Summarize(*Open());
    EXPECT_TRUE(summary.ok());
    return summary.ok() ? summary->statistics.Count(event) : 0;
  }
  // The lock of the view's entry, held as removal and packing hold it.
  std::unique_ptr<SharedFile> LockAgainstReaders(CacheProcess& other) {
    auto lock = LockFileAt(other.environment(),
                           At("objects/" + Locate().key + "/object.lock"),
                           SharedAccess::kReadWrite, LockMode::kExclusive);
    EXPECT_TRUE(lock.ok());
    return std::move(lock->file);
  }

  FakeBackgroundProcesses background_;
  CacheOptions options_;
  View view_;
};

TEST_F(CacheSessionTest, AFirstRunMissesAndMakesTheEntry) {
  RunFirst("facts");
  EXPECT_EQ(tree_.ReadFile(Locate().database), "facts");
  const ListedEntry entry = Listed();
  const EntryDescription said = DecodeDescription(entry.info.description);
  EXPECT_EQ(said.roots, std::vector<std::string>{"/work/src"});
  EXPECT_EQ(said.view_id, "me@here");
  EXPECT_EQ(said.directories, 3u);
  EXPECT_EQ(said.files, 7u);
  EXPECT_EQ(entry.uses, 0u);
  EXPECT_EQ(Count(CacheEvent::kMiss), 1u);
  EXPECT_EQ(Count(CacheEvent::kStored), 1u);
}

TEST_F(CacheSessionTest, AHitIsLockedUntilTheEndAndCountedThen) {
  RunFirst("facts");
  {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    EXPECT_EQ(*Open()->Remove(location.key), RemoveOutcome::kInUse);
    EXPECT_EQ(Listed().uses, 0u);
    session.End();
  }
  EXPECT_EQ(Listed().uses, 1u);
  EXPECT_EQ(Count(CacheEvent::kHit), 1u);
  EXPECT_EQ(*Open()->Remove(Locate().key), RemoveOutcome::kRemoved);
}

TEST_F(CacheSessionTest, WhatItHasReadItReplacesWithoutLeavingTheOldOne) {
  RunFirst("facts");
  {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    EXPECT_TRUE(StoreIn(session, location, "newer").value());
    EXPECT_TRUE(tree_.Names(At("stage")).empty());
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "newer");
  EXPECT_EQ(Listed().uses, 1u);
  EXPECT_EQ(Accounted(*Open()), TrueBytes());
}

TEST_F(CacheSessionTest, ThatFailsToWriteLeavesTheEntryAsItWas) {
  RunFirst("facts");
  {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    process_->files().calls().FailNthCall(Operation::kAppend, 1, ENOSPC);
    const auto failed = StoreIn(session, location, "newer");
    EXPECT_THAT(std::string(failed.status().message()),
                HasSubstr("No space left on device"));
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "facts");
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheSessionTest, StartsUpkeepInTheEndIfItIsDue) {
  RunFirst("facts");
  EXPECT_TRUE(background_.started().empty());
  clock_.Advance(kUpkeepIntervalNs);
  {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    EXPECT_TRUE(background_.started().empty());
    session.End();
  }
  ASSERT_EQ(background_.started().size(), 1u);
  EXPECT_EQ(background_.started()[0],
            (std::vector<std::string>{"cache", "gc", "--background",
                                      "--cache-dir", std::string(kCachePath)}));
  RunFirst("newer");
  EXPECT_EQ(background_.started().size(), 1u);
}

TEST_F(CacheSessionTest, ARefreshReplacesTheEntryWithoutReadingIt) {
  const std::string facts(300'000, 'f');
  RunFirst(facts);
  clock_.Advance(5 * kDayNs);
  EXPECT_EQ(Upkeep(*Open()).packed, 1u);
  options_.mode = CacheMode::kRefresh;
  {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    EXPECT_FALSE(tree_.Exists(location.database));
    EXPECT_TRUE(StoreIn(session, location, "newer").value());
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "newer");
  EXPECT_EQ(Keys().size(), 1u);
  EXPECT_EQ(Accounted(*Open()), TrueBytes());
  EXPECT_EQ(Count(CacheEvent::kHit), 0u);
  EXPECT_EQ(Count(CacheEvent::kMiss), 1u);  // of the first run
}

TEST_F(CacheSessionTest, WhoMeetsALockMissesAndSkipsTheStore) {
  RunFirst("facts");
  auto other = NewProcess();
  std::unique_ptr<SharedFile> lock = LockAgainstReaders(*other);
  {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    EXPECT_EQ(tree_.ReadFile(location.database), "facts");
    EXPECT_FALSE(StoreIn(session, location, "newer").value());
    session.End();
  }
  EXPECT_EQ(Count(CacheEvent::kMiss), 2u);
  EXPECT_EQ(Count(CacheEvent::kSkipped), 1u);
  EXPECT_EQ(Listed().uses, 0u);
  {
    const CacheLocation location = Locate();
    CacheSession session(&location, &background_);
    lock.reset();
    EXPECT_TRUE(StoreIn(session, location, "newer").value());
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "newer");
}

TEST_F(CacheSessionTest, AWiderEntryThatHasGoneIsNotReplacedByAPart) {
  RunFirst("facts");
  view_.roots = {"src/below"};
  const CacheLocation location = Locate();
  ASSERT_TRUE(location.wider);
  ASSERT_TRUE(Open()->Remove(location.key).ok());
  CacheSession session(&location, &background_);
  EXPECT_FALSE(StoreIn(session, location, "part").value());
  EXPECT_TRUE(Keys().empty());
}

TEST_F(CacheSessionTest, AnUnusableDirectoryIsNoCacheForAReason) {
  tree_.WriteFile("/file");
  options_.directory = "/file";
  const CacheLocation location = Locate();
  EXPECT_EQ(location.use, CacheUse::kNone);
  EXPECT_THAT(location.problem, StartsWith("/file: Not a directory"));
  process_->files().calls().Reset();
  CacheSession(&location, &background_).End();
  EXPECT_TRUE(process_->files().calls().log().empty());
  EXPECT_TRUE(background_.started().empty());
}

TEST_F(CacheSessionTest, ADatabaseThatWasNamedIsNoneOfItsBusiness) {
  options_.directory.reset();
  options_.database = "/work/db";
  const CacheLocation location = Locate();
  process_->files().calls().Reset();
  CacheSession(&location, &background_).End();
  EXPECT_TRUE(process_->files().calls().log().empty());
}

}  // namespace
}  // namespace finder
