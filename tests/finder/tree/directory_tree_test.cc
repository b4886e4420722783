#include "finder/tree/directory_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "finder/tree/tree_walk.h"
#include "tests/support/tree_builder.h"

namespace finder {
namespace {

std::vector<std::string> PathsInPreorder(const Directory* top) {
  std::vector<std::string> paths;
  VisitTree(*top, [&paths](const Directory& d) {
    paths.push_back(RelativePath(d));
    return Descent::kInside;
  });
  return paths;
}

DirectoryTree SomeTree() {
  TreeModel model;
  for (const char* path : {"a/b/c", "a/d", "a-b", "a.c/x", "e"}) {
    model.Directory(path);
  }
  return BuildTree({{"root", model}});
}

TEST(DirectoryTree, PreorderIsTheByteOrderOfThePaths) {
  const DirectoryTree tree = SomeTree();
  std::vector<std::string> paths = PathsInPreorder(tree.roots[0].directory);
  EXPECT_EQ(paths, (std::vector<std::string>{"", "a-b", "a.c", "a.c/x", "a",
                                             "a/b", "a/b/c", "a/d", "e"}));
  for (std::string& path : paths) path += '/';
  EXPECT_TRUE(std::is_sorted(paths.begin() + 1, paths.end()));
}

TEST(DirectoryTree, AnyTwoDirectoriesAreComparedByPreorder) {
  const DirectoryTree tree = SomeTree();
  std::vector<const Directory*> all;
  const Directory* top = tree.roots[0].directory;
  VisitTree(*top, [&all](const Directory& d) {
    all.push_back(&d);
    return Descent::kInside;
  });
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = 0; j < all.size(); ++j) {
      EXPECT_EQ(PreorderBefore(*all[i], *all[j]), i < j) << i << " " << j;
    }
  }
}

TEST(DirectoryTree, PreorderOfASubtreeEndsWithIt) {
  const DirectoryTree tree = SomeTree();
  const Directory* a = FindChild(*tree.roots[0].directory, "a");
  EXPECT_EQ(PathsInPreorder(a),
            (std::vector<std::string>{"a", "a/b", "a/b/c", "a/d"}));
}

TEST(DirectoryTree, ChildrenAreComparedWithTheirSlash) {
  EXPECT_TRUE(ChildBefore("a-b", "a"));
  EXPECT_TRUE(ChildBefore("a.c", "a"));
  EXPECT_TRUE(ChildBefore("a", "a0"));
  EXPECT_TRUE(ChildBefore("a", "b"));
  EXPECT_TRUE(ChildBefore("a", "\xff"));
  EXPECT_FALSE(ChildBefore("a", "a"));
  EXPECT_FALSE(ChildBefore("a", "a-b"));
}

TEST(DirectoryTree, AnEntryIsComparedWithADirectorysSlash) {
  EXPECT_TRUE(EntryBeforeChild("a", "a"));
  EXPECT_TRUE(EntryBeforeChild("a-b", "a"));
  EXPECT_FALSE(EntryBeforeChild("a0", "a"));
  EXPECT_TRUE(EntryBeforeChild("a", "a-b"));
}

TEST(DirectoryTree, PathsBeginBelowTheViewsRoot) {
  DirectoryTree tree = SomeTree();
  Directory* a = FindChild(*tree.roots[0].directory, "a");
  a->view_root = true;
  EXPECT_EQ(PathsInPreorder(a),
            (std::vector<std::string>{"", "b", "b/c", "d"}));
  std::string text = "before:";
  AppendRelativePath(*FindChild(*FindChild(*a, "b"), "c"), text);
  EXPECT_EQ(text, "before:b/c");
}

TEST(DirectoryTree, DevicesUnderWhichNoDirectoryLiesAreFreed) {
  DirectoryTree tree = SomeTree();
  const Device other = {7, Volume{StampTrust::kLocal, "other", ""}};
  tree.devices = {{2049, std::nullopt}, other, {8, Volume()}};
  tree.known = tree.roots;
  Children(*tree.known[0].directory).begin()->device = 1;
  tree.FreeUnusedDevices();
  EXPECT_EQ(tree.devices, (std::vector<Device>{Device(), other, Device()}));
}

TEST(DirectoryTree, PrintedPrefixesEndWithASlashUnlessEmpty) {
  EXPECT_EQ(PrintedPrefix("."), "");
  EXPECT_EQ(PrintedPrefix("/"), "/");
  EXPECT_EQ(PrintedPrefix("src"), "src/");
  EXPECT_EQ(PrintedPrefix("/usr/include"), "/usr/include/");
}

}  // namespace
}  // namespace finder
