// Promises of doc/consistency.md, one by one and by name. The random histories
// of equivalence_test.cc look for what nobody thought of; most of what is here
// was found by them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

using Lines = std::vector<std::string>;

class Consistency : public testing::Test {
 protected:
  static View Source() { return FinderFixture::ViewOf({"/src"}); }
  static View Following() {
    View view = Source();
    view.links = LinkPolicy::kFollow;
    return view;
  }
  static View Bounded() {
    View view = Source();
    view.boundary = Boundary::kOneFileSystem;
    return view;
  }

  void AddTree(const char* text) {
    machine_.tree.AddTree(text, "/src");
    machine_.Age();
  }

  // A run that leaves a database of trusted stamps behind.
  void FillDatabase(const View& view) {
    machine_.Warm(view);
    machine_.Age();
  }

  // Answers and reports of a warm run are those of a cold one. Returns the
  // answers.
  Lines ExpectSame(const View& view) {
    const RunResult warm = machine_.Warm(view);
    const RunResult cold = machine_.Cold(view);
    EXPECT_EQ(warm.metrics.cache, CacheState::kWarm)
        << warm.metrics.cache_reason;
    EXPECT_EQ(warm.lines, cold.lines);
    EXPECT_EQ(warm.diagnostics, cold.diagnostics);
    return warm.lines;
  }

  FinderFixture machine_;
};

TEST_F(Consistency, ASecondChangeWithinATickIsSeen) {
  machine_.tree.MakeDirectories("/src");
  machine_.tree.SetStampRule("/src", {.granularity_ns = 2 * kSecondNs});
  machine_.Age();
  machine_.tree.WriteFile("/src/a");
  machine_.Warm(Source());
  machine_.tree.WriteFile("/src/b");
  EXPECT_EQ(ExpectSame(Source()).size(), 2u);
}

TEST_F(Consistency, AStampHiddenWhileTheClockWasSetBackIsListedAgain) {
  AddTree("f a/x\nf out/y\n");
  machine_.tree.SetStampRule("/src", {.granularity_ns = 2 * kSecondNs});
  machine_.tree.WriteFile("/src/out/z");
  const int64_t changed_ns = machine_.clock.RealtimeNs();
  machine_.Age();
  FillDatabase(Source());
  View hiding = Source();
  hiding.exclude_dirs = {"out"};
  machine_.clock.SetRealtimeNs(changed_ns - 10 * kSecondNs);
  machine_.tree.WriteFile("/src/a/new");
  machine_.Warm(hiding);
  machine_.clock.SetRealtimeNs(changed_ns);
  machine_.tree.WriteFile("/src/out/in the same tick again");
  machine_.Age();
  ExpectSame(Source());
}

TEST_F(Consistency, AServersStampSeenByALongScanIsNotTrustedTooEarly) {
  AddTree("f a/x\n");
  machine_.tree.SetStampRule("/src", {.granularity_ns = 2 * kSecondNs});
  machine_.tree.SetTrust("/src", StampTrust::kServer);
  // The scan comes to /src/a at its end, a second after a change.
  machine_.files.calls().OnCall(
      [this](Operation operation, std::string_view path) {
        if (operation != Operation::kOpenDirectory || path != "/src/a") return;
        machine_.clock.Advance(10 * kSecondNs);
        machine_.tree.WriteFile("/src/a/y");
      });
  machine_.Warm(Source());
  machine_.files.calls().OnCall(nullptr);
  machine_.clock.Advance(kSecondNs / 2);
  machine_.Warm(Source());
  machine_.tree.WriteFile("/src/a/z");
  machine_.Age();
  EXPECT_EQ(ExpectSame(Source()).size(), 3u);
}

TEST_F(Consistency, TheClockMayBeSetBackDuringAScan) {
  AddTree("f a/x\nf b/y\n");
  machine_.tree.SetStampRule("/src", {.granularity_ns = 2 * kSecondNs});
  machine_.tree.WriteFile("/src/a/z");
  const int64_t changed_ns = machine_.clock.RealtimeNs();
  machine_.clock.Advance(5 * kSecondNs);
  machine_.files.calls().OnCall(
      [this, changed_ns](Operation operation, std::string_view path) {
        if (operation != Operation::kList || path != "/src/b") return;
        machine_.clock.SetRealtimeNs(changed_ns - kSecondNs);
      });
  machine_.Warm(Source());
  machine_.files.calls().OnCall(nullptr);
  machine_.clock.SetRealtimeNs(changed_ns);
  machine_.tree.WriteFile("/src/a/in the same tick again");
  machine_.Age();
  EXPECT_EQ(ExpectSame(Source()).size(), 4u);
}

TEST_F(Consistency, ASymlinksTargetMayChangeItsKind) {
  AddTree("l link -> /target\nf a\n");
  FillDatabase(Source());
  machine_.tree.WriteFile("/target");
  EXPECT_EQ(ExpectSame(Source()), (Lines{"f /src/a", "l /src/link"}));
  machine_.tree.RemoveAll("/target");
  machine_.tree.MakeDirectories("/target");
  EXPECT_EQ(ExpectSame(Source()), Lines{"f /src/a"});
  machine_.tree.RemoveAll("/target");
  EXPECT_EQ(ExpectSame(Source()), (Lines{"f /src/a", "l /src/link"}));
}

TEST_F(Consistency, AFollowedSymlinksTargetMayChangeItsKind) {
  AddTree("l link -> /target\nf a\n");
  machine_.tree.WriteFile("/target/t");
  machine_.Age();
  FillDatabase(Following());
  EXPECT_EQ(ExpectSame(Following()), (Lines{"f /src/a", "f /src/link/t"}));
  machine_.tree.RemoveAll("/target");
  machine_.tree.WriteFile("/target");
  EXPECT_EQ(ExpectSame(Following()), (Lines{"f /src/a", "l /src/link"}));
  machine_.tree.RemoveAll("/target");
  machine_.tree.WriteFile("/target/u");
  EXPECT_EQ(ExpectSame(Following()), (Lines{"f /src/a", "f /src/link/u"}));
}

TEST_F(Consistency, AnExcludedSymlinkToADirectoryIsNoFile) {
  AddTree("l link -> /target\nf a\n");
  machine_.tree.WriteFile("/target/t");
  machine_.Age();
  FillDatabase(Following());
  View excluding = Following();
  excluding.exclude_dirs = {"link"};
  EXPECT_EQ(ExpectSame(excluding), Lines{"f /src/a"});
}

TEST_F(Consistency, ASymlinkThatBecameALoopIsNeitherEnteredNorAFile) {
  AddTree("f a/x\nl a/link -> /chain\n");
  machine_.tree.WriteFile("/elsewhere/e");
  machine_.tree.Symlink("/elsewhere", "/chain");
  machine_.Age();
  FillDatabase(Following());
  EXPECT_EQ(ExpectSame(Following()), (Lines{"f /src/a/link/e", "f /src/a/x"}));
  machine_.tree.RemoveAll("/chain");
  machine_.tree.Symlink("/src", "/chain");
  EXPECT_EQ(ExpectSame(Following()), Lines{"f /src/a/x"});
}

TEST_F(Consistency, WhatIsALoopDependsOnTheRoot) {
  AddTree("f a/x\nf b/y\nl a/link -> /src/b\nl b/up -> /src\n");
  View inner = Following();
  inner.roots = {"/src/b"};
  FillDatabase(Following());
  ExpectSame(inner);
  machine_.Age();
  ExpectSame(Following());
}

TEST_F(Consistency, ASymlinkWhoseTargetIsOutOfReachIsAFile) {
  AddTree("l link -> /target/deep\nf a\n");
  machine_.tree.WriteFile("/target/deep/t");
  machine_.Age();
  FillDatabase(Following());
  machine_.tree.Chmod("/target", 0);
  EXPECT_EQ(ExpectSame(Following()), (Lines{"f /src/a", "l /src/link"}));
}

TEST_F(Consistency, AMountBeyondTheBoundaryKeepsWhatItHides) {
  // Two blocks: what lies below the mount point is in the second one.
  AddTree("f m/below/x\n");
  for (int i = 0; i < 540; ++i) {
    std::string name = std::to_string(i);
    name.resize(250, 'f');
    machine_.tree.WriteFile("/src/m/" + name);
  }
  machine_.Age();
  FillDatabase(Bounded());
  const Lines before = ExpectSame(Bounded());
  machine_.tree.Mount("/src/m");
  machine_.tree.WriteFile("/src/changed");
  EXPECT_EQ(ExpectSame(Bounded()), Lines{"f /src/changed"});
  machine_.tree.Unmount("/src/m");
  EXPECT_EQ(ExpectSame(Bounded()).size(), before.size() + 1);
}

TEST_F(Consistency, AMountBeyondTheBoundaryNeedNotBeReadable) {
  AddTree("f m/x\nf a\n");
  machine_.tree.Mount("/src/m");
  machine_.tree.Chmod("/src/m", 0);
  machine_.Age();
  FillDatabase(Bounded());
  EXPECT_EQ(ExpectSame(Bounded()), Lines{"f /src/a"});
  EXPECT_TRUE(machine_.Cold(Bounded()).diagnostics.empty());
}

TEST_F(Consistency, ARootNeedOnlyBeReadable) {
  AddTree("f a\nf sub/b\n");
  machine_.tree.Chmod("/src", 0444);
  machine_.Age();
  FillDatabase(Source());
  EXPECT_EQ(ExpectSame(Source()), Lines{"f /src/a"});
  EXPECT_EQ(machine_.Cold(Source()).diagnostics,
            (std::vector<Diagnostic>{{"/src/sub", "Permission denied"}}));
}

TEST_F(Consistency, ADirectoryBecomesReadableAgain) {
  AddTree("f a/x\nf a/b/y\n");
  FillDatabase(Source());
  machine_.tree.Chmod("/src/a", 0);
  EXPECT_EQ(ExpectSame(Source()), Lines{});
  machine_.tree.Chmod("/src/a", 0755);
  EXPECT_EQ(ExpectSame(Source()).size(), 2u);
}

TEST_F(Consistency, OnADeviceRenumberedToTheNumberOfAnother) {
  AddTree("f a/x\nf m/y\n");
  machine_.tree.Mount("/src/m");
  machine_.tree.WriteFile("/src/m/z");
  machine_.tree.SetDevice("/src", 1);
  machine_.tree.SetDevice("/src/m", 2);
  machine_.Age();
  FillDatabase(Source());
  machine_.tree.SetDevice("/src", 2);
  machine_.tree.SetDevice("/src/m", 1);
  ExpectSame(Source());
  ExpectSame(Bounded());
}

TEST_F(Consistency, AMissingRootIsAnErrorAndLeavesTheDatabase) {
  AddTree("f a\n");
  FillDatabase(Source());
  const std::string before = machine_.tree.ReadFile(FinderFixture::kDatabase);
  machine_.tree.Rename("/src", "/moved");
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(run.status.message()),
            "/src: No such file or directory");
  EXPECT_EQ(machine_.tree.ReadFile(FinderFixture::kDatabase), before);
}

}  // namespace
}  // namespace finder
