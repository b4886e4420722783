#include "finder/tree/tree_repacking.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "finder/tree/tree_walk.h"
#include "tests/support/tree_builder.h"

namespace finder {
namespace {

using Strings = std::vector<std::string>;

void Ignore(const Directory&, const Directory*) {}

// A tree with one top, which is known and a root.
DirectoryTree Build(const TreeModel& model) {
  DirectoryTree tree = BuildTree({{"/r", model}});
  tree.known = {{"", "/r", tree.roots[0].directory}};
  return tree;
}

// "path: listing" of each directory in pre-order.
Strings Texts(const DirectoryTree& tree) {
  Strings texts;
  for (const Root& top : tree.known) {
    VisitTree(static_cast<const Directory&>(*top.directory),
              [&texts](const Directory& d) {
                texts.push_back(RelativePath(d) + ": " +
                                std::string(d.listing().bytes()));
                return Descent::kInside;
              });
  }
  return texts;
}

const Directory& At(const DirectoryTree& tree, std::string_view name) {
  return *FindChild(static_cast<const Directory&>(*tree.known[0].directory),
                    name);
}

TEST(Repack, KeepsAllThatIsLinked) {
  TreeModel model;
  model.Add("a/b/x.c");
  model.Add("a-b/y.c");
  model.Add("z.c");
  const DirectoryTree tree = Build(model);
  const RepackedTree packed = Repack(tree, Repacking::kAsItIs, Ignore);
  EXPECT_EQ(Texts(packed.tree), Texts(tree));
  EXPECT_EQ(packed.directories, 4u);
  EXPECT_TRUE(At(packed.tree, "a").verified);
}

TEST(Repack, NeedsTheOldTreeNoMore) {
  TreeModel model;
  model.Add("a/b/x.c");
  RepackedTree packed;
  Strings texts;
  {
    const DirectoryTree tree = Build(model);
    texts = Texts(tree);
    packed = Repack(tree, Repacking::kAsItIs, Ignore);
  }
  EXPECT_EQ(Texts(packed.tree), texts);
}

TEST(Repack, RootsAreTheNewDirectories) {
  TreeModel model;
  model.Add("a/x.c");
  const DirectoryTree tree = Build(model);
  const RepackedTree packed = Repack(tree, Repacking::kAsItIs, Ignore);
  ASSERT_EQ(packed.tree.roots.size(), 1u);
  EXPECT_EQ(packed.tree.roots[0].directory, packed.tree.known[0].directory);
  EXPECT_NE(packed.tree.roots[0].directory, tree.roots[0].directory);
}

TEST(Repack, ForAnotherScanNothingIsVerifiedAndThereAreNoRoots) {
  TreeModel model;
  model.Add("a/x.c");
  const RepackedTree packed =
      Repack(Build(model), Repacking::kFactsAlone, Ignore);
  EXPECT_TRUE(packed.tree.roots.empty());
  EXPECT_FALSE(packed.tree.known[0].directory->view_root);
  EXPECT_FALSE(At(packed.tree, "a").verified);
  EXPECT_EQ(At(packed.tree, "a").listing().bytes(), "x.c");
}

TEST(Repack, ForAnotherScanWhatWasGoneOrUnreadableIsANameAlone) {
  TreeModel model;
  model.Directory("gone").knowledge = Knowledge::kGone;
  model.Directory("gone/below");
  model.Directory("shut").knowledge = Knowledge::kUnreadable;
  model.Add("shut/below/x.c");
  const DirectoryTree tree = Build(model);
  const RepackedTree packed = Repack(tree, Repacking::kFactsAlone, Ignore);
  EXPECT_EQ(Texts(packed.tree),
            (Strings{": ", "gone: ", "shut: ", "shut/below: x.c"}));
  EXPECT_EQ(At(packed.tree, "gone").knowledge, Knowledge::kNameOnly);
  EXPECT_EQ(At(packed.tree, "shut").knowledge, Knowledge::kNameOnly);
  EXPECT_EQ(At(Repack(tree, Repacking::kAsItIs, Ignore).tree, "gone").knowledge,
            Knowledge::kGone);
}

TEST(Repack, ForAnotherScanLinksThatWereNotListedAreLeftOut) {
  TreeModel model;
  model.Directory("loop").via_link = true;
  model.Directory("loop").knowledge = Knowledge::kGone;
  model.Directory("link").via_link = true;
  EXPECT_EQ(Texts(Repack(Build(model), Repacking::kFactsAlone, Ignore).tree),
            (Strings{": ", "link: "}));
}

TEST(Repack, TellsWhatBecameOfEachDirectory) {
  TreeModel model;
  model.Directory("a/b");
  model.Directory("gone").knowledge = Knowledge::kGone;
  model.Directory("gone/below");
  const DirectoryTree tree = Build(model);
  std::map<std::string, std::string> moves;
  const RepackedTree packed = Repack(
      tree, Repacking::kFactsAlone,
      [&moves](const Directory& from, const Directory* to) {
        moves[RelativePath(from)] = to == nullptr ? "nothing" : to->name();
      });
  EXPECT_EQ(moves,
            (std::map<std::string, std::string>{{"", ""},
                                                {"a", "a"},
                                                {"a/b", "b"},
                                                {"gone", "gone"},
                                                {"gone/below", "nothing"}}));
}

// A wide and deep tree of so many that several pieces are needed.
TreeModel Large() {
  TreeModel model;
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 40; ++j) {
      model.Add(std::to_string(i) + "/" + std::to_string(j) + "/x.c");
    }
  }
  return model;
}

TEST(Repack, PiecesAreThePreOrder) {
  const DirectoryTree tree = Build(Large());
  const RepackedTree packed = Repack(tree, Repacking::kFactsAlone, Ignore);
  ASSERT_GT(packed.pieces.size(), 3u);
  std::vector<const Directory*> order;
  VisitTree(static_cast<const Directory&>(*packed.tree.known[0].directory),
            [&order](const Directory& d) {
              order.push_back(&d);
              return Descent::kInside;
            });
  std::vector<const Directory*> pieced;
  for (const Piece& piece : packed.pieces) {
    for (uint32_t i = 0; i < piece.count; ++i) {
      pieced.push_back(piece.directories + i);
    }
  }
  EXPECT_EQ(pieced, order);
  EXPECT_EQ(packed.directories, order.size());
}

TEST(Repack, ALargeTreeHasLandmarks) {
  const DirectoryTree tree = Build(Large());
  const RepackedTree packed = Repack(tree, Repacking::kAsItIs, Ignore);
  ASSERT_EQ(packed.tree.landmarks.size(), packed.pieces.size());
  EXPECT_EQ(packed.tree.landmarks[0].directory, packed.tree.known[0].directory);
}

TEST(Repack, TakesNoMoreMemoryThanIsNeeded) {
  DirectoryTree tree = Build(Large());
  const uint64_t needed =
      Repack(tree, Repacking::kAsItIs, Ignore).tree.size_bytes();
  // What was replaced.
  tree.NewArena().AllocateBytes(10 << 20);
  const RepackedTree packed = Repack(tree, Repacking::kAsItIs, Ignore);
  EXPECT_EQ(packed.tree.size_bytes(), needed);
  EXPECT_GT(tree.size_bytes(), uint64_t{10} << 20);
  EXPECT_EQ(packed.tree.dead_bytes, 0u);
}

}  // namespace
}  // namespace finder
