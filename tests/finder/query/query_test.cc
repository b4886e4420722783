#include "finder/query/query.h"

#include <string>
#include <string_view>
#include <vector>

#include "finder/tree/child_links.h"
#include "finder/tree/tree_walk.h"
#include "finder/view/view.h"
#include "gtest/gtest.h"
#include "tests/support/tree_builder.h"

namespace finder {
namespace {

using List = std::vector<std::string>;

List AnswersIn(const DirectoryTree& tree, const Query& query,
               const View& view = View()) {
  const auto compiled = CompiledQuery::Compile(query, view);
  EXPECT_TRUE(compiled.ok()) << compiled.status();
  List paths;
  if (!compiled.ok()) return paths;
  for (const Segment& segment : CutIntoSegments(tree, 3)) {
    compiled->Run(tree, segment, [&](const Match& match) {
      paths.push_back(std::string(match.directory) + std::string(match.name));
      return true;
    });
  }
  return paths;
}

List Answers(const TreeModel& model, const Query& query,
             const View& view = View()) {
  return AnswersIn(BuildTree({{".", model}}), query, view);
}

TreeModel Files(const List& paths) {
  TreeModel model;
  for (const std::string& path : paths) model.Add(path);
  return model;
}

Query TypeQuery(std::string_view letters) {
  Query query;
  query.types.files = letters.find('f') != letters.npos;
  query.types.directories = letters.find('d') != letters.npos;
  query.types.symlinks = letters.find('l') != letters.npos;
  return query;
}

std::string ErrorOf(const Query& query) {
  return std::string(CompiledQuery::Compile(query, View()).status().message());
}

TEST(Query, WithoutFiltersEverythingButDirectoriesIsAnAnswer) {
  TreeModel model = Files({"a/x", "b"});
  model.Add("link", EntryKind::kSymlink);
  model.Add("link-to-directory", EntryKind::kLinkToDirectory);
  model.Add("socket", EntryKind::kOther);
  EXPECT_EQ(Answers(model, Query()), List({"a/x", "b", "link", "socket"}));
}

TEST(Query, AnswersAreInByteOrderOfThePath) {
  const TreeModel model = Files({"a/x", "a-b", "a-b-c/y", "a.c", "a0", "aa/z"});
  EXPECT_EQ(Answers(model, Query()),
            List({"a-b", "a-b-c/y", "a.c", "a/x", "a0", "aa/z"}));
  EXPECT_EQ(
      Answers(model, TypeQuery("fd")),
      List({"a", "a-b", "a-b-c", "a-b-c/y", "a.c", "a/x", "a0", "aa", "aa/z"}));
}

TEST(Query, TypesSelect) {
  TreeModel model = Files({"d/x", "f"});
  model.Add("l", EntryKind::kSymlink);
  model.Add("ld", EntryKind::kLinkToDirectory);
  model.Add("o", EntryKind::kOther);
  EXPECT_EQ(Answers(model, TypeQuery("f")), List({"d/x", "f"}));
  EXPECT_EQ(Answers(model, TypeQuery("d")), List({"d"}));
  EXPECT_EQ(Answers(model, TypeQuery("l")), List({"l", "ld"}));
  EXPECT_EQ(Answers(model, TypeQuery("dl")), List({"d", "l", "ld"}));
}

TEST(Query, FollowedLinkIsTheDirectoryItLeadsTo) {
  TreeModel model = Files({"link/x"});
  model.children["link"].via_link = true;
  model.Add("link", EntryKind::kLinkToDirectory);
  model.Add("loop", EntryKind::kLinkToDirectory);
  model.Add("file", EntryKind::kSymlink);
  View view;
  view.links = LinkPolicy::kFollow;
  EXPECT_EQ(Answers(model, TypeQuery("d"), view), List({"link"}));
  EXPECT_EQ(Answers(model, TypeQuery("l"), view), List({"file", "loop"}));
  EXPECT_EQ(Answers(model, TypeQuery("f"), view), List({"file", "link/x"}));
}

TEST(Query, FiltersOfOneKindAreOrOfTwoKindsAnd) {
  const TreeModel model = Files({"a.c", "a.h", "b.c", "b.o", "c"});
  Query either;
  either.globs = {"a*", "*.o"};
  EXPECT_EQ(Answers(model, either), List({"a.c", "a.h", "b.o"}));
  Query both;
  both.globs = {"a*"};
  both.extensions = {"h", ".o"};
  EXPECT_EQ(Answers(model, both), List({"a.h"}));
  Query names;
  names.names = {"c", "b.c", "no/name"};
  EXPECT_EQ(Answers(model, names), List({"b.c", "c"}));
  Query suffixes;
  suffixes.suffixes = {"c"};
  suffixes.exclude_names = {"c"};
  EXPECT_EQ(Answers(model, suffixes), List({"a.c", "b.c"}));
}

TEST(Query, ExtensionNeedsSomethingBeforeIt) {
  const TreeModel model = Files({".c", "a.c", "a.b.c", "c"});
  Query query;
  query.extensions = {"c"};
  EXPECT_EQ(Answers(model, query), List({"a.b.c", "a.c"}));
}

TEST(Query, GlobWithASlashIsAskedOfThePath) {
  const TreeModel model = Files({"a/x.c", "a/b/x.c", "x.c"});
  Query query;
  query.globs = {"a/*.c"};
  EXPECT_EQ(Answers(model, query), List({"a/x.c"}));
  query.globs = {"**/*.c"};
  EXPECT_EQ(Answers(model, query), List({"a/b/x.c", "a/x.c", "x.c"}));
  query.globs = {"a/b/*", "./x.c"};
  EXPECT_EQ(Answers(model, query), List({"a/b/x.c", "x.c"}));
}

TEST(Query, RegexIsAskedOfThePath) {
  const TreeModel model = Files({"a/x.c", "b/a.h", "c"});
  Query query;
  query.regexes = {"^a/.*\\.c$", "^c$"};
  EXPECT_EQ(Answers(model, query), List({"a/x.c", "c"}));
  query.regexes = {"A"};
  EXPECT_EQ(Answers(model, query), List());
  query.case_rule = CaseRule::kIgnore;
  EXPECT_EQ(Answers(model, query), List({"a/x.c", "b/a.h"}));
}

TEST(Query, RegexSeesNamesOfAnyBytes) {
  const TreeModel model = Files({"caf\xc3\xa9.c", "caf\xe9.c", "new\nline.c"});
  Query query;
  query.regexes = {"^caf.\\.c$", "^new.*\\.c$"};
  EXPECT_EQ(Answers(model, query),
            List({"caf\xc3\xa9.c", "caf\xe9.c", "new\nline.c"}));
  query.regexes = {"\xe9"};
  EXPECT_EQ(Answers(model, query), List({"caf\xe9.c"}));
}

TEST(Query, DepthCountsFromTheRoot) {
  const TreeModel model = Files({"a", "b/c", "b/d/e"});
  Query query;
  query.max_depth = 2;
  EXPECT_EQ(Answers(model, query), List({"a", "b/c"}));
  query.min_depth = 2;
  EXPECT_EQ(Answers(model, query), List({"b/c"}));
  query.max_depth = 0;
  EXPECT_EQ(Answers(model, query), List());
}

TEST(Query, FirstStopsBelowADirectoryWithAnAnswer) {
  const TreeModel model =
      Files({"a/Android.bp", "a/b/Android.bp", "c/x", "c/d/Android.bp"});
  Query query;
  query.names = {"Android.bp"};
  query.first = FirstRule::kFirstOnly;
  EXPECT_EQ(Answers(model, query), List({"a/Android.bp", "c/d/Android.bp"}));
  query.min_depth = 3;
  EXPECT_EQ(Answers(model, query), List({"a/b/Android.bp", "c/d/Android.bp"}));
}

TEST(Query, AtAnswersBelowOneDirectory) {
  const TreeModel model = Files({"a/x", "a/b/y", "ab/z", "c"});
  Query query;
  query.at = {"a"};
  EXPECT_EQ(Answers(model, query), List({"a/b/y", "a/x"}));
  query.at = {"./a/b/", "ab", "a/b", "none", "c"};
  EXPECT_EQ(Answers(model, query), List({"a/b/y", "ab/z"}));
  query.at = {"."};
  EXPECT_EQ(Answers(model, query).size(), 4u);
  query.at = {"/"};
  EXPECT_EQ(Answers(model, query), List());
  query.at = {"a"};
  query.types.directories = true;
  EXPECT_EQ(Answers(model, query), List({"a/b"}));
}

TEST(Query, AtAboveARootIsTheWholeRoot) {
  const DirectoryTree tree =
      BuildTree({{"/usr/lib", Files({"a"})}, {"src", Files({"b"})}});
  Query query;
  query.at = {"/usr"};
  EXPECT_EQ(AnswersIn(tree, query), List({"/usr/lib/a"}));
  query.at = {"src"};
  EXPECT_EQ(AnswersIn(tree, query), List({"src/b"}));
  query.at = {"/usr/li"};
  EXPECT_EQ(AnswersIn(tree, query), List());
  query.at = {"."};
  EXPECT_EQ(AnswersIn(tree, query), List({"src/b"}));
}

TEST(Query, RootInsideAWiderTreeIsAllThatIsSeen) {
  DirectoryTree tree =
      BuildTree({{"b", Files({"a/x", "b/c/y", "b/z", "c/x"})}});
  Directory* b = &*++Children(*tree.roots[0].directory).begin();
  b->excluded = true;  // for those who come from above
  b->view_root = true;
  tree.roots[0].directory = b;
  EXPECT_EQ(AnswersIn(tree, Query()), List({"b/c/y", "b/z"}));
  EXPECT_EQ(AnswersIn(tree, TypeQuery("d")), List({"b/c"}));
  Query at;
  at.at = {"b/c"};
  EXPECT_EQ(AnswersIn(tree, at), List({"b/c/y"}));
}

TEST(Query, WhatTheViewHidesIsNoAnswer) {
  TreeModel model = Files({"excluded/x", "pruned/x", "foreign/x", "gone/x",
                           "unreadable/x", "seen/x"});
  model.children["excluded"].excluded = true;
  model.children["pruned"].pruned = true;
  model.children["foreign"].foreign = true;
  model.children["gone"].knowledge = Knowledge::kGone;
  model.children["unreadable"].knowledge = Knowledge::kUnreadable;
  EXPECT_EQ(Answers(model, Query()), List({"seen/x"}));
  EXPECT_EQ(Answers(model, TypeQuery("d")),
            List({"foreign", "pruned", "seen", "unreadable"}));
  Query at;
  at.at = {"excluded", "pruned", "gone"};
  EXPECT_EQ(Answers(model, at), List());
}

TEST(Query, KeepRulesOfTheViewFilterEntriesNotDirectories) {
  const TreeModel model = Files({"a/Android.bp", "a/x.mk", "a/y.c"});
  View view;
  view.keep = {{"Android.bp"}, {".mk"}};
  EXPECT_EQ(Answers(model, Query(), view), List({"a/Android.bp", "a/x.mk"}));
  EXPECT_EQ(Answers(model, TypeQuery("d"), view), List({"a"}));
  Query query;
  query.globs = {"x*"};
  EXPECT_EQ(Answers(model, query, view), List({"a/x.mk"}));
}

TEST(Query, NamesMayHaveAnyBytes) {
  TreeModel model = Files({"\x01", " ", "\"\\", "caf\xe9.c", "\n"});
  model.Add("x", EntryKind::kSymlink);
  model.Add("lx");
  Query query;
  query.names = {"\n", "caf\xe9.c", "lx", "\x01"};
  EXPECT_EQ(Answers(model, query), List({"\x01", "\n", "caf\xe9.c", "lx"}));
  query.names = {"x"};
  EXPECT_EQ(Answers(model, query), List({"x"}));
}

TEST(Query, ErrorsNameValueAndPosition) {
  Query glob;
  glob.globs = {"*.c", "a[b"};
  EXPECT_EQ(ErrorOf(glob), "glob \"a[b\": set is not closed (position 2)");
  Query regex;
  regex.regexes = {"a(b"};
  EXPECT_EQ(ErrorOf(regex), "regex \"a(b\": missing ): a(b (position 1)");
  regex.regexes = {"ab**"};
  EXPECT_EQ(ErrorOf(regex),
            "regex \"ab**\": bad repetition operator: ** (position 3)");
}

TEST(Segments, RootsAreInOrderOfTheirPrefix) {
  const DirectoryTree tree = BuildTree(
      {{"a", Files({"x"})}, {"a-b", Files({"y"})}, {"/r", Files({"z"})}});
  EXPECT_TRUE(SegmentsAreSorted(tree));
  EXPECT_EQ(AnswersIn(tree, Query()), List({"/r/z", "a-b/y", "a/x"}));
}

TEST(Segments, OverlappingRootsAreNotSorted) {
  const TreeModel model = Files({"x"});
  EXPECT_FALSE(SegmentsAreSorted(BuildTree({{"a/b", model}, {"a", model}})));
  EXPECT_FALSE(SegmentsAreSorted(BuildTree({{".", model}, {"src", model}})));
  EXPECT_FALSE(SegmentsAreSorted(BuildTree({{"a", model}, {"a", model}})));
  EXPECT_TRUE(SegmentsAreSorted(BuildTree({{"ab", model}, {"a", model}})));
}

TEST(Segments, AreOfLikeWeight) {
  TreeModel model;
  for (int i = 0; i < 1000; ++i) model.Add("d" + std::to_string(i) + "/file");
  const DirectoryTree tree = BuildTree({{".", model}});
  const std::vector<Segment> segments = CutIntoSegments(tree, 8);
  EXPECT_GE(segments.size(), 7u);
  EXPECT_LE(segments.size(), 9u);
  const auto query = CompiledQuery::Compile(Query(), View());
  for (const Segment& segment : segments) {
    size_t count = 0;
    query->Run(tree, segment, [&](const Match&) { return ++count > 0; });
    EXPECT_GT(count, 60u);
    EXPECT_LT(count, 250u);
  }
}

// Deeper than any stack could recurse.
TEST(Segments, DeepChainIsWalked) {
  DirectoryTree tree;
  Arena& arena = tree.NewArena();
  constexpr size_t kDepth = 100000;
  auto* chain = arena.NewArray<Directory>(kDepth);
  for (size_t i = 0; i < kDepth; ++i) {
    chain[i].knowledge = Knowledge::kListed;
    chain[i].verified = true;
    chain[i].set_name(i == 0 ? "" : "d");
    if (i > 0) ChildLinks::Add(chain[i - 1], nullptr, chain[i]);
  }
  chain[kDepth - 1].set_listing("end");
  chain[5].set_listing("a/z");
  tree.roots.push_back({".", "/", &chain[0]});
  const List paths = AnswersIn(tree, Query());
  ASSERT_EQ(paths.size(), 3u);
  EXPECT_EQ(paths[0], "d/d/d/d/d/a");
  EXPECT_EQ(paths[1].size(), 2 * (kDepth - 1) + 3);
  EXPECT_EQ(paths[2], "d/d/d/d/d/z");
}

}  // namespace
}  // namespace finder
