// What an operation of the cache asks of the system, call by call. One call
// more in a load or a store is a decision, not an accident.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/exclusive_entry.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

class CacheCost : public CacheTest {
 protected:
  // The calls since the last Reset, without the paths.
  std::vector<std::string> Calls() {
    std::vector<std::string> calls;
    for (const std::string& line : process_->files().calls().log()) {
      calls.push_back(line.substr(0, line.find(' ')));
    }
    return calls;
  }
  void Reset() { process_->files().calls().Reset(); }
  static std::vector<std::string> Words(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
      const size_t end = std::min(text.find(' '), text.size());
      words.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(text.size(), end + 1));
    }
    return words;
  }
};

TEST_F(CacheCost, OfALoadIsFiveCallsAndOneForTheUse) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  Reset();
  LoadOutcome loaded = cache->Load("key");
  EXPECT_EQ(Calls(), Words("open_shared lock stat stat stat"));
  Reset();
  loaded.entry->Release();
  EXPECT_EQ(Calls(), Words("resize"));
}

TEST_F(CacheCost, OfAMissIsOneCall) {
  auto cache = Open();
  Reset();
  cache->Load("key");
  EXPECT_EQ(Calls(), Words("open_shared"));
}

TEST_F(CacheCost, OfEventsIsThreeCallsForAllOfThem) {
  auto cache = Open();
  for (int i = 0; i < 100; ++i) cache->Load("key");
  Reset();
  cache->FlushEvents();
  EXPECT_EQ(Calls(), Words("open_shared stat append"));
  Reset();
  cache->FlushEvents();
  EXPECT_EQ(Calls(), Words(""));
}

TEST_F(CacheCost, OfAnAnswerThatHasNotChangedIsNineCalls) {
  auto cache = Open();
  const std::string key = "answer-0";
  {
    ExclusiveEntry first =
        std::move(ExclusiveEntry::TryLock(*cache, key)).value();
    ASSERT_TRUE(first.Prepare("answer", {}).ok());
    ASSERT_TRUE(first.Publish().ok());
  }
  Reset();
  ExclusiveEntry entry =
      std::move(ExclusiveEntry::TryLock(*cache, key)).value();
  EXPECT_EQ(*entry.Read(), "answer");
  EXPECT_EQ(Calls(), Words("open_shared lock stat stat stat "
                           "open_file stat read"));
  Reset();
  entry.NoteUse();
  EXPECT_EQ(Calls(), Words("resize"));
}

TEST_F(CacheCost, OfAnAnswerThatChangesIsPaidBeforeItIsPrinted) {
  auto cache = Open();
  const std::string key = "answer-0";
  for (const bool first : {true, false}) {
    ExclusiveEntry entry =
        std::move(ExclusiveEntry::TryLock(*cache, key)).value();
    Reset();
    ASSERT_TRUE(entry.Prepare("answer", {}).ok());
    EXPECT_EQ(Calls(), Words("make_directory open_shared lock stat stat "
                             "make_directory create_small "
                             "stat create_small "
                             "open_shared lock stat stat append read"));
    Reset();
    ASSERT_TRUE(entry.Publish().ok());
    std::string after = first ? "" : "resize ";
    after += "exchange stat ";
    if (!first) after += "stat stat stat ";
    after += "open_shared lock stat stat open_directory list";
    if (!first) after += " open_directory list";
    if (!first) after += " open_shared lock stat stat append read";
    std::vector<std::string> calls = Calls();
    std::erase(calls, "remove");  // one for each file and directory
    EXPECT_EQ(calls, Words(after));
  }
}

TEST_F(CacheCost, OfAStoreIsSixteenCallsBesideTheDatabase) {
  auto cache = Open();
  Reset();
  Store(*cache, "key", "facts");
  EXPECT_EQ(Calls(), Words("make_directory open_shared lock stat stat "
                           "make_directory "
                           "create append commit "
                           "stat create_small open_shared "
                           "open_shared lock stat stat append read "
                           "rename"));
}

TEST_F(CacheCost, OfAReplacementIsThirtyOneCallsAndTheRemoval) {
  auto cache = Open();
  Store(*cache, "key", "old");
  Reset();
  Store(*cache, "key", "new");
  std::vector<std::string> calls = Calls();
  const std::string removal =
      "open_directory list remove open_directory list remove remove "
      "remove remove";
  EXPECT_EQ(calls, Words("make_directory open_shared lock stat stat "
                         "make_directory "
                         "create append commit "
                         "stat create_small open_shared lock stat stat "
                         "open_shared lock stat stat append read "
                         "exchange stat stat open_shared lock stat stat " +
                         removal + " open_shared lock stat stat append read"));
}

TEST_F(CacheCost, OfAListingIsTwoCallsAnEntry) {
  auto cache = Open();
  for (int i = 0; i < 3; ++i) Store(*cache, "k" + std::to_string(i), "facts");
  Reset();
  ASSERT_TRUE(ListCache(*cache).ok());
  EXPECT_EQ(Calls(), Words("open_directory list open_directory list "
                           "open_directory list open_directory "
                           "read_small stat read_small stat read_small stat"));
}

TEST_F(CacheCost, OfASummaryIsTheSameForEveryNumberOfEntries) {
  auto cache = Open();
  for (int i = 0; i < 3; ++i) Store(*cache, "k" + std::to_string(i), "facts");
  Reset();
  ASSERT_TRUE(Summarize(*cache).ok());
  EXPECT_EQ(Calls(), Words("read_small read_small stat"));
}

}  // namespace
}  // namespace finder
