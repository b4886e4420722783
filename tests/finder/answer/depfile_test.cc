#include "finder/answer/depfile.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/tree_builder.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Watched(const DirectoryTree& tree,
                                 const std::vector<Query>& queries) {
  std::vector<const Query*> pointers;
  pointers.reserve(queries.size());
  for (const Query& query : queries) pointers.push_back(&query);
  std::vector<std::string> watched;
  VisitWatchedDirectories(
      tree, pointers, &Root::path,
      [&](std::string_view path) { watched.emplace_back(path); });
  return watched;
}

struct Depfile {
  std::string text;
  std::vector<std::string> unwritable;
};

Depfile MakeDepfile(const std::vector<std::string>& targets,
                    const std::vector<std::string>& directories) {
  Depfile depfile;
  depfile.unwritable = WriteDepfile(
      targets,
      [&](absl::FunctionRef<void(std::string_view)> visit) {
        for (const std::string& directory : directories) visit(directory);
      },
      [&](std::string_view bytes) {
        depfile.text += bytes;
        return true;
      });
  return depfile;
}

Forest SmallForest() {
  TreeModel model;
  model.Add("a/x.c");
  model.Directory("a/b/c");
  model.Directory("excluded/inside");
  model.children["excluded"].excluded = true;
  model.Directory("pruned/inside");
  model.children["pruned"].pruned = true;
  model.Directory("gone/inside");
  model.children["gone"].knowledge = Knowledge::kGone;
  model.Directory("locked").knowledge = Knowledge::kUnreadable;
  model.Directory("mounted").foreign = true;
  return {{".", model}};
}

TEST(WatchedDirectories, AreThoseTheViewLooksInto) {
  const DirectoryTree tree = BuildTree(SmallForest());
  EXPECT_THAT(Watched(tree, {Query()}),
              ElementsAre(".", "a", "a/b", "a/b/c", "locked", "pruned"));
}

TEST(WatchedDirectories, EndWhereNoAnswerCanComeFrom) {
  const DirectoryTree tree = BuildTree(SmallForest());
  Query at;
  at.at = {"a/b"};
  EXPECT_THAT(Watched(tree, {at}), ElementsAre(".", "a", "a/b", "a/b/c"));
  Query missing;
  missing.at = {"a/new/x"};
  EXPECT_THAT(Watched(tree, {missing}), ElementsAre(".", "a"));
  Query shallow;
  shallow.max_depth = 2;
  EXPECT_THAT(Watched(tree, {shallow}),
              ElementsAre(".", "a", "locked", "pruned"));
  EXPECT_THAT(Watched(tree, {at, shallow}),
              ElementsAre(".", "a", "a/b", "a/b/c", "locked", "pruned"));
}

TEST(WatchedDirectories, OfOverlappingRootsComeOnce) {
  TreeModel model;
  model.Directory("b");
  const DirectoryTree tree =
      BuildTree({{"a", model}, {"a/b", model.children["b"]}});
  EXPECT_THAT(Watched(tree, {Query()}), ElementsAre("a", "a/b"));
}

TEST(MakeDepfile, HasOneRuleAndAnEmptyOneForEachDirectory) {
  EXPECT_EQ(MakeDepfile({"out/list"}, {".", "a"}).text,
            "out/list: \\\n  . \\\n  a\n.:\na:\n");
}

// How one directory is spelled; empty if it cannot be.
std::string Spelled(const std::string& directory) {
  const Depfile depfile = MakeDepfile({"o"}, {directory});
  if (!depfile.unwritable.empty()) return "";
  const std::string start = "o: \\\n  ";
  return depfile.text.substr(
      start.size(), depfile.text.find('\n', start.size()) - start.size());
}

TEST(MakeDepfile, EscapesWhatMakeAndNinjaReadAlike) {
  EXPECT_EQ(Spelled("a b"), "a\\ b");
  EXPECT_EQ(Spelled("a#b"), "a\\#b");
  EXPECT_EQ(Spelled("a$b"), "a$$b");
  EXPECT_EQ(Spelled("c:d"), "c\\:d");
  EXPECT_EQ(Spelled("a\\b"), "a\\b");
  EXPECT_EQ(Spelled("end\\"), "end\\/");
  EXPECT_EQ(Spelled("end:"), "end\\:/");
  EXPECT_EQ(Spelled("copy (1)"), "copy\\ (1)/");
  EXPECT_EQ(Spelled("~me"), "./~me");
  EXPECT_EQ(Spelled("\xc3\xa9\xff"), "\xc3\xa9\xff");
}

TEST(MakeDepfile, WhatIsKnownOfAParentIsNotTakenForMore) {
  EXPECT_EQ(MakeDepfile({"o"}, {"a", "a/b c", "a/b c/d", "a/b", "ab", "a/=",
                                "a/c", ".", "./A", ".A", ".A/b", "/", "/a"})
                .text,
            "o: \\\n  a \\\n  a/b\\ c \\\n  a/b\\ c/d \\\n  a/b \\\n  ab \\\n  "
            "a/c \\\n  . \\\n  ./A \\\n  / \\\n  /a \\\n  a/= \\\n  .A \\\n  "
            ".A/b\na:\na/b\\ c:\na/b\\ c/d:\na/b:\nab:\na/c:\n.:\n./A:\n/:\n"
            "/a:\n");
}

TEST(MakeDepfile, ALongOneIsWrittenInPiecesUntilThatFails) {
  std::vector<std::string> directories;
  directories.reserve(100'000);
  for (int i = 0; i < 100'000; ++i) {
    directories.push_back("directory/" + std::to_string(i));
  }
  size_t longest = 0;
  int pieces = 0;
  WriteDepfile(
      {"o"},
      [&](absl::FunctionRef<void(std::string_view)> visit) {
        for (const std::string& directory : directories) visit(directory);
      },
      [&](std::string_view bytes) {
        longest = std::max(longest, bytes.size());
        return ++pieces < 3;
      });
  EXPECT_EQ(pieces, 3);
  EXPECT_LT(longest, size_t{70} << 10);
}

TEST(MakeDepfile, NamesWhatNoDepfileCanHold) {
  for (const char* name :
       {"a\nb", "a\tb", "a*b", "a;b", "a|b", "a\\#b", "a\\ b", "a\\\\b", "a: b",
        "\x7f", "a>b", "a?b", "a'b", "a\"b", "a&b"}) {
    const Depfile depfile = MakeDepfile({"o"}, {"ok", name});
    EXPECT_THAT(depfile.unwritable, ElementsAre(name));
    EXPECT_THAT(depfile.text, testing::HasSubstr("never-exists")) << name;
  }
  EXPECT_THAT(MakeDepfile({"o"}, {"ok"}).unwritable, IsEmpty());
}

TEST(MakeDepfile, DoesNotBeginWithWhatMakeTakesForAVariable) {
  EXPECT_EQ(MakeDepfile({"o"}, {"a=b", "c"}).text,
            "o: \\\n  c \\\n  a=b\nc:\n");
}

TEST(MakeDepfile, GivesNoRuleThatMakeWouldMisunderstand) {
  for (const char* name : {"a=b", "a%b", ".SILENT"}) {
    EXPECT_THAT(MakeDepfile({"o"}, {"c", name}).text,
                testing::EndsWith("\nc:\n"))
        << name;
  }
}

TEST(IsWritableTarget, RefusesWhatARuleCannotHave) {
  EXPECT_TRUE(IsWritableTarget("out/a b.list"));
  for (const char* name : {"a%b", "a=b", "a*b", "~a", "lib(x)", "a\nb"}) {
    EXPECT_FALSE(IsWritableTarget(name)) << name;
  }
}

}  // namespace
}  // namespace finder
