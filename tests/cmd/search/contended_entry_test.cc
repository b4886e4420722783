// A run that finds the lock of its entry taken reads the entry without it. What
// is done to the entry meanwhile, between any two calls of the run, must not
// show in the answer, nor leave anything behind.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "cmd/search/search_command.h"
#include "fs/fake/fake_machine.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"
#include "tests/cmd/fake_stream.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

// What comes over the entry; `database` is what was in it.
struct Event {
  const char* name;
  std::function<void(CacheProcess& other, CacheDirectory& cache,
                     const std::string& key, const std::string& database)>
      happen;
};

const std::vector<Event>& Events() {
  static const auto& events = *new std::vector<Event>{
      {"Removed",
       [](CacheProcess&, CacheDirectory& cache, const std::string& key,
          const std::string&) { static_cast<void>(cache.Remove(key)); }},
      {"Replaced",
       [](CacheProcess& other, CacheDirectory& cache, const std::string& key,
          const std::string& database) {
         static_cast<void>(other.Store(cache, key, database));
       }},
      {"Packed", [](CacheProcess&, CacheDirectory& cache, const std::string&,
                    const std::string&) {
         static_cast<void>(RunUpkeep(cache, {.pack_after_ns = 0}));
       }}};
  return events;
}

class LockedEntry : public CacheTest {
 protected:
  LockedEntry() {
    tree_.Chown("/home", FakeUser().id);
    tree_.MakeDirectories("/home/.cache");
    // Enough to be packed.
    for (int i = 0; i < 1200; ++i) {
      tree_.WriteFile("/work/src/" + std::string(60, 'n') + std::to_string(i));
    }
    tree_.WriteFile("/work/lib/a");
    clock_.Advance(kHourNs);
  }

  // What a run prints.
  std::string Run(CacheProcess& process) {
    process.machine().SetWorkingDirectory("/work");
    FakeStream out;
    FakeStream err;
    Program program = ProgramOn(process.machine().machine(), out, err);
    const auto command =
        ParseCommandLine({"-j1", "--cache-dir", std::string(kCachePath)});
    EXPECT_TRUE(command.ok()) << command.status();
    EXPECT_EQ(Search(*command, program), ExitCode::kDone);
    EXPECT_EQ(err.text, "");
    return out.text;
  }

  // The answer of a run whose entry is locked when it comes. After `calls`
  // more calls the lock is free and `happen` is called.
  std::string RunContended(int calls, const std::function<void()>& happen) {
    auto run = NewProcess();
    auto other = NewProcess();
    const std::string path = At("objects/" + Keys().at(0) + "/object.lock");
    std::unique_ptr<SharedFile> lock;
    bool met = false;
    bool busy = false;
    run->files().calls().OnCall([&](Operation operation, std::string_view at) {
      if (busy) return;
      if (!met && operation == Operation::kLock && at == path) {
        met = true;
        lock =
            std::move(LockFileAt(other->environment(), path,
                                 SharedAccess::kReadWrite, LockMode::kExclusive)
                          ->file);
      } else if (met && calls-- == 0) {
        busy = true;
        lock.reset();
        happen();
        busy = false;
      }
    });
    std::string answer = Run(*run);
    EXPECT_TRUE(met);
    return answer;
  }
};

TEST_F(LockedEntry, IsReadWarmAndCountedAsAMiss) {
  const std::string answer = Run(*process_);
  clock_.Advance(kHourNs);
  auto run = NewProcess();
  auto other = NewProcess();
  const auto lock = LockFileAt(other->environment(),
                               At("objects/" + Keys().at(0) + "/object.lock"),
                               SharedAccess::kReadWrite, LockMode::kExclusive);
  ASSERT_TRUE(lock.ok());
  EXPECT_EQ(Run(*run), answer);
  EXPECT_EQ(run->files().calls().counters().list, 0);
  EXPECT_EQ(Summarize(*Open())->statistics.Count(CacheEvent::kHit), 0u);
  EXPECT_EQ(ListEntry(*Open(), Keys().at(0))->uses, 0u);
}

class ContendedEntry
    : public LockedEntry,
      public testing::WithParamInterface<std::tuple<size_t, bool>> {};

TEST_P(ContendedEntry, MayGoBetweenAnyTwoCalls) {
  const auto& [event, changed] = GetParam();
  bool happened = true;
  for (int calls = 0; happened; ++calls) {
    SCOPED_TRACE(calls);
    if (calls > 0) tree_.RemoveAll(kCachePath);
    std::string answer = Run(*process_);
    clock_.Advance(kHourNs);
    const std::string key = Keys().at(0);
    const std::string database =
        tree_.ReadFile(At("objects/" + key + "/data/database"));
    if (changed) {
      const std::string name = "lib/b" + std::to_string(1000 + calls);
      tree_.WriteFile("/work/" + name);
      clock_.Advance(kHourNs);
      answer.insert(answer.find("src/"), name + "\n");
    }
    happened = false;
    auto other = NewProcess();
    auto others = Open(*other);
    EXPECT_EQ(RunContended(calls,
                           [&, at = event] {
                             happened = true;
                             Events()[at].happen(*other, *others, key,
                                                 database);
                           }),
              answer);
    EXPECT_EQ(Run(*NewProcess()), answer);
    const UpkeepReport report = Upkeep(*others);
    EXPECT_EQ(report.problems, std::vector<std::string>());
    EXPECT_EQ(report.bytes_after, TrueBytes());
    EXPECT_TRUE(tree_.Names(At("stage")).empty());
    EXPECT_EQ(Run(*NewProcess()), answer);
    ASSERT_FALSE(HasFailure());
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ContendedEntry,
    testing::Combine(testing::Range(size_t{0}, Events().size()),
                     testing::Bool()),
    [](const testing::TestParamInfo<ContendedEntry::ParamType>& info) {
      return std::string(Events()[std::get<0>(info.param)].name) +
             (std::get<1>(info.param) ? "WhileTheTreeChanges" : "");
    });

}  // namespace
}  // namespace finder
