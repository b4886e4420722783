#include "finder/tree/tree_walk.h"

#include <string>
#include <utility>
#include <vector>

#include "finder/tree/child_links.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/tree_builder.h"

namespace finder {
namespace {

using ::testing::ElementsAre;

using List = std::vector<std::string>;

// Writes down where it comes, and does at each name as it is told.
struct Recorder {
  Descent Enter(const Directory& d) {
    steps.push_back("+" + RelativePath(d));
    if (d.name() == over) return Descent::kOver;
    return d.name() == stop ? Descent::kStop : Descent::kInside;
  }
  void Leave(const Directory& d) { steps.push_back("-" + RelativePath(d)); }

  std::string over = "?";
  std::string stop = "?";
  List steps;
};

class TreeWalk : public ::testing::Test {
 protected:
  TreeWalk() {
    TreeModel model;
    for (const char* path : {"a/b/c", "a/d", "a-b", "e"}) {
      model.Directory(path);
    }
    tree_ = BuildTree({{"root", model}});
    top_ = tree_.roots[0].directory;
  }

  DirectoryTree tree_;
  Directory* top_ = nullptr;
};

TEST_F(TreeWalk, ChildrenComeInTheOrderOfWhatIsBelowThem) {
  List names;
  for (const Directory& child : Children(*top_)) {
    names.emplace_back(child.name());
  }
  EXPECT_THAT(names, ElementsAre("a-b", "a", "e"));
  EXPECT_TRUE(Children(*FindChild(*top_, "e")).empty());
}

TEST_F(TreeWalk, AChildIsFoundByItsWholeName) {
  EXPECT_EQ(FindChild(*top_, "a")->name(), "a");
  EXPECT_EQ(FindChild(*top_, "a-"), nullptr);
  EXPECT_EQ(FindChild(*top_, "b"), nullptr);
}

TEST_F(TreeWalk, ADirectoryIsLeftWhenAllBelowItIs) {
  Recorder recorder;
  VisitTree(*top_, recorder);
  EXPECT_THAT(recorder.steps,
              ElementsAre("+", "+a-b", "-a-b", "+a", "+a/b", "+a/b/c", "-a/b/c",
                          "-a/b", "+a/d", "-a/d", "-a", "+e", "-e", "-"));
}

TEST_F(TreeWalk, OverSkipsWhatIsBelow) {
  Recorder recorder;
  recorder.over = "a";
  VisitTree(*top_, recorder);
  EXPECT_THAT(recorder.steps,
              ElementsAre("+", "+a-b", "-a-b", "+a", "-a", "+e", "-e", "-"));
}

TEST_F(TreeWalk, StopEndsTheWalkAtOnce) {
  Recorder recorder;
  recorder.stop = "b";
  VisitTree(*top_, recorder);
  EXPECT_THAT(recorder.steps, ElementsAre("+", "+a-b", "-a-b", "+a", "+a/b"));
}

TEST_F(TreeWalk, AWalkStaysBelowItsTop) {
  Recorder recorder;
  VisitTree(*FindChild(*top_, "a"), recorder);
  EXPECT_THAT(recorder.steps, ElementsAre("+a", "+a/b", "+a/b/c", "-a/b/c",
                                          "-a/b", "+a/d", "-a/d", "-a"));
}

TEST_F(TreeWalk, AWalkCanBeginInTheMiddle) {
  Directory* const a = FindChild(*top_, "a");
  Recorder at;
  WalkTree(*FindChild(*a, "d"), *top_, false, at);
  EXPECT_THAT(at.steps, ElementsAre("+a/d", "-a/d", "-a", "+e", "-e", "-"));
  Recorder behind;
  WalkTree(*FindChild(*a, "b"), *top_, true, behind);
  EXPECT_THAT(behind.steps,
              ElementsAre("-a/b", "+a/d", "-a/d", "-a", "+e", "-e", "-"));
}

TEST_F(TreeWalk, ACursorGoesTheSameWayAndCountsLevels) {
  List steps;
  for (TreeCursor<const Directory> at(*top_, 0); !at.at_end();
       at.Next(at->name() == "b" ? Descent::kOver : Descent::kInside)) {
    steps.push_back(std::to_string(at.depth()) + RelativePath(*at));
  }
  EXPECT_THAT(steps, ElementsAre("0", "1a-b", "1a", "2a/b", "2a/d", "1e"));
}

TEST_F(TreeWalk, ACursorPutAsideGoesOnWhereItWas) {
  TreeCursor<const Directory> at(*FindChild(*FindChild(*top_, "a"), "d"), 2);
  at.Next(Descent::kInside);
  EXPECT_EQ(at->name(), "e");
  at.Next(Descent::kInside);
  EXPECT_TRUE(at.at_end());
}

TEST_F(TreeWalk, ChildrenCanBeGivenAnewFromTheOldOnes) {
  Directory fresh;
  fresh.set_name("c");
  fresh.parent = top_;
  ChildIterator<Directory> old = Children(*top_).begin();
  ++old;  // drops a-b
  ChildLinks links(*top_);
  Directory& a = *old;
  ++old;
  links.Append(a);
  links.Append(fresh);
  links.Append(*old);
  links.Finish();
  List names;
  for (const Directory& child : Children(*top_)) {
    names.emplace_back(child.name());
  }
  EXPECT_THAT(names, ElementsAre("a", "c", "e"));
  ChildLinks::Clear(*top_);
  EXPECT_TRUE(Children(*top_).empty());
}

}  // namespace
}  // namespace finder
