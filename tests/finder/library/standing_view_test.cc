// A view that is scanned again and asked in between, on a machine in memory.
#include "finder/library/standing_view.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/fake/fake_machine.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kMinuteNs = 60'000'000'000;

class StandingViewTest : public testing::Test {
 protected:
  StandingViewTest() : tree_(&clock_), machine_(&tree_, &clock_) {
    tree_.MakeDirectories("/home/.cache");
    tree_.Chown("/home", FakeUser().id);
    tree_.Chown("/home/.cache", FakeUser().id);
    tree_.AddTree("f a/one.c\nf a/b/two.c\nf c/three.h\n", "/src");
    clock_.Advance(kMinuteNs);
    EXPECT_TRUE(view_.Set("roots", "/src").ok());
  }

  static std::string Paths(StandingView& view, const QueryOptions& query) {
    std::string all;
    const auto answers = view.Answer(
        query,
        [](const Match& match, std::string& out) {
          out.append(match.directory).append(match.name).append(" ");
        },
        [&all](std::string_view bytes) {
          all += bytes;
          return true;
        });
    return answers.ok() ? all : std::string(answers.status().message());
  }
  static ScanOrder CancelledBy(const std::atomic<bool>& cancelled) {
    ScanOrder order;
    order.cancelled = &cancelled;
    return order;
  }
  StandingView NewView() {
    ViewVariables variables;
    variables.cache.home = "/home";
    return StandingView(machine_.machine(), variables, "finder test");
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeMachine machine_;
  StandingView view_ = NewView();
};

TEST_F(StandingViewTest, IsAskedManyTimesAfterOneScan) {
  ASSERT_TRUE(view_.Scan({}).ok());
  const uint64_t stats = machine_.files().calls().counters().stat;
  QueryOptions query;
  EXPECT_EQ(Paths(view_, query), "/src/a/b/two.c /src/a/one.c /src/c/three.h ");
  ASSERT_TRUE(query.Set("glob", "*.h").ok());
  EXPECT_EQ(Paths(view_, query), "/src/c/three.h ");
  EXPECT_EQ(machine_.files().calls().counters().stat, stats);
}

TEST_F(StandingViewTest, AFurtherScanSeesWhatHasChanged) {
  ASSERT_TRUE(view_.Scan({}).ok());
  tree_.WriteFile("/src/c/four.h");
  ASSERT_TRUE(view_.Scan({}).ok());
  EXPECT_EQ(view_.Statistics()->list_calls, 1u);
  QueryOptions query;
  ASSERT_TRUE(query.Set("extension", "h").ok());
  EXPECT_EQ(Paths(view_, query), "/src/c/four.h /src/c/three.h ");
}

TEST_F(StandingViewTest, WhatIsKeptMakesTheNextViewWarm) {
  ASSERT_TRUE(view_.Scan({}).ok());
  ASSERT_TRUE(view_.Save().ok());
  EXPECT_TRUE(view_.Statistics()->database_written);
  StandingView next = NewView();
  ASSERT_TRUE(next.Set("roots", "/src").ok());
  ASSERT_TRUE(next.Scan({}).ok());
  EXPECT_EQ(next.Statistics()->cache, CacheState::kWarm);
  EXPECT_EQ(next.Statistics()->list_calls, 0u);
}

TEST_F(StandingViewTest, ItsEntryIsFreeForOthersWhileItStands) {
  ASSERT_TRUE(view_.Scan({}).ok());
  ASSERT_TRUE(view_.Save().ok());
  ASSERT_TRUE(view_.Scan({}).ok());
  tree_.WriteFile("/src/new.c");
  StandingView other = NewView();
  ASSERT_TRUE(other.Set("roots", "/src").ok());
  ASSERT_TRUE(other.Scan({}).ok());
  ASSERT_TRUE(other.Save().ok());
  EXPECT_TRUE(other.Statistics()->database_written);
}

TEST_F(StandingViewTest, ACancelledScanLooksAtHardlyAnything) {
  std::atomic<bool> cancelled = true;
  ASSERT_TRUE(view_.Set("no-cache", "").ok());
  for (int pass = 0; pass < 2; ++pass) {
    const uint64_t before = machine_.files().calls().counters().list;
    const absl::Status status = view_.Scan(CancelledBy(cancelled));
    EXPECT_EQ(status.code(), absl::StatusCode::kCancelled) << status;
    EXPECT_EQ(machine_.files().calls().counters().list, before);
    EXPECT_EQ(Paths(view_, {}), "the view has not been scanned");
    if (pass == 0) {
      ASSERT_TRUE(view_.Scan({}).ok());
    }
  }
  ASSERT_TRUE(view_.Scan({}).ok());
  EXPECT_EQ(Paths(view_, {}), "/src/a/b/two.c /src/a/one.c /src/c/three.h ");
}

TEST_F(StandingViewTest, CancelledInItsMidstItLeavesNothing) {
  std::atomic<bool> cancelled = false;
  ScanOrder order = CancelledBy(cancelled);
  order.progress = [&cancelled](uint64_t, std::optional<uint64_t>) {
    cancelled = true;
  };
  EXPECT_EQ(view_.Scan(order).code(), absl::StatusCode::kCancelled);
  EXPECT_FALSE(view_.Save().ok());
  ASSERT_TRUE(view_.Scan({}).ok());
  EXPECT_EQ(Paths(view_, {}), "/src/a/b/two.c /src/a/one.c /src/c/three.h ");
}

TEST_F(StandingViewTest, AScanForOneQueryLooksAtNoMoreAndAnswersNoOther) {
  QueryOptions query;
  ASSERT_TRUE(query.Set("at", "/src/c").ok());
  ScanOrder order;
  order.only = &query;
  ASSERT_TRUE(view_.Scan(order).ok());
  EXPECT_EQ(view_.Statistics()->list_calls, 2u);
  EXPECT_EQ(Paths(view_, query), "/src/c/three.h ");
  EXPECT_EQ(Paths(view_, {}), "the view has been scanned for another query");
  ASSERT_TRUE(view_.Scan({}).ok());
  EXPECT_EQ(Paths(view_, {}), "/src/a/b/two.c /src/a/one.c /src/c/three.h ");
}

TEST_F(StandingViewTest, ExcludesHoldForDirectoriesAndForFiles) {
  ASSERT_TRUE(view_.Set("exclude", "b").ok());
  ASSERT_TRUE(view_.Set("exclude", "*.h").ok());
  ASSERT_TRUE(view_.Scan({}).ok());
  EXPECT_EQ(Paths(view_, {}), "/src/a/one.c ");
  const auto why = view_.Explain({}, "/src/c/three.h");
  ASSERT_TRUE(why.ok()) << why.status();
  EXPECT_FALSE(why->shown);
  EXPECT_THAT(why->reason, HasSubstr("*.h"));
}

TEST_F(StandingViewTest, SmartCaseGoesByThePatterns) {
  ASSERT_TRUE(view_.Scan({}).ok());
  QueryOptions query;
  ASSERT_TRUE(query.Set("smart-case", "").ok());
  ASSERT_TRUE(query.Set("glob", "THREE*").ok());
  EXPECT_EQ(Paths(view_, query), "");
}

TEST_F(StandingViewTest, OptionsStayAfterTheFirstScan) {
  ASSERT_TRUE(view_.Scan({}).ok());
  EXPECT_EQ(view_.Set("exclude", "x").code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(StandingViewTest, AMissingRootFailsUntilItIsThere) {
  StandingView view = NewView();
  ASSERT_TRUE(view.Set("roots", "/later").ok());
  EXPECT_EQ(view.Scan({}).code(), absl::StatusCode::kNotFound);
  tree_.WriteFile("/later/file");
  ASSERT_TRUE(view.Scan({}).ok());
  EXPECT_EQ(Paths(view, {}), "/later/file ");
}

TEST_F(StandingViewTest, UnknownAndMisplacedOptionsAreRefusedByName) {
  QueryOptions query;
  EXPECT_EQ(view_.Set("colour", "red").message(),
            "colour: there is no such option");
  EXPECT_EQ(view_.Set("glob", "*").message(),
            "glob: is an option of queries, not of views");
  EXPECT_EQ(query.Set("roots", "x").message(),
            "roots: is an option of views, not of queries");
  EXPECT_EQ(query.Set("max-depth", "x").message(),
            "max-depth: 'x' is not a number");
  EXPECT_EQ(query.Set("size", "+1k").message(),
            "size: the library knows names, not sizes, times or what git "
            "tracks");
  EXPECT_EQ(view_.Set("no-cache", "x").message(), "no-cache: takes no value");
  EXPECT_EQ(view_.Set("threads", "0").message(),
            "threads: 0 is out of range (1 to 256)");
  EXPECT_EQ(view_.Set("db", "").message(), "db: the value is empty");
}

TEST_F(StandingViewTest, AMalformedViewFailsInTheScan) {
  ASSERT_TRUE(view_.Set("exclude-dirs", "[").ok());
  EXPECT_EQ(view_.Scan({}).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace finder
