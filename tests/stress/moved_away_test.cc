// A directory that is moved away for a moment while a run is under way must
// not leave anything behind that a later run believes.
#include <atomic>
#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "gtest/gtest.h"
#include "tests/support/finder_fixture.h"
#include "tools/stress/interposed_file_system.h"

namespace finder {
namespace {

// More calls than a run over these trees makes.
constexpr int kMostCalls = 60;

class MovedAway : public testing::Test {
 protected:
  // A machine whose database trusts all it knows.
  static void Fill(FinderFixture& machine) {
    machine.tree.AddTree(
        "f here/a/b/f.c\n"
        "f here/a/c/f.c\n"
        "f there/a/b/g.c\n"
        "f there/a/c/g.c\n"
        "f there/a/d/g.c\n",
        "/src");
    machine.tree.MakeDirectories("/db");
    machine.Age();
    ASSERT_TRUE(machine.Warm(SourceView()).status.ok());
  }

  static View SourceView() { return FinderFixture::ViewOf({"/src"}); }

  // Runs with `first` before one call and `second` some calls later.
  template <typename First, typename Second>
  static void RunDisturbed(FinderFixture& machine, int call, int later,
                           First first, Second second) {
    std::atomic<int> calls = 0;
    InterposedFileSystem files(machine.files, [&] {
      const int now = calls++;
      if (now == call) first();
      if (now == call + later) second();
    });
    Environment environment = machine.environment();
    environment.files = &files;
    RunFinder(environment, FinderFixture::OptionsOf(SourceView()), {Query()});
    if (calls <= call) first();
    if (calls <= call + later) second();
  }

  static void ExpectWarmIsCold(FinderFixture& machine) {
    machine.Age();
    const std::vector<std::string> warm = machine.Warm(SourceView()).lines;
    EXPECT_EQ(warm, machine.Cold(SourceView()).lines);
  }
};

void Swap(FinderFixture& machine) {
  machine.tree.Rename("/src/here", "/away");
  machine.tree.Rename("/src/there", "/src/here");
  machine.tree.Rename("/away", "/src/there");
}

TEST_F(MovedAway, SwappedAndBackLeavesNoForeignListing) {
  for (int call = 0; call < kMostCalls; ++call) {
    for (int later = 1; later <= 4; ++later) {
      SCOPED_TRACE(testing::Message() << "call " << call << "+" << later);
      FinderFixture machine;
      Fill(machine);
      machine.tree.WriteFile("/src/here/a/b/new.c");
      machine.tree.WriteFile("/src/there/a/new/new.c");
      machine.Age();
      const auto swap = [&machine] { Swap(machine); };
      RunDisturbed(machine, call, later, swap, swap);
      ExpectWarmIsCold(machine);
    }
  }
}

TEST_F(MovedAway, AwayAndBackLosesNothing) {
  for (int call = 0; call < kMostCalls; ++call) {
    for (int later = 1; later <= 4; ++later) {
      SCOPED_TRACE(testing::Message() << "call " << call << "+" << later);
      FinderFixture machine;
      Fill(machine);
      machine.tree.WriteFile("/src/here/a/b/new.c");
      machine.Age();
      RunDisturbed(
          machine, call, later,
          [&machine] { machine.tree.Rename("/src/here", "/away"); },
          [&machine] { machine.tree.Rename("/away", "/src/here"); });
      ExpectWarmIsCold(machine);
    }
  }
}

TEST_F(MovedAway, UpWhileItIsWalkedEndsWithTheRightAnswer) {
  for (int call = 0; call < kMostCalls; ++call) {
    SCOPED_TRACE(testing::Message() << "call " << call);
    FinderFixture machine;
    Fill(machine);
    RunDisturbed(
        machine, call, 1,
        [&machine] { machine.tree.Rename("/src/there/a", "/src/up"); }, [] {});
    ExpectWarmIsCold(machine);
  }
}

}  // namespace
}  // namespace finder
