#include "finder/session/entry_use.h"

#include <errno.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/cache/upkeep/upkeep.h"
#include "fs/fake/fake_machine.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class EntryUseTest : public CacheTest {
 protected:
  EntryUseTest() {
    tree_.MakeDirectories("/work/src");
    process_->machine().SetWorkingDirectory("/work");
    tree_.Chown("/home", FakeUser().id);
    options_.directory = std::string(kCachePath);
    tree_.MakeDirectories("/home/.cache");
    view_.roots = {"src"};
  }

  static std::vector<std::string> UpkeepOf(const std::string& path) {
    return {"upkeep", path};
  }
  EntryChoice Locate() {
    return ChooseEntry(options_, view_, {}, process_->machine().machine());
  }

  absl::Status Write(const std::string& path, std::string_view bytes) {
    auto file = process_->files().CreateFile(path, 0600);
    if (!file.ok()) return CacheError(path, file.error());
    Outcome written = file.value()->Append(bytes);
    if (written.ok()) written = file.value()->Commit();
    return written.ok() ? absl::OkStatus() : CacheError(path, written.error());
  }
  // Has `use` store `bytes` as what is known of the view.
  absl::StatusOr<bool> StoreIn(EntryUse& use, const EntryChoice& location,
                               std::string_view bytes) {
    absl::StatusOr<std::optional<PendingEntry>> entry = use.NewEntry();
    if (!entry.ok()) return entry.status();
    if (!entry->has_value()) return false;
    absl::Status written = Write((*entry)->data_path(), bytes);
    if (!written.ok()) return written;
    EntryDescription description = DescribeEntry(
        view_, location, process_->machine().machine(), "finder test");
    description.directories = 3;
    description.files = 7;
    return use.Commit(**entry, description);
  }
  // A run that finds nothing and stores `bytes`.
  void RunFirst(std::string_view bytes) {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    EXPECT_TRUE(StoreIn(use, location, bytes).value());
    use.End(&process_->machine().background(), UpkeepOf);
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

  CacheSettings options_;
  View view_;
};

TEST_F(EntryUseTest, AFirstRunMissesAndMakesTheEntry) {
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

TEST_F(EntryUseTest, AHitIsLockedUntilTheEndAndCountedThen) {
  RunFirst("facts");
  {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    EXPECT_EQ(*Open()->Remove(location.key), RemoveOutcome::kInUse);
    EXPECT_EQ(Listed().uses, 0u);
    use.End(&process_->machine().background(), UpkeepOf);
  }
  EXPECT_EQ(Listed().uses, 1u);
  EXPECT_EQ(Count(CacheEvent::kHit), 1u);
  EXPECT_EQ(*Open()->Remove(Locate().key), RemoveOutcome::kRemoved);
}

TEST_F(EntryUseTest, WhatItHasReadItReplacesWithoutLeavingTheOldOne) {
  RunFirst("facts");
  {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    EXPECT_TRUE(StoreIn(use, location, "newer").value());
    EXPECT_TRUE(tree_.Names(At("stage")).empty());
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "newer");
  EXPECT_EQ(Listed().uses, 1u);
  EXPECT_EQ(Accounted(*Open()), TrueBytes());
}

TEST_F(EntryUseTest, ThatFailsToWriteLeavesTheEntryAsItWas) {
  RunFirst("facts");
  {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    process_->files().calls().FailNthCall(Operation::kAppend, 1, ENOSPC);
    const auto failed = StoreIn(use, location, "newer");
    EXPECT_THAT(std::string(failed.status().message()),
                HasSubstr("No space left on device"));
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "facts");
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(EntryUseTest, StartsUpkeepInTheEndIfItIsDue) {
  RunFirst("facts");
  EXPECT_TRUE(process_->machine().background().started().empty());
  clock_.Advance(kUpkeepIntervalNs);
  {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    EXPECT_TRUE(process_->machine().background().started().empty());
    use.End(&process_->machine().background(), UpkeepOf);
  }
  ASSERT_EQ(process_->machine().background().started().size(), 1u);
  EXPECT_EQ(process_->machine().background().started()[0],
            (UpkeepOf(std::string(kCachePath))));
  RunFirst("newer");
  EXPECT_EQ(process_->machine().background().started().size(), 1u);
}

TEST_F(EntryUseTest, ARefreshReplacesTheEntryWithoutReadingIt) {
  const std::string facts(300'000, 'f');
  RunFirst(facts);
  clock_.Advance(5 * kDayNs);
  EXPECT_EQ(Upkeep(*Open()).packed, 1u);
  options_.mode = CacheMode::kRefresh;
  {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    EXPECT_FALSE(tree_.Exists(location.database));
    EXPECT_TRUE(StoreIn(use, location, "newer").value());
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "newer");
  EXPECT_EQ(Keys().size(), 1u);
  EXPECT_EQ(Accounted(*Open()), TrueBytes());
  EXPECT_EQ(Count(CacheEvent::kHit), 0u);
  EXPECT_EQ(Count(CacheEvent::kMiss), 1u);  // of the first run
}

TEST_F(EntryUseTest, WhoMeetsALockMissesAndSkipsTheStore) {
  RunFirst("facts");
  auto other = NewProcess();
  std::unique_ptr<SharedFile> lock = LockAgainstReaders(*other);
  {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    EXPECT_EQ(tree_.ReadFile(location.database), "facts");
    EXPECT_FALSE(StoreIn(use, location, "newer").value());
    use.End(&process_->machine().background(), UpkeepOf);
  }
  EXPECT_EQ(Count(CacheEvent::kMiss), 2u);
  EXPECT_EQ(Count(CacheEvent::kSkipped), 1u);
  EXPECT_EQ(Listed().uses, 0u);
  {
    const EntryChoice location = Locate();
    EntryUse use(&location);
    lock.reset();
    EXPECT_TRUE(StoreIn(use, location, "newer").value());
  }
  EXPECT_EQ(tree_.ReadFile(Locate().database), "newer");
}

TEST_F(EntryUseTest, AWiderEntryThatHasGoneIsNotReplacedByAPart) {
  RunFirst("facts");
  view_.roots = {"src/below"};
  const EntryChoice location = Locate();
  ASSERT_TRUE(location.wider);
  ASSERT_TRUE(Open()->Remove(location.key).ok());
  EntryUse use(&location);
  EXPECT_FALSE(StoreIn(use, location, "part").value());
  EXPECT_TRUE(Keys().empty());
}

TEST_F(EntryUseTest, AnUnusableDirectoryIsNoCacheForAReason) {
  tree_.WriteFile("/file");
  options_.directory = "/file";
  const EntryChoice location = Locate();
  EXPECT_EQ(location.use, CacheUse::kNone);
  EXPECT_THAT(location.problem, StartsWith("/file: Not a directory"));
  process_->files().calls().Reset();
  EntryUse(&location).End(&process_->machine().background(), UpkeepOf);
  EXPECT_TRUE(process_->files().calls().log().empty());
  EXPECT_TRUE(process_->machine().background().started().empty());
}

TEST_F(EntryUseTest, ADatabaseThatWasNamedIsNoneOfItsBusiness) {
  options_.directory.reset();
  options_.database = "/work/db";
  const EntryChoice location = Locate();
  process_->files().calls().Reset();
  EntryUse(&location).End(&process_->machine().background(), UpkeepOf);
  EXPECT_TRUE(process_->files().calls().log().empty());
}

}  // namespace
}  // namespace finder
