#include "finder/scanner/explore_worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "tests/finder/scanner/scan_world.h"

namespace finder {
namespace {

using Strings = std::vector<std::string>;

void Queue(ScanState& state, Directory& d, ListReason reason) {
  absl::MutexLock lock(&state.mutex);
  state.queue.push_back({&d, nullptr, reason});
}

// Explores from `d` on, and returns the state it leaves.
std::unique_ptr<ScanState> Explore(ScanWorld& world, Directory& d,
                                   ListReason reason) {
  auto state = world.OpenState();
  Queue(*state, d, reason);
  ExploreWorker(*state, 0).Run();
  return state;
}

size_t Calls(const ScanWorld& world, std::string_view what) {
  const Strings log = world.files.calls().log();
  return static_cast<size_t>(std::count(log.begin(), log.end(), what));
}

Strings ChildNamesOf(Directory& d) {
  Strings names;
  for (const Directory& child : Children(d)) names.emplace_back(child.name());
  return names;
}

size_t CountUnreadable(ScanState& state) {
  absl::MutexLock lock(&state.mutex);
  return state.unreadable.size();
}

TEST(ExploreWorker, WalksAllThatIsNotKnown) {
  ScanWorld world("f a/b/x.c\nd c\n");
  Explore(world, world.Root(), ListReason::kUnknown);
  EXPECT_EQ(ChildNamesOf(world.Root()), (Strings{"a", "c"}));
  EXPECT_EQ(world.At("a/b").listing().bytes(), "x.c");
  EXPECT_EQ(world.files.calls().counters().list, 4);
  EXPECT_EQ(world.files.open_files(), 0);
}

TEST(ExploreWorker, OpensAChildByItsNameWhileItsParentIsOpen) {
  ScanWorld world("f a/b/x.c\n");
  auto state = world.OpenState();
  Queue(*state, world.Root(), ListReason::kUnknown);
  ExploreWorker(*state, 0).Run();
  EXPECT_EQ(Calls(world, "open_directory /r/a/b"), 1u);
  EXPECT_EQ(state->open_count, 0);
}

TEST(ExploreWorker, OpensByThePathWhenAsManyAreOpenAsMay) {
  ScanWorld world("f a/b/x.c\n");
  ScanRequest request = world.Request();
  request.max_open_files = 0;
  ScanState state(request, world.tree, world.pool);
  auto like = world.OpenState();
  state.root_stats = like->root_stats;
  state.root_handles = std::move(like->root_handles);
  Queue(state, world.Root(), ListReason::kUnknown);
  ExploreWorker(state, 0).Run();
  EXPECT_EQ(world.At("a/b").listing().bytes(), "x.c");
  EXPECT_EQ(state.open_count, 0);
}

TEST(ExploreWorker, KeepsTheFactsOfChildrenThatAreStillThere) {
  ScanWorld world("f a/x.c\nd b\nd c\n");
  world.Learn();
  world.disk.RemoveAll("/r/b");
  world.disk.MakeDirectories("/r/d");
  Directory* const a = &world.At("a");
  a->verified = world.At("c").verified = true;
  const auto state = Explore(world, world.Root(), ListReason::kChangeTime);
  EXPECT_EQ(ChildNamesOf(world.Root()), (Strings{"a", "c", "d"}));
  EXPECT_EQ(&world.At("a"), a);
  EXPECT_EQ(Calls(world, "list /r/a"), 0u);
  EXPECT_EQ(Calls(world, "list /r/d"), 1u);
  absl::MutexLock lock(&state->mutex);
  EXPECT_EQ(state->unlinked.size(), 1u);
}

TEST(ExploreWorker, UncoveredFactsAreUsedIfTheStampHolds) {
  ScanWorld world("f a/b/x.c\n");
  world.Learn();
  world.At("a").verified = true;
  Explore(world, world.At("a"), ListReason::kUncovered);
  EXPECT_EQ(world.files.calls().counters().list, 0);
  EXPECT_TRUE(world.At("a/b").verified);
}

TEST(ExploreWorker, UncoveredFactsAreReadAnewIfItDoesNot) {
  ScanWorld world("f a/b/x.c\n");
  world.Learn();
  world.disk.WriteFile("/r/a/new.c");
  world.At("a").verified = true;
  Explore(world, world.At("a"), ListReason::kUncovered);
  EXPECT_EQ(world.At("a").listing().bytes(), "new.c");
  EXPECT_EQ(Calls(world, "list /r/a/b"), 0u);
}

// A stamp of one directory on the listing of another would be believed.
TEST(ExploreWorker, ANewStampThatCannotBeListedLeavesNoFacts) {
  ScanWorld world("f a/x.c\n");
  world.Learn();
  world.disk.WriteFile("/r/a/new.c");
  world.files.calls().FailPath(Operation::kList, "/r/a", EIO);
  const auto state = Explore(world, world.At("a"), ListReason::kChangeTime);
  EXPECT_EQ(world.At("a").knowledge, Knowledge::kUnreadable);
  EXPECT_TRUE(state->facts_changed);
  EXPECT_EQ(CountUnreadable(*state), 1u);
}

TEST(ExploreWorker, WhatIsNotThereIsGoneAndNotReported) {
  ScanWorld world("d a\n");
  world.Learn();
  world.disk.RemoveAll("/r/a");
  const auto state = Explore(world, world.At("a"), ListReason::kChangeTime);
  EXPECT_EQ(world.At("a").knowledge, Knowledge::kGone);
  EXPECT_EQ(CountUnreadable(*state), 0u);
}

TEST(ExploreWorker, AnEqualStampThatWasNotTrustedChangesNothing) {
  ScanWorld world("d a\n");
  world.disk.WriteFile("/r/a/just.now");
  world.Learn();
  const auto state = Explore(world, world.At("a"), ListReason::kUntrusted);
  EXPECT_FALSE(state->facts_changed);
  EXPECT_FALSE(world.At("a").trusted);
}

TEST(ExploreWorker, WhatIsPrunedShowsNoChildren) {
  View view;
  view.prune_files = {".prune"};
  ScanWorld world("f a/.prune\nd a/b\n", view);
  Explore(world, world.Root(), ListReason::kUnknown);
  EXPECT_TRUE(world.At("a").pruned);
  EXPECT_EQ(Calls(world, "open_directory /r/a/b"), 0u);
}

TEST(ExploreWorker, ASecondFileSystemIsForeignWithinABoundary) {
  View view;
  view.boundary = Boundary::kOneFileSystem;
  ScanWorld world("d a/b\n", view);
  world.disk.Mount("/r/a");
  world.disk.WriteFile("/r/a/x.c");
  Explore(world, world.Root(), ListReason::kUnknown);
  EXPECT_TRUE(world.At("a").foreign);
  EXPECT_EQ(Calls(world, "list /r/a"), 0u);
}

TEST(ExploreWorker, ALinkToADirectoryAboveIsGone) {
  View view;
  view.links = LinkPolicy::kFollow;
  ScanWorld world("d a/b\nl a/b/up -> ../..\n", view);
  Explore(world, world.Root(), ListReason::kUnknown);
  EXPECT_EQ(world.At("a/b/up").knowledge, Knowledge::kGone);
}

TEST(ExploreWorker, AScanThatIsGivenUpListsNothingMore) {
  ScanWorld world("d a\n");
  auto state = world.OpenState();
  state->given_up = true;
  Queue(*state, world.Root(), ListReason::kUnknown);
  ExploreWorker(*state, 0).Run();
  EXPECT_EQ(world.files.calls().counters().list, 0);
}

TEST(ExploreWorker, ReplacedListingsAndRemovedDirectoriesCountAsDead) {
  ScanWorld world("f a/x.c\n");
  world.Learn();
  world.disk.WriteFile("/r/a/new.c");
  world.disk.RemoveAll("/r/a/x.c");
  const auto state = Explore(world, world.At("a"), ListReason::kChangeTime);
  absl::MutexLock lock(&state->mutex);
  EXPECT_EQ(state->dead_bytes, 3u);
  state->unlinked.push_back(&world.At("a"));
  state->MarkRemoved();
  EXPECT_EQ(world.tree.dead_bytes, 3u + sizeof(Directory) + 1 + 5);
  EXPECT_TRUE(world.At("a").removed);
}

}  // namespace
}  // namespace finder
