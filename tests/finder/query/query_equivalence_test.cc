// Random trees and queries: the walk gives what the reference gives, in its
// order, however the tree is cut.
#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "finder/fields/query_text.h"
#include "finder/query/query.h"
#include "finder/query/reach.h"
#include "finder/query/scan_scope.h"
#include "finder/tree/tree_walk.h"
#include "finder/view/view.h"
#include "fs/path.h"
#include "gtest/gtest.h"
#include "tests/support/reference_query.h"
#include "tests/support/tree_builder.h"

namespace finder {
namespace {

using Random = std::mt19937;
using List = std::vector<std::string>;

size_t Below(Random& random, size_t limit) { return random() % limit; }
bool Chance(Random& random, unsigned percent) {
  return Below(random, 100) < percent;
}

// Bytes that sort before and after '/', and such that break careless code.
std::string RandomName(Random& random) {
  static constexpr std::string_view kBytes = "-.0aAb\xff\x01 ";
  std::string name;
  do {
    name.clear();
    const size_t size = 1 + Below(random, Chance(random, 5) ? 30 : 3);
    while (name.size() < size) name += kBytes[Below(random, kBytes.size())];
  } while (name == "." || name == "..");
  return name;
}

EntryKind RandomKind(Random& random) {
  if (!Chance(random, 25)) return EntryKind::kFile;
  constexpr EntryKind kKinds[] = {
      EntryKind::kSymlink, EntryKind::kLinkToDirectory, EntryKind::kOther};
  return kKinds[Below(random, 3)];
}

TreeModel RandomTree(Random& random, int depth) {
  TreeModel d;
  for (size_t n = Below(random, Chance(random, 10) ? 60 : 7); n > 0; --n) {
    d.entries[RandomName(random)] = RandomKind(random);
  }
  if (depth == 0) return d;
  for (size_t n = Below(random, 5); n > 0; --n) {
    const std::string name = RandomName(random);
    TreeModel child = RandomTree(random, depth - 1);
    if (d.entries.contains(name)) {
      d.entries[name] = EntryKind::kLinkToDirectory;
      child.via_link = true;
    }
    child.excluded = Chance(random, 5);
    child.pruned = Chance(random, 5);
    child.foreign = Chance(random, 5);
    if (Chance(random, 5)) child.knowledge = Knowledge::kUnreadable;
    if (Chance(random, 5)) child.knowledge = Knowledge::kGone;
    d.children[name] = std::move(child);
  }
  return d;
}

Forest RandomForest(Random& random) {
  static const std::vector<List> kRoots = {
      {"."}, {"/"}, {"a"}, {"a", "a-"}, {"/x/y", "b", "../c"}};
  Forest forest;
  for (const std::string& root : kRoots[Below(random, kRoots.size())]) {
    forest.emplace_back(root, RandomTree(random, 4));
  }
  return forest;
}

struct MeantRegex {
  std::string_view regex;
  bool (*matches)(std::string_view text);
};

constexpr MeantRegex kRegexes[] = {
    {"a$", [](std::string_view t) { return t.ends_with("a"); }},
    {"\\.a$", [](std::string_view t) { return t.ends_with(".a"); }},
    {"^a/", [](std::string_view t) { return t.starts_with("a/"); }},
    {"a.*b",
     [](std::string_view t) {
       const size_t a = t.find('a');
       return a != t.npos && t.find('b', a) != t.npos;
     }},
    {"^a|-b$",
     [](std::string_view t) {
       return t.starts_with("a") || t.ends_with("-b");
     }},
    {"/-", [](std::string_view t) { return t.find("/-") != t.npos; }},
};

bool RegexMatches(std::string_view regex, std::string_view text) {
  for (const MeantRegex& meant : kRegexes) {
    if (meant.regex == regex) return meant.matches(text);
  }
  ADD_FAILURE() << "no meaning for " << regex;
  return false;
}

// The path of a directory that exists, if the walk of the dice ends at one.
std::string RandomPlace(Random& random, const Forest& forest) {
  const auto& [root, model] = forest[Below(random, forest.size())];
  std::string path = PrintedPrefix(root);
  const TreeModel* at = &model;
  while (!at->children.empty() && !Chance(random, 30)) {
    auto child = at->children.begin();
    std::advance(child, Below(random, at->children.size()));
    path += child->first + "/";
    at = &child->second;
  }
  if (Chance(random, 10)) path += "none/";
  return CleanPath(path);
}

Query RandomQuery(Random& random, const Forest& forest) {
  static const List kGlobs = {"*",    "*a",    "a*",   "?",      "*.?", "-a",
                              "*a*b", "**/a*", "a/**", "*/*/-*", "a/*", "/*"};
  static const List kExcludes = {"*a",  "a*",   "?",    "*.?", "**/a*",
                                 "a/*", "./-*", "*/b*", "b/"};
  Query query;
  const auto some = [&](unsigned percent, List& list, auto make) {
    if (!Chance(random, percent)) return;
    for (size_t n = 1 + Below(random, 3); n > 0; --n) list.push_back(make());
  };
  const auto name = [&] { return RandomName(random); };
  const auto byte = [&] { return RandomName(random).substr(0, 1); };
  some(10, query.names, name);
  some(10, query.exclude_names, name);
  some(10, query.exclude_globs,
       [&] { return kExcludes[Below(random, kExcludes.size())]; });
  some(15, query.suffixes, byte);
  some(10, query.extensions, byte);
  some(25, query.globs, [&] { return kGlobs[Below(random, kGlobs.size())]; });
  some(15, query.regexes, [&] {
    return std::string(kRegexes[Below(random, std::size(kRegexes))].regex);
  });
  some(20, query.at, [&] { return RandomPlace(random, forest); });
  query.types.files = Chance(random, 20);
  query.types.directories = Chance(random, 30);
  query.types.symlinks = Chance(random, 20);
  if (Chance(random, 25)) query.first = FirstRule::kFirstOnly;
  if (Chance(random, 15)) query.min_depth = Below(random, 4);
  if (Chance(random, 15)) query.max_depth = Below(random, 5);
  if (query.regexes.empty() && Chance(random, 20)) {
    query.case_rule = CaseRule::kIgnore;
  }
  return query;
}

View RandomView(Random& random) {
  View view;
  if (Chance(random, 30)) view.links = LinkPolicy::kFollow;
  if (Chance(random, 15)) {
    view.keep.names.push_back(RandomName(random));
    view.keep.suffixes.push_back("a");
  }
  return view;
}

// Segments that begin at random directories, in output order.
std::vector<Segment> RandomSegments(Random& random, const DirectoryTree& tree,
                                    const std::vector<Segment>& whole) {
  std::vector<Segment> segments;
  for (const Segment& root : whole) {
    const Directory* top = tree.roots[root.root].directory;
    segments.push_back({root.root, top, nullptr});
    VisitTree(*top, [&](const Directory& d) {
      if (&d == top) return Descent::kInside;
      if (!d.visible() || !d.open()) return Descent::kOver;
      if (Chance(random, 30)) {
        segments.back().end = &d;
        segments.push_back({root.root, &d, nullptr});
      }
      return Descent::kInside;
    });
  }
  return segments;
}

List AnswersOf(const CompiledQuery& query, const DirectoryTree& tree,
               const std::vector<Segment>& segments) {
  List lines;
  for (const Segment& segment : segments) {
    query.Run(tree, segment, [&](const Match& match) {
      lines.push_back(std::string(1, static_cast<char>(match.kind)) + " " +
                      std::string(match.directory) + std::string(match.name));
      return true;
    });
  }
  return lines;
}

TEST(QueryEquivalence, WalkOfAnySegmentsGivesWhatTheReferenceGives) {
  for (unsigned seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    const Forest forest = RandomForest(random);
    const DirectoryTree tree = BuildTree(forest);
    const std::vector<Segment> whole = CutIntoSegments(tree, 1);
    for (int i = 0; i < 5; ++i) {
      const View view = RandomView(random);
      const Query query = RandomQuery(random, forest);
      const auto compiled = CompiledQuery::Compile(query, view);
      ASSERT_TRUE(compiled.ok()) << compiled.status();
      const List expected =
          ReferenceQuery(query, view, RegexMatches).Answers(forest);
      ASSERT_EQ(AnswersOf(*compiled, tree, whole), expected)
          << "seed " << seed << "\n"
          << CanonicalText(query);
      ASSERT_EQ(AnswersOf(*compiled, tree, RandomSegments(random, tree, whole)),
                expected)
          << "segments, seed " << seed << "\n"
          << CanonicalText(query);
    }
  }
}

// Whether a walk comes across `d`.
bool IsShown(const Directory& d) {
  for (const Directory* at = &d; !at->view_root; at = at->parent) {
    if (!at->visible() || !at->parent->open()) return false;
  }
  return true;
}

// As a scan leaves them that does not look there.
void CloseUnreached(const Reach& reach, DirectoryTree& tree) {
  for (const Root& root : tree.roots) {
    Directory* const top = root.directory;
    VisitTree(*top, [&](Directory& d) {
      if (&d == top) return Descent::kInside;
      const bool above = d.parent == top || d.parent->verified;
      d.verified = above && reach.Includes(d, root.path);
      return Descent::kInside;
    });
  }
}

TEST(QueryEquivalence, WhatTheReachLeavesOutChangesNoAnswer) {
  int closed = 0;
  for (unsigned seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    const Forest forest = RandomForest(random);
    DirectoryTree tree = BuildTree(forest);
    const View view = RandomView(random);
    const Query query = RandomQuery(random, forest);
    const auto compiled = CompiledQuery::Compile(query, view);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    const std::vector<Segment> whole = CutIntoSegments(tree, 1);
    const List expected = AnswersOf(*compiled, tree, whole);
    const Reach reach = Reach::Of(query);
    closed += !reach.is_whole();
    CloseUnreached(reach, tree);
    ASSERT_EQ(AnswersOf(*compiled, tree, whole), expected)
        << "seed " << seed << "\n"
        << CanonicalText(query);
  }
  EXPECT_GT(closed, 500);
}

TEST(QueryEquivalence, WhatComesBehindEnoughAnswersChangesNone) {
  int enough = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    const Forest forest = RandomForest(random);
    DirectoryTree tree = BuildTree(forest);
    const View view;
    const Query query = RandomQuery(random, forest);
    const auto compiled = CompiledQuery::Compile(query, view);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    const std::vector<Segment> whole = CutIntoSegments(tree, 1);
    if (!SegmentsAreSorted(tree) || whole.empty()) continue;
    List expected = AnswersOf(*compiled, tree, whole);
    const size_t count = 1 + Below(random, 3);
    // All from `first` on is closed, and nothing is known of other roots.
    const Directory* const top = tree.roots[whole[0].root].directory;
    bool pending = false;
    const Directory* first = nullptr;
    VisitTree(*tree.roots[whole[0].root].directory, [&](Directory& d) {
      if (!pending && d.visible() && Chance(random, 10)) {
        pending = true;
        first = &d;
      }
      if (pending) d.verified = false;
      return Descent::kInside;
    });
    for (const Segment& segment : whole) {
      Directory* const other = tree.roots[segment.root].directory;
      if (other != top) other->verified = false;
    }
    if (first == nullptr || !IsShown(*first)) continue;
    if (!AnswersComeBefore(*first, tree, *compiled, count)) continue;
    ++enough;
    List some = AnswersOf(*compiled, tree, CutIntoSegments(tree, 1));
    ASSERT_GE(some.size(), count);
    some.resize(count);
    expected.resize(std::min(expected.size(), count));
    ASSERT_EQ(some, expected) << "seed " << seed << "\n"
                              << CanonicalText(query);
  }
  EXPECT_GT(enough, 100);
}

// Some directories of the tree, in pre-order, shown by the view or not.
void PlaceLandmarks(Random& random, DirectoryTree& tree) {
  const Directory* top = tree.roots[0].directory;
  VisitTree(*top, [&](const Directory& d) {
    if (Below(random, 3) == 0) {
      tree.landmarks.push_back({&d, Below(random, 1000)});
    }
    return Descent::kInside;
  });
}

TEST(QueryEquivalence, SegmentsCutAtLandmarksGiveTheSameAnswers) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const Forest forest = {{".", RandomTree(random, 4)}};
    DirectoryTree tree = BuildTree(forest);
    tree.known = tree.roots;
    PlaceLandmarks(random, tree);
    const View view = RandomView(random);
    const Query query = RandomQuery(random, forest);
    const auto compiled = CompiledQuery::Compile(query, view);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    const List expected =
        ReferenceQuery(query, view, RegexMatches).Answers(forest);
    for (const size_t count : {2, 3, 10, 50}) {
      ASSERT_EQ(AnswersOf(*compiled, tree, CutIntoSegments(tree, count)),
                expected)
          << "seed " << seed << ", " << count << " segments\n"
          << CanonicalText(query);
    }
  }
}

TEST(QueryEquivalence, AnyNumberOfSegmentsGivesTheSameAnswers) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const Forest forest = RandomForest(random);
    const DirectoryTree tree = BuildTree(forest);
    const View view = RandomView(random);
    const Query query = RandomQuery(random, forest);
    const auto compiled = CompiledQuery::Compile(query, view);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    const List expected =
        ReferenceQuery(query, view, RegexMatches).Answers(forest);
    for (size_t count = 1; count <= 50; ++count) {
      ASSERT_EQ(AnswersOf(*compiled, tree, CutIntoSegments(tree, count)),
                expected)
          << "seed " << seed << ", " << count << " segments\n"
          << CanonicalText(query);
    }
  }
}

TEST(QueryEquivalence, StoppingAfterAnyAnswerGivesTheFirstAnswers) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const Forest forest = {{".", RandomTree(random, 4)}};
    const DirectoryTree tree = BuildTree(forest);
    const View view = RandomView(random);
    const Query query = RandomQuery(random, forest);
    const auto compiled = CompiledQuery::Compile(query, view);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    const std::vector<Segment> whole = CutIntoSegments(tree, 1);
    const List all = AnswersOf(*compiled, tree, whole);
    if (all.empty()) continue;
    const size_t wanted = 1 + Below(random, all.size());
    List some;
    for (const Segment& segment : whole) {
      compiled->Run(tree, segment, [&](const Match& match) {
        EXPECT_LT(some.size(), wanted) << "seed " << seed;
        some.push_back(std::string(1, static_cast<char>(match.kind)) + " " +
                       std::string(match.directory) + std::string(match.name));
        return some.size() < wanted;
      });
    }
    EXPECT_EQ(some, List(all.begin(), all.begin() + wanted)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace finder
