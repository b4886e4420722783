// What --check and --since-last tell when others are at work, when there is no
// room, and when what was kept is lost.
#include <errno.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/kept/answer_home.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/search/answer_world.h"

namespace finder {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class KeptAnswer : public AnswerInPlaceTest {
 protected:
  Told Check(const std::string& root) { return Run(Here({"--check", root})); }
  Told Changes(const std::string& root) {
    return Run(Here({"--since-last", root}));
  }
  // Has `happen` called before call `n` of a run, if there are so many.
  Told RunWhile(int n, const std::function<void()>& happen,
                const std::vector<std::string>& arguments) {
    auto process = NewProcess();
    bool busy = false;
    process->files().calls().OnCall([&](Operation, std::string_view) {
      if (busy || n-- != 0) return;
      busy = true;
      happen();
      busy = false;
    });
    return RunIn(*process, arguments);
  }
};

TEST_P(KeptAnswer, IsToldOnceWhatWasChanged) {
  EXPECT_EQ(Changes("big/sub").out, "A big/sub/b.c\nA big/sub/b.h\n");
  EXPECT_EQ(Changes("big/sub").out, "");
  EXPECT_EQ(Check("big/sub").code, ExitCode::kDone);
  Touch("/work/big/sub/c");
  EXPECT_EQ(Check("big/sub").code, ExitCode::kNo);
  EXPECT_EQ(Changes("big/sub").out, "A big/sub/c\n");
  Remove("/work/big/sub/b.c");
  EXPECT_EQ(Changes("big/sub").out, "D big/sub/b.c\n");
}

TEST_P(KeptAnswer, OfAnotherQuestionAtTheSameTimeIsKeptToo) {
  Check("big");
  Check("big/sub");
  bool happened = true;
  for (int n = 0; happened; ++n) {
    SCOPED_TRACE(n);
    Touch("/work/big/sub/" + std::to_string(n));
    happened = false;
    Told other;
    const Told told = RunWhile(
        n,
        [&] {
          happened = true;
          other = Check("big/sub");
        },
        Here({"--check", "big"}));
    EXPECT_EQ(told.code, ExitCode::kNo);
    if (happened && other.code == ExitCode::kFailed) {
      // Beside a database there is one home for all questions.
      EXPECT_FALSE(in_cache());
      EXPECT_THAT(other.err, HasSubstr("in use by another run"));
      EXPECT_EQ(Check("big/sub").code, ExitCode::kNo);
    } else if (happened) {
      EXPECT_EQ(other.code, ExitCode::kNo);
    } else {
      EXPECT_EQ(Check("big/sub").code, ExitCode::kNo);
    }
    EXPECT_EQ(Check("big").code, ExitCode::kDone);
    EXPECT_EQ(Check("big/sub").code, ExitCode::kDone);
    // What one has replaced while the other read it.
    if (in_cache()) Upkeep(*Open());
    ASSERT_FALSE(HasFailure());
  }
}

TEST_P(KeptAnswer, OfTheSameQuestionAtTheSameTimeIsToldByOne) {
  Changes("big");
  bool happened = true;
  for (int n = 0; happened; ++n) {
    SCOPED_TRACE(n);
    const std::string name = "big/sub/" + std::to_string(1000 + n);
    Touch("/work/" + name);
    happened = false;
    Told other;
    const Told told = RunWhile(
        n,
        [&] {
          happened = true;
          other = Changes("big");
        },
        Here({"--since-last", "big"}));
    EXPECT_EQ(told.code, ExitCode::kDone);
    EXPECT_EQ(told.out + other.out, "A " + name + "\n");
    if (other.code == ExitCode::kFailed) {
      EXPECT_EQ(other.out, "");
      EXPECT_THAT(other.err, EndsWith("in use by another run for 60 s; nothing "
                                      "is told\n"));
    } else {
      EXPECT_EQ(other.err, "");
    }
    EXPECT_EQ(Changes("big").out, "");
    // What one has replaced while the other read it.
    if (in_cache()) Upkeep(*Open());
    ASSERT_FALSE(HasFailure());
  }
}

TEST_P(KeptAnswer, IsWaitedForAndSeenAsTheOtherLeavesIt) {
  Changes("big");
  Touch("/work/big/new");
  const std::string lock = in_cache() ? At("objects/" + AnswerKeys()[0] + "/") +
                                            std::string(kEntryLockName)
                                      : Home();
  auto other = NewProcess();
  std::unique_ptr<SharedFile> held =
      std::move(LockFileAt(other->environment(), lock, SharedAccess::kReadWrite,
                           LockMode::kExclusive)
                    ->file);
  int sleeps = 0;
  clock_.OnSleep([&] {
    if (++sleeps != 5) return;
    held.reset();
    // Who was waiting comes second.
    EXPECT_EQ(Changes("big").out, "A big/new\n");
  });
  const Told told = Changes("big");
  EXPECT_EQ(told.code, ExitCode::kDone) << told.err;
  EXPECT_EQ(told.out, "");
  EXPECT_EQ(sleeps, 5);
}

TEST_P(KeptAnswer, ThatIsNotReadIsToldAgain) {
  FakeStream left;
  left.write_error = EPIPE;
  auto process = NewProcess();
  EXPECT_EQ(RunIn(*process, Here({"--since-last", "big/sub"}), &left).code,
            ExitCode::kBrokenPipe);
  FakeStream full;
  full.close_error = ENOSPC;
  EXPECT_EQ(RunIn(*process, Here({"--since-last", "big/sub"}), &full).code,
            ExitCode::kFailed);
  EXPECT_EQ(Changes("big/sub").out, "A big/sub/b.c\nA big/sub/b.h\n");
  if (in_cache()) {
    EXPECT_EQ(Accounted(*Open()), TrueBytes());
    EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
  }
}

TEST_P(KeptAnswer, OfARunThatFailsAfterAllIsToldAgain) {
  auto process = NewProcess();
  process->files().calls().FailPath(Operation::kCommit, "/work/trace", EIO);
  const Told told =
      RunIn(*process, Here({"--check", "--trace", "/work/trace", "big/sub"}));
  EXPECT_EQ(told.code, ExitCode::kFailed);
  EXPECT_EQ(Check("big/sub").code, ExitCode::kNo);
}

TEST_P(KeptAnswer, ThatCannotBeKeptIsNotToldEither) {
  for (const int error : {ENOSPC, EROFS, EDQUOT, EIO}) {
    for (const bool first : {true, false}) {
      SCOPED_TRACE(error);
      int failures = 0;
      for (int n = 1;; ++n) {
        Forget();
        if (!first) Changes("big");
        Touch("/work/big/sub/new");
        auto process = NewProcess();
        process->files().calls().FailNthWrite(n, error,
                                              FakeCalls::Lasting::kFromThenOn);
        const Told told = RunIn(*process, Here({"--since-last", "big"}));
        const bool over = process->files().calls().counters().writes() < n;
        Told next = Changes("big");
        EXPECT_EQ(next.code, ExitCode::kDone) << next.err;
        if (told.code == ExitCode::kFailed) {
          ++failures;
          EXPECT_NE(told.err, "");
          EXPECT_THAT(next.out, HasSubstr("A big/sub/new\n"));
        } else {
          EXPECT_THAT(told.out, HasSubstr("A big/sub/new\n"));
          EXPECT_EQ(next.out, "");
        }
        // Only the very last step comes after the printing.
        if (told.code == ExitCode::kFailed && !told.out.empty()) {
          EXPECT_THAT(told.err, HasSubstr(in_cache() ? "answer-" : ".answers"));
        }
        Remove("/work/big/sub/new");
        if (over) break;
        ASSERT_FALSE(HasFailure()) << n;
      }
      EXPECT_GT(failures, 2);
    }
  }
}

TEST_P(KeptAnswer, LeavesTheFactsAloneIfOnlyItHasChanged) {
  Run(Here({"big"}));
  const std::string database =
      in_cache() ? At("objects/" + Keys()[0] + "/data/database") : "/work/db";
  const FileStat before = tree_.Stat(database);
  clock_.Advance(kHourNs);
  EXPECT_EQ(Changes("big").code, ExitCode::kDone);
  const FileStat after = tree_.Stat(database);
  EXPECT_EQ(after.inode, before.inode);
  EXPECT_EQ(after.change_ns, before.change_ns);
}

TEST_P(KeptAnswer, UnchangedWritesNothingButItsUse) {
  Changes("big");
  auto process = NewProcess();
  RunIn(*process, Here({"--since-last", "big"}));
  FakeCalls::Counters counters = process->files().calls().counters();
  // The entries of the facts and of the answer, and the statistics.
  EXPECT_EQ(counters.writes(), in_cache() ? 3 : 0);
}

TEST_P(KeptAnswer, ThatIsLostIsAChange) {
  EXPECT_EQ(Check("big").code, ExitCode::kNo);
  EXPECT_EQ(Check("big").code, ExitCode::kDone);
  if (in_cache()) {
    EXPECT_TRUE(ClearCache(*Open()).ok());
  } else {
    tree_.RemoveAll("/work/db.answers");
  }
  EXPECT_EQ(Check("big").code, ExitCode::kNo);
}

TEST_P(KeptAnswer, DamagedAnywhereIsAChange) {
  const std::string all = "A big/sub/b.c\nA big/sub/b.h\n";
  EXPECT_EQ(Changes("big/sub").out, all);
  const std::string whole = tree_.ReadFile(Home());
  std::vector<std::string> damaged = {"", std::string(whole.size(), '\0'),
                                      whole + "x"};
  for (size_t at = kAnswersMagic.size(); at < whole.size(); ++at) {
    damaged.push_back(whole.substr(0, at));
    damaged.push_back(whole);
    damaged.back()[at] ^= 1;
  }
  for (const std::string& text : damaged) {
    tree_.WriteFile(Home(), text);
    ASSERT_EQ(Check("big/sub").code, ExitCode::kNo) << text;
    tree_.WriteFile(Home(), text);
    ASSERT_EQ(Changes("big/sub").out, all) << text;
    ASSERT_EQ(tree_.ReadFile(Home()), whole);
  }
}

TEST_P(KeptAnswer, OnAReadOnlyDiskIsComparedAllTheSame) {
  Changes("big");
  auto process = NewProcess();
  process->files().calls().FailNthWrite(1, EROFS,
                                        FakeCalls::Lasting::kFromThenOn);
  EXPECT_EQ(RunIn(*process, Here({"--check", "big"})).code, ExitCode::kDone);
  Touch("/work/big/new");
  const Told told = RunIn(*process, Here({"--since-last", "big"}));
  EXPECT_EQ(told.code, ExitCode::kFailed);
  EXPECT_EQ(told.out, "");
  EXPECT_EQ(Changes("big").out, "A big/new\n");
}

TEST_P(KeptAnswer, OfARunThatFindsNoRootLeavesNothing) {
  Run(Here({"big"}));
  EXPECT_EQ(Check("missing").code, ExitCode::kFailed);
  if (in_cache()) {
    EXPECT_EQ(Keys().size(), 1u);  // of the facts
  }
  EXPECT_FALSE(tree_.Exists("/work/db.answers"));
}

INSTANTIATE_TEST_SUITE_P(In, KeptAnswer, testing::Values(0u, 1u), NameOfPlace);

class CachedAnswer : public AnswerTest {
 protected:
  // The home of the only question, held as removal holds it.
  std::unique_ptr<SharedFile> LockHome(CacheProcess& other) {
    auto lock = LockFileAt(other.environment(),
                           At("objects/" + AnswerKeys()[0] + "/object.lock"),
                           SharedAccess::kReadWrite, LockMode::kExclusive);
    EXPECT_TRUE(lock.ok());
    return std::move(lock->file);
  }
};

TEST_F(CachedAnswer, HasOneHomeWhateverTheFactsComeFrom) {
  const auto changes = [&](std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--since-last", "big/sub"});
    return Run(more).out;
  };
  Run({"big"});
  EXPECT_EQ(changes(), "A big/sub/b.c\nA big/sub/b.h\n");  // by the wider entry
  Touch("/work/big/sub/c");
  EXPECT_EQ(changes({"--refresh"}), "A big/sub/c\n");  // makes its own
  EXPECT_EQ(changes(), "");
  Touch("/work/big/sub/d");
  for (const std::string& key : Keys()) {
    if (key.starts_with("answer-")) continue;
    ASSERT_EQ(*Open()->Remove(key), RemoveOutcome::kRemoved);
  }
  EXPECT_EQ(changes(), "A big/sub/d\n");
  EXPECT_EQ(Run({"--check", "--refresh", "big/sub"}).code, ExitCode::kDone);
  EXPECT_EQ(AnswerKeys().size(), 1u);
}

TEST_F(CachedAnswer, LockedByUpkeepIsWaitedFor) {
  Run({"--check", "big"});
  auto other = NewProcess();
  std::unique_ptr<SharedFile> lock = LockHome(*other);
  int sleeps = 0;
  clock_.OnSleep([&] {
    if (++sleeps == 3) lock.reset();
  });
  EXPECT_EQ(Run({"--check", "big"}).code, ExitCode::kDone);
  EXPECT_EQ(sleeps, 3);
}

TEST_F(CachedAnswer, LockedForTooLongFailsBeforeAnythingIsTold) {
  Run({"--since-last", "big"});
  Touch("/work/big/new");
  auto other = NewProcess();
  std::unique_ptr<SharedFile> lock = LockHome(*other);
  const int64_t before_ns = clock_.BoottimeNs();
  auto process = NewProcess();
  const Told told = RunIn(*process, {"--since-last", "big"});
  EXPECT_EQ(told.code, ExitCode::kFailed);
  EXPECT_EQ(told.out, "");
  EXPECT_THAT(told.err, StartsWith("finder: " + At("objects/answer-")));
  EXPECT_GE(clock_.BoottimeNs() - before_ns, kAnswerWaitNs);
  EXPECT_EQ(process->files().calls().counters().list, 0);
  lock.reset();
  EXPECT_EQ(Run({"--since-last", "big"}).out, "A big/new\n");
}

TEST_F(CachedAnswer, RemovedWhileItIsWaitedForIsAChange) {
  Run({"--check", "big"});
  auto other = NewProcess();
  std::unique_ptr<SharedFile> lock = LockHome(*other);
  clock_.OnSleep([&] {
    if (lock == nullptr) return;
    lock.reset();
    EXPECT_EQ(*Open()->Remove(AnswerKeys().at(0)), RemoveOutcome::kRemoved);
  });
  EXPECT_EQ(Run({"--check", "big"}).code, ExitCode::kNo);
  clock_.OnSleep(nullptr);
  EXPECT_EQ(Run({"--check", "big"}).code, ExitCode::kDone);
}

// Upkeep, gc and clear between any two calls of a run: the home is in use, or
// empty, or not there yet.
TEST_F(CachedAnswer, IsNeverTakenFromUnderARun) {
  const std::vector<std::function<void(CacheDirectory&)>> events = {
      [](CacheDirectory& cache) {
        EXPECT_TRUE(RunUpkeep(cache, {.pack_after_ns = 0}).ok());
      },
      [](CacheDirectory& cache) { EXPECT_TRUE(ClearCache(cache).ok()); }};
  for (const auto& event : events) {
    for (const bool first : {true, false}) {
      bool happened = true;
      for (int n = 0; happened; ++n) {
        SCOPED_TRACE(n);
        Forget();
        Open();
        if (!first) Run({"--since-last", "big"});
        Touch("/work/big/new");
        auto process = NewProcess();
        auto other = NewProcess();
        auto cache = Open(*other);
        happened = false;
        bool busy = false;
        int calls = n;
        process->files().calls().OnCall([&](Operation, std::string_view) {
          if (busy || calls-- != 0) return;
          busy = happened = true;
          event(*cache);
          busy = false;
        });
        const Told told = RunIn(*process, {"--since-last", "big"});
        EXPECT_THAT(told.out, HasSubstr("A big/new\n"));
        if (told.code == ExitCode::kDone) {
          EXPECT_THAT(Run({"--since-last", "big"}).out,
                      testing::AnyOf("", HasSubstr("A big/new\n")));
        }
        const UpkeepReport report = Upkeep(*cache);
        EXPECT_EQ(report.problems, std::vector<std::string>());
        EXPECT_EQ(report.bytes_after, TrueBytes());
        EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
        EXPECT_EQ(Run({"--check", "big"}).code, ExitCode::kDone);
        Remove("/work/big/new");
        ASSERT_FALSE(HasFailure());
      }
    }
  }
}

TEST_F(CachedAnswer, IsLetIntoAFullCache) {
  Run({"big"});
  ASSERT_TRUE(Open()->SetLimits({.max_bytes = 20'000, .max_entries = 1}).ok());
  EXPECT_EQ(Run({"--check", "big"}).code, ExitCode::kNo);
  EXPECT_EQ(Run({"--check", "big/sub"}).code, ExitCode::kNo);
  EXPECT_EQ(Run({"--check", "big"}).code, ExitCode::kDone);
  EXPECT_EQ(Run({"--check", "big/sub"}).code, ExitCode::kDone);
  // What it takes is made up for with facts first.
  ASSERT_TRUE(Open()->SetLimits({.max_bytes = {}, .max_entries = 2}).ok());
  EXPECT_EQ(Upkeep(*Open()).evicted_by_size, 2u);
  EXPECT_EQ(AnswerKeys().size(), 1u);
}

TEST_F(CachedAnswer, LargerThanTheCacheMayBeIsAnErrorBeforeItIsTold) {
  Open();
  ASSERT_TRUE(Open()->SetLimits({.max_bytes = 10'000}).ok());
  const Told told = Run({"--since-last", "big"});
  EXPECT_EQ(told.code, ExitCode::kFailed);
  EXPECT_EQ(told.out, "");
  EXPECT_THAT(told.err, HasSubstr("larger than the cache may be"));
  EXPECT_THAT(Keys(), IsEmpty());
  EXPECT_EQ(Accounted(*Open()), TrueBytes());
}

class SidecarOfAnswers : public AnswerTest {};

TEST_F(SidecarOfAnswers, HoldsManyQuestions) {
  const std::vector<std::string> roots = {"big", "big/sub", "."};
  for (const std::string& root : roots) {
    EXPECT_EQ(Run({"--check", "--db", "db", root}).code, ExitCode::kNo);
  }
  for (const std::string& root : roots) {
    EXPECT_EQ(Run({"--check", "--db", "db", root}).code, ExitCode::kDone);
  }
  tree_.RemoveAll("/work/db");
  EXPECT_EQ(Run({"--check", "--db", "db", "big"}).code, ExitCode::kDone);
}

TEST_F(SidecarOfAnswers, ThatIsSomethingElseStaysAsItIs) {
  tree_.WriteFile("/work/db.answers", "my own answers");
  const Told told = Run({"--check", "--db", "db", "big"});
  EXPECT_EQ(told.code, ExitCode::kFailed);
  EXPECT_THAT(told.err, HasSubstr("db.answers: is to hold"));
  EXPECT_EQ(tree_.ReadFile("/work/db.answers"), "my own answers");
}

TEST_F(SidecarOfAnswers, OfAnotherUserIsNotBelieved) {
  Run({"--check", "--db", "db", "big"});
  tree_.Chown("/work/db.answers", 4711);
  tree_.Chmod("/work/db.answers", 0644);
  EXPECT_EQ(Run({"--check", "--db", "db", "big"}).code, ExitCode::kNo);
  EXPECT_EQ(tree_.Stat("/work/db.answers").owner, FakeUser().id);
}

TEST_F(SidecarOfAnswers, WorksBesideADatabaseOfSoong) {
  const std::vector<std::string> check = {"--check", "--db", "db",
                                          "--db-format=soong", "big"};
  EXPECT_EQ(Run(check).code, ExitCode::kNo);
  EXPECT_EQ(Run(check).code, ExitCode::kDone);
}

}  // namespace
}  // namespace finder
