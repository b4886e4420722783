#include "finder/scanner/verify_worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "tests/finder/scanner/scan_world.h"

namespace finder {
namespace {

using Strings = std::vector<std::string>;

// Verifies all that `world` knows, and returns the state it leaves.
std::unique_ptr<ScanState> Verify(ScanWorld& world) {
  auto state = world.OpenState();
  std::atomic<size_t> next = 0;
  VerifyWorker(*state, 0).Run(world.known.pieces, next);
  return state;
}

size_t Calls(const ScanWorld& world, std::string_view what) {
  const Strings log = world.files.calls().log();
  return static_cast<size_t>(std::count(log.begin(), log.end(), what));
}

TEST(VerifyWorker, StampsEachDirectoryOnceAndQueuesNothingThatHolds) {
  ScanWorld world("d a/b\nd c\n");
  world.Learn();
  const auto state = Verify(world);
  EXPECT_EQ(world.files.calls().counters().stat, 3);
  EXPECT_TRUE(ScanWorld::Queued(*state).empty());
  EXPECT_TRUE(world.At("a/b").verified);
}

TEST(VerifyWorker, QueuesWhatChanged) {
  ScanWorld world("d a/b\nd c\n");
  world.Learn();
  world.disk.WriteFile("/r/a/b/new");
  const auto state = Verify(world);
  EXPECT_EQ(ScanWorld::Queued(*state), Strings{"a/b"});
}

TEST(VerifyWorker, QueuesWhatIsNotTrustedYet) {
  ScanWorld world("d a\nd c\n");
  world.disk.WriteFile("/r/c/just.now");
  world.Learn();
  const auto state = Verify(world);
  EXPECT_EQ(ScanWorld::Queued(*state), Strings{"c"});
}

TEST(VerifyWorker, MarksWhatIsNotThere) {
  ScanWorld world("d a/b\nd c\n");
  world.Learn();
  world.disk.RemoveAll("/r/a");
  const auto state = Verify(world);
  EXPECT_EQ(world.At("a").knowledge, Knowledge::kGone);
  EXPECT_FALSE(world.At("a").verified);
  absl::MutexLock lock(&state->mutex);
  ASSERT_FALSE(state->gone.empty());
  EXPECT_EQ(state->gone.front(), &world.At("a"));
}

TEST(VerifyWorker, MarksAFileInThePlaceOfADirectoryAsGone) {
  ScanWorld world("d a\n");
  world.Learn();
  world.disk.RemoveAll("/r/a");
  world.disk.WriteFile("/r/a");
  Verify(world);
  EXPECT_EQ(world.At("a").knowledge, Knowledge::kGone);
}

TEST(VerifyWorker, NotesWhatCannotBeStamped) {
  ScanWorld world("d a\n");
  world.Learn();
  world.files.calls().FailPath("/r/a", EIO);
  const auto state = Verify(world);
  EXPECT_EQ(world.At("a").knowledge, Knowledge::kUnreadable);
  EXPECT_TRUE(state->facts_changed);
}

TEST(VerifyWorker, LooksNowhereBelowWhatTheViewHides) {
  View view;
  view.exclude_dirs = {"out"};
  ScanWorld world("d out/b\nd c\n");
  world.Learn();
  world.At("out").excluded = true;
  Verify(world);
  EXPECT_EQ(Calls(world, "stat /r/out"), 0u);
  EXPECT_EQ(Calls(world, "stat /r/out/b"), 0u);
  EXPECT_FALSE(world.At("out/b").verified);
}

TEST(VerifyWorker, LooksNowhereBelowWhatIsPruned) {
  ScanWorld world("d p/b\nd c\n");
  world.Learn();
  world.At("p").pruned = true;
  Verify(world);
  EXPECT_EQ(Calls(world, "stat /r/p"), 1u);
  EXPECT_EQ(Calls(world, "stat /r/p/b"), 0u);
}

// Enough directories below a deep one to be worth an open.
std::string DeepTree() {
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += "d x/y/z/" + std::to_string(i) + "\n";
  }
  return text + "d x/y2\nd z\n";
}

TEST(VerifyWorker, OpensADirectoryThatManyLieBelow) {
  ScanWorld world(DeepTree());
  world.Learn();
  Verify(world);
  EXPECT_EQ(Calls(world, "open_directory /r/x/y"), 1u);
  // One component more is not worth another one.
  EXPECT_EQ(Calls(world, "open_directory /r/x/y/z"), 0u);
  EXPECT_EQ(world.files.open_files(), 0);
}

TEST(VerifyWorker, GoesOnByLongerPathsIfABaseCannotBeOpened) {
  ScanWorld world(DeepTree());
  world.Learn();
  world.files.calls().FailPath(Operation::kOpenDirectory, "/r/x/y", EMFILE);
  const auto state = Verify(world);
  EXPECT_TRUE(world.At("x/y/z/29").verified);
  EXPECT_TRUE(ScanWorld::Queued(*state).empty());
}

// The second half of a tree that is cut into pieces begins deep in it.
TEST(VerifyWorker, APieceMayBeginBelowDirectoriesOfAnother) {
  ScanWorld world(DeepTree());
  world.Learn();
  std::vector<Piece> pieces;
  for (const Piece& piece : world.known.pieces) {
    for (uint32_t i = 0; i < piece.count; i += 5) {
      pieces.push_back(
          {piece.directories + i, std::min<uint32_t>(5, piece.count - i)});
    }
  }
  auto state = world.OpenState();
  std::atomic<size_t> next = 0;
  VerifyWorker(*state, 0).Run(pieces, next);
  EXPECT_EQ(world.files.calls().counters().stat, 35);
  EXPECT_TRUE(world.At("x/y/z/29").verified);
  EXPECT_TRUE(world.At("z").verified);
  EXPECT_TRUE(ScanWorld::Queued(*state).empty());
}

TEST(VerifyWorker, WorkersShareThePiecesByAnIndex) {
  ScanWorld world(DeepTree());
  world.Learn();
  auto state = world.OpenState();
  std::atomic<size_t> next = world.known.pieces.size();
  VerifyWorker(*state, 0).Run(world.known.pieces, next);
  EXPECT_EQ(world.files.calls().counters().stat, 0);
}

TEST(VerifyWorker, TellsTheObserverBeforeEachStamp) {
  struct Observer : TreeObserver {
    void BeforeStamp(const Directory& d, const DirectoryHandle&,
                     std::string_view path) override {
      paths.push_back(std::string(path) + " is " + RelativePath(d));
    }
    void Dropped(const Directory&) override {}
    void Moved(const Directory&, const Directory&) override {}
    Strings paths;
  };
  ScanWorld world("d a/b\n");
  world.Learn();
  Observer observer;
  world.observer = &observer;
  Verify(world);
  EXPECT_EQ(observer.paths, (Strings{"a is a", "a/b is a/b"}));
}

}  // namespace
}  // namespace finder
