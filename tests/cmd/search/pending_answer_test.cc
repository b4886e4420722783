// --check=keep and --checked: what is told stays a change until it is said that
// it was dealt with, and only that is kept.
#include <errno.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/search/answer_world.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr ExitCode kSame = ExitCode::kDone;
constexpr ExitCode kChanged = ExitCode::kNo;
constexpr ExitCode kFailed = ExitCode::kFailed;

class PendingAnswer : public AnswerInPlaceTest {
 protected:
  ExitCode Keep() { return Run(Here({"--check=keep", "big"})).code; }
  ExitCode Checked() { return Run(Here({"--checked", "big"})).code; }
  ExitCode Check() { return Run(Here({"--check", "big"})).code; }
  std::string Changes() { return Run(Here({"--since-last", "big"})).out; }

  // The tree and what is kept before a run that dies: the first one, or one
  // with a change to tell.
  void Prepare(bool first) {
    Forget();
    tree_.RemoveAll("/work/big");
    tree_.AddTree("f big/a.c\nf big/sub/b.c\n", "/work");
    clock_.Advance(kHourNs);
    if (first) return;
    EXPECT_EQ(Check(), kChanged);
    Touch("/work/big/sub/new");
  }

  // Kills a run of `arguments` at every call. Calls `before` first, and `after`
  // with what it has told.
  void KillEverywhere(const std::vector<std::string>& arguments,
                      const std::function<void()>& before,
                      const std::function<void(const Told&)>& after) {
    for (int n = 1;; ++n) {
      SCOPED_TRACE(n);
      before();
      auto process = NewProcess();
      process->files().calls().Reset();
      process->files().calls().FailNthCallOfAny(
          n, EIO, FakeCalls::Lasting::kFromThenOn);
      const Told told = RunIn(*process, arguments);
      const bool over =
          static_cast<int>(process->files().calls().log().size()) < n;
      process.reset();
      after(told);
      ASSERT_FALSE(HasFailure());
      if (over) return;
    }
  }
};

TEST_P(PendingAnswer, IsAChangeUntilItIsChecked) {
  EXPECT_EQ(Keep(), kChanged);
  EXPECT_EQ(Keep(), kChanged);
  EXPECT_EQ(Checked(), kSame);
  EXPECT_EQ(Keep(), kSame);
  Touch("/work/big/new");
  EXPECT_EQ(Keep(), kChanged);
  EXPECT_EQ(Keep(), kChanged);
  EXPECT_EQ(Checked(), kSame);
  EXPECT_EQ(Keep(), kSame);
  EXPECT_EQ(Check(), kSame);
}

TEST_P(PendingAnswer, IsWhatWasSeenAndNotWhatIsThereWhenItIsChecked) {
  Check();
  Touch("/work/big/seen");
  EXPECT_EQ(Keep(), kChanged);
  Touch("/work/big/later");
  EXPECT_EQ(Checked(), kSame);
  EXPECT_EQ(Keep(), kChanged);
  Remove("/work/big/later");
  EXPECT_EQ(Keep(), kSame);
}

TEST_P(PendingAnswer, IsThatOfTheLastTime) {
  Check();
  Touch("/work/big/one");
  EXPECT_EQ(Keep(), kChanged);
  Touch("/work/big/two");
  EXPECT_EQ(Keep(), kChanged);
  EXPECT_EQ(Checked(), kSame);
  EXPECT_EQ(Keep(), kSame);
}

TEST_P(PendingAnswer, ThatIsNotThereIsAnErrorAndLeavesNothing) {
  const Told told = Run(Here({"--checked", "big"}));
  EXPECT_EQ(told.code, kFailed);
  EXPECT_EQ(told.err,
            "finder: --checked: no --check=keep of this view and query has "
            "seen a change that is not kept yet\n");
  if (in_cache()) {
    EXPECT_THAT(Keys(), IsEmpty());
  }
  EXPECT_FALSE(tree_.Exists("/work/db.answers"));
  Keep();
  EXPECT_EQ(Checked(), kSame);
  EXPECT_EQ(Checked(), kFailed);
  EXPECT_EQ(Keep(), kSame);
  EXPECT_EQ(Checked(), kFailed);
}

TEST_P(PendingAnswer, IsOfItsOwnQuestionOnly) {
  Keep();
  for (const std::vector<std::string>& other :
       std::vector<std::vector<std::string>>{{"big/sub"},
                                             {"-g", "*.c", "big"},
                                             {"-a", "big"},
                                             {"-E", "x", "big"},
                                             {"--view-id", "x", "big"},
                                             {"-L", "big"}}) {
    std::vector<std::string> arguments = {"--checked"};
    arguments.insert(arguments.end(), other.begin(), other.end());
    EXPECT_EQ(Run(Here(arguments)).code, kFailed) << other[0];
  }
  EXPECT_EQ(Run(Here({"--checked", "big/", "-j2", "-v", "--refresh"})).code,
            kSame);
}

TEST_P(PendingAnswer, GoesWhenTheChangeIsTakenBack) {
  Check();
  Touch("/work/big/new");
  EXPECT_EQ(Keep(), kChanged);
  Remove("/work/big/new");
  EXPECT_EQ(Keep(), kSame);
  EXPECT_EQ(Checked(), kFailed);
  EXPECT_EQ(Keep(), kSame);
}

TEST_P(PendingAnswer, GoesWhenAnAnswerIsKept) {
  Keep();
  EXPECT_EQ(Check(), kChanged);
  EXPECT_EQ(Checked(), kFailed);
  Touch("/work/big/new");
  EXPECT_EQ(Keep(), kChanged);
  EXPECT_THAT(Changes(), HasSubstr("A big/new\n"));
  EXPECT_EQ(Checked(), kFailed);
  EXPECT_EQ(Keep(), kSame);
}

TEST_P(PendingAnswer, IsNothingToSinceLast) {
  Changes();
  Touch("/work/big/new");
  EXPECT_EQ(Keep(), kChanged);
  EXPECT_EQ(Checked(), kSame);
  EXPECT_EQ(Changes(), "A big/new\n");
  EXPECT_EQ(Changes(), "");
}

TEST_P(PendingAnswer, IsCheckedWithoutALookAtTheTree) {
  const auto looks = [this](const std::string& option) {
    auto process = NewProcess();
    process->files().calls().Reset();
    RunIn(*process, Here({option, "big"}));
    const std::vector<std::string> log = process->files().calls().log();
    return std::count_if(log.begin(), log.end(), [](const std::string& call) {
      return call.find("/work/big") != std::string::npos;
    });
  };
  EXPECT_GT(looks("--check=keep"), 0);
  EXPECT_EQ(looks("--checked"), 0);
  Keep();
  Touch("/work/big/new");
  Keep();
  tree_.RemoveAll("/work/big");
  EXPECT_EQ(Checked(), kSame);
}

TEST_P(PendingAnswer, ToldAgainWritesNothingButItsUse) {
  Keep();
  auto process = NewProcess();
  EXPECT_EQ(RunIn(*process, Here({"--check=keep", "big"})).code, kChanged);
  // The entries of the facts and of the answer, and the statistics.
  EXPECT_EQ(process->files().calls().counters().writes(), in_cache() ? 3 : 0);
}

TEST_P(PendingAnswer, OfTwoAtTheSameTimeIsThatOfTheLaterOne) {
  bool happened = true;
  for (int n = 0; happened; ++n) {
    SCOPED_TRACE(n);
    Prepare(false);
    happened = false;
    ExitCode other = kChanged;
    auto process = NewProcess();
    int calls = n;
    bool busy = false;
    process->files().calls().OnCall([&](Operation, std::string_view) {
      if (busy || calls-- != 0) return;
      busy = happened = true;
      Touch("/work/big/between");
      other = Keep();
      busy = false;
    });
    EXPECT_EQ(RunIn(*process, Here({"--check=keep", "big"})).code, kChanged);
    process.reset();
    EXPECT_EQ(Checked(), kSame);
    EXPECT_EQ(Checked(), kFailed);
    if (other == kFailed) {
      // It had to wait for too long. The first may have come too late to see.
      const ExitCode now = Keep();
      EXPECT_TRUE(now == kSame || now == kChanged);
      Remove("/work/big/between");
      EXPECT_EQ(Keep(), now == kSame ? kChanged : kSame);
    } else {
      // Neither came before the other had told, so the later one saw all.
      EXPECT_EQ(other, kChanged);
      EXPECT_EQ(Keep(), kSame);
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST_P(PendingAnswer, OfARunThatDiesKeepsNothing) {
  for (const bool first : {true, false}) {
    KillEverywhere(
        Here({"--check=keep", "big"}), [&] { Prepare(first); },
        [&](const Told& told) {
          if (told.code != kChanged) {
            EXPECT_EQ(told.code, kFailed);
            EXPECT_EQ(Checked(), kFailed);
          }
          EXPECT_EQ(Keep(), kChanged);
          EXPECT_EQ(Checked(), kSame);
          EXPECT_EQ(Keep(), kSame);
        });
  }
}

TEST_P(PendingAnswer, ToldIsPendingWhateverComesAfter) {
  KillEverywhere(
      Here({"--check=keep", "big"}), [&] { Prepare(false); },
      [&](const Told& told) {
        EXPECT_EQ(Checked(), told.code == kChanged ? kSame : kFailed);
      });
}

TEST_P(PendingAnswer, IsKeptOnceItIsSaidToBe) {
  KillEverywhere(
      Here({"--checked", "big"}),
      [&] {
        Prepare(false);
        Keep();
      },
      [&](const Told& told) {
        EXPECT_TRUE(told.code == kSame || told.code == kFailed);
        if (told.code == kSame) {
          EXPECT_EQ(Checked(), kFailed);
          EXPECT_EQ(Keep(), kSame);
        } else {
          // Nothing is lost: it can be said again.
          EXPECT_NE(told.err, "");
          EXPECT_EQ(Checked(), kSame);
          EXPECT_EQ(Keep(), kSame);
        }
      });
}

TEST_P(PendingAnswer, ThatCannotBeNotedIsNotTold) {
  for (const int error : {ENOSPC, EROFS}) {
    Prepare(false);
    auto process = NewProcess();
    process->files().calls().FailNthWrite(1, error,
                                          FakeCalls::Lasting::kFromThenOn);
    const Told told = RunIn(*process, Here({"--check=keep", "big"}));
    EXPECT_EQ(told.code, kFailed);
    EXPECT_NE(told.err, "");
    EXPECT_EQ(Checked(), kFailed);
    EXPECT_EQ(Keep(), kChanged);
  }
}

TEST_P(PendingAnswer, OfARunThatFailsAfterAllIsNotPending) {
  auto process = NewProcess();
  process->files().calls().FailPath(Operation::kCommit, "/work/trace", EIO);
  EXPECT_EQ(
      RunIn(*process, Here({"--check=keep", "--trace", "/work/trace", "big"}))
          .code,
      kFailed);
  EXPECT_EQ(Checked(), kFailed);
}

TEST_P(PendingAnswer, ThatIsLostIsAnErrorAndThenAChange) {
  Check();
  Touch("/work/big/new");
  Keep();
  if (in_cache()) {
    EXPECT_TRUE(ClearCache(*Open()).ok());
  } else {
    tree_.RemoveAll("/work/db.answers");
  }
  EXPECT_EQ(Checked(), kFailed);
  EXPECT_EQ(Keep(), kChanged);
}

TEST_P(PendingAnswer, OutlivesUpkeep) {
  Keep();
  if (in_cache()) {
    EXPECT_TRUE(RunUpkeep(*Open(), {.pack_after_ns = 0}).ok());
  }
  EXPECT_EQ(Checked(), kSame);
}

INSTANTIATE_TEST_SUITE_P(In, PendingAnswer, testing::Values(0u, 1u),
                         NameOfPlace);

}  // namespace
}  // namespace finder
