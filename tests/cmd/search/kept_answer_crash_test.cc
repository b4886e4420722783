// A run that tells what has changed dies at any call, or the power fails after
// it: what it has told may be told again, what it has not is told by the next.
#include <string>
#include <tuple>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/search/answer_world.h"

namespace finder {
namespace {

using ::testing::IsEmpty;

class KeptAnswerCrash : public AnswerInPlaceTest {
 protected:
  // The tree before the run that dies, and what it has to tell.
  std::string Prepare(bool first) {
    Forget();
    tree_.RemoveAll("/work/big");
    tree_.AddTree("f big/a.c\nf big/sub/b.c\nf big/sub/b.h\n", "/work");
    clock_.Advance(kHourNs);
    if (first) {
      Run(Here({"big"}));  // the facts
      return "A big/a.c\nA big/sub/b.c\nA big/sub/b.h\n";
    }
    Run(Here({"--since-last", "big"}));
    Remove("/work/big/sub/b.h");
    Touch("/work/big/sub/new");
    return "D big/sub/b.h\nA big/sub/new\n";
  }

  // What leftovers there are, upkeep removes.
  void ExpectSoundCache() {
    if (!in_cache()) return;
    auto process = NewProcess();
    auto cache = Open(*process);
    const UpkeepReport report = Upkeep(*cache);
    EXPECT_EQ(report.problems, std::vector<std::string>());
    EXPECT_EQ(report.unknown, std::vector<std::string>());
    EXPECT_EQ(report.bytes_after, TrueBytes());
    EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
    const auto listing = ListCache(*cache);
    ASSERT_TRUE(listing.ok());
    EXPECT_THAT(listing->incomplete, IsEmpty());
  }
};

TEST_P(KeptAnswerCrash, LosesNoChange) {
  for (const bool first : {true, false}) {
    int told_twice = 0;
    for (int n = 1;; ++n) {
      SCOPED_TRACE(n);
      const std::string news = Prepare(first);
      auto process = NewProcess();
      process->files().calls().Reset();
      process->files().calls().FailNthCallOfAny(
          n, EIO, FakeCalls::Lasting::kFromThenOn);
      FakeStream out;
      RunIn(*process, Here({"--since-last", "big"}), &out);
      const bool over =
          static_cast<int>(process->files().calls().log().size()) < n;
      process.reset();
      // Upkeep may come before the next run, or after it.
      if (n % 2 == 0) ExpectSoundCache();
      EXPECT_TRUE(out.text.empty() || out.text == news) << out.text;
      const Told next = Run(Here({"--since-last", "big"}));
      EXPECT_EQ(next.code, ExitCode::kDone) << next.err;
      EXPECT_EQ(next.err, "");
      if (out.text.empty() || !next.out.empty()) {
        EXPECT_EQ(next.out, news);
        told_twice += !out.text.empty();
      }
      EXPECT_EQ(Run(Here({"--since-last", "big"})).out, "");
      ExpectSoundCache();
      EXPECT_EQ(Run(Here({"--check", "big"})).code, ExitCode::kDone);
      ASSERT_FALSE(HasFailure());
      if (over) break;
    }
    // Between printing and publishing there is next to nothing.
    EXPECT_LE(told_twice, 3);
  }
}

TEST_P(KeptAnswerCrash, OfACheckSaysUnchangedOnlyIfItHasSaidChanged) {
  for (const bool first : {true, false}) {
    for (int n = 1;; ++n) {
      SCOPED_TRACE(n);
      Prepare(first);
      auto process = NewProcess();
      process->files().calls().Reset();
      process->files().calls().FailNthCallOfAny(
          n, EIO, FakeCalls::Lasting::kFromThenOn);
      const Told told = RunIn(*process, Here({"--check", "big"}));
      const bool over =
          static_cast<int>(process->files().calls().log().size()) < n;
      process.reset();
      const Told next = Run(Here({"--check", "big"}));
      EXPECT_EQ(next.code,
                told.code == ExitCode::kNo ? ExitCode::kDone : ExitCode::kNo);
      EXPECT_EQ(Run(Here({"--check", "big"})).code, ExitCode::kDone);
      ASSERT_FALSE(HasFailure());
      if (over) break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(In, KeptAnswerCrash, testing::Values(0u, 1u),
                         NameOfPlace);

class KeptAnswerPowerCut : public AnswerTest,
                           public testing::WithParamInterface<
                               std::tuple<size_t, UnsyncedBytes, size_t>> {};

TEST_P(KeptAnswerPowerCut, MayTellAgainButLosesNothing) {
  const auto& [place, unsynced, lost] = GetParam();
  std::vector<std::string> changes = {"--since-last", "big"};
  for (const std::string& option : AnswerPlaces()[place].options) {
    changes.push_back(option);
  }
  for (uint64_t seed = 0; seed < 4; ++seed) {
    Forget();
    tree_.RemoveAll("/work/big");
    tree_.AddTree("f big/a.c\nf big/sub/b.c\n", "/work");
    clock_.Advance(kHourNs);
    Run(changes);
    Remove("/work/big/a.c");
    EXPECT_EQ(Run(changes).out, "D big/a.c\n");
    FakePowerCut cut;
    cut.unsynced_bytes = unsynced;
    cut.lost_name_changes = lost;
    cut.seed = seed;
    tree_.CutPower(cut);
    // What is known is of before, of now, or nothing.
    Told next = Run(changes);
    if (next.err.find("is no database, and is not replaced") !=
        std::string::npos) {
      // Its first bytes were lost, and it might be anything. Nothing was told.
      EXPECT_EQ(next.code, ExitCode::kFailed);
      EXPECT_EQ(next.out, "");
      tree_.RemoveAll("/work/db");
      next = Run(changes);
    }
    EXPECT_EQ(next.code, ExitCode::kDone) << next.err;
    EXPECT_THAT(next.out, testing::AnyOf("", "D big/a.c\n", "A big/sub/b.c\n"));
    EXPECT_EQ(Run(changes).out, "");
    Touch("/work/big/new");
    EXPECT_EQ(Run(changes).out, "A big/new\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Every, KeptAnswerPowerCut,
                         testing::Combine(testing::Values(0u, 1u),
                                          testing::Values(UnsyncedBytes::kLost,
                                                          UnsyncedBytes::kEmpty,
                                                          UnsyncedBytes::kTorn),
                                          testing::Range(size_t{0}, size_t{60},
                                                         size_t{4})));

}  // namespace
}  // namespace finder
