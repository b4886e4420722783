#include "finder/explain/explanation.h"

#include <random>
#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "finder/tree/directory_tree.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class ExplanationTest : public testing::Test {
 protected:
  ExplanationTest() : tree_(&clock_), files_(&tree_) {
    tree_.AddTree(
        "f src/main.c\n"
        "f src/lib/list.c\n"
        "f src/lib/list.h\n"
        "f src/lib/deep/list.c\n"
        "f out/.prune\n"
        "f out/main.c\n"
        "l link -> src/lib\n"
        "l src/loop -> ..\n"
        "l file_link -> src/main.c\n"
        "l dangling -> nowhere\n",
        "/work");
    tree_.MakeDirectories("/work/mount");
    tree_.Mount("/work/mount");
    tree_.WriteFile("/work/mount/a.c");
    files_.SetWorkingDirectory("/work");
    view_.roots = {"."};
  }

  absl::StatusOr<Explanation> Explain(const std::string& path) {
    return ExplainPath({&files_, &view_, &query_, path, "/work", &clock_});
  }
  std::string ReasonFor(const std::string& path) {
    const auto explanation = Explain(path);
    if (!explanation.ok()) return explanation.status().ToString();
    return explanation->shown ? "shown" : explanation->reason;
  }

  // What the finder itself answers.
  std::vector<std::string> Answers() {
    Options options;
    options.view = view_;
    options.entry_roots = EntryRoots::kAnswers;
    Finder finder({&files_, &clock_, Host{}, "/work"}, options);
    EXPECT_TRUE(finder.Scan().ok());
    const auto compiled = CompiledQuery::Compile(query_, view_);
    std::vector<std::string> answers;
    finder.Answer(
        *compiled,
        [&](const Match& match, std::string&) {
          answers.push_back(std::string(match.directory) +
                            std::string(match.name));
        },
        [](std::string_view) { return true; });
    return answers;
  }
  // The verdicts on everything are those of the finder, whose paths begin as
  // the roots do.
  void ExpectSameVerdicts() {
    const std::vector<std::string> answers = Answers();
    for (const std::string& root : view_.roots) {
      if (root.ends_with(".c") || root == "file_link") {
        const auto explanation = Explain(root);
        ASSERT_TRUE(explanation.ok()) << explanation.status();
        EXPECT_EQ(explanation->shown, testing::Value(answers, Contains(root)))
            << root << ": " << explanation->reason;
        continue;
      }
      for (const std::string below : {"src",
                                      "src/main.c",
                                      "src/lib",
                                      "src/lib/list.c",
                                      "src/lib/list.h",
                                      "src/lib/deep",
                                      "src/lib/deep/list.c",
                                      "out",
                                      "out/.prune",
                                      "out/main.c",
                                      "link",
                                      "link/list.c",
                                      "link/deep/list.c",
                                      "src/loop",
                                      "src/loop/src/main.c",
                                      "file_link",
                                      "dangling",
                                      "mount",
                                      "mount/a.c",
                                      "main.c",
                                      "lib/list.c",
                                      "lib/deep",
                                      "deep",
                                      "list.c",
                                      "list.h",
                                      "deep/list.c",
                                      "loop",
                                      "loop/out/main.c"}) {
        const std::string path = PrintedPrefix(root) + below;
        const auto explanation = Explain(path);
        ASSERT_TRUE(explanation.ok()) << explanation.status();
        EXPECT_EQ(explanation->shown, testing::Value(answers, Contains(path)))
            << path << ": " << explanation->reason;
      }
    }
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem files_;
  View view_;
  Query query_;
};

TEST_F(ExplanationTest, AFileThatNothingHidesIsShown) {
  const auto explanation = Explain("src/main.c");
  ASSERT_TRUE(explanation.ok());
  EXPECT_TRUE(explanation->shown);
  EXPECT_THAT(explanation->steps, Contains(".: the root"));
  EXPECT_THAT(explanation->steps,
              Contains(HasSubstr("src/main.c: lstat: regular file")));
}

TEST_F(ExplanationTest, NamesTheExcludeRule) {
  view_.exclude_dirs = {"x", "l?b"};
  EXPECT_EQ(ReasonFor("src/lib/list.c"),
            "src/lib is excluded by --exclude-dirs l?b");
}

TEST_F(ExplanationTest, NamesThePruneFileAndItsDirectory) {
  view_.prune_files = {".prune"};
  EXPECT_EQ(ReasonFor("out/main.c"),
            "out is pruned: it holds .prune (--prune-files)");
}

TEST_F(ExplanationTest, NamesTheFileSystemBoundary) {
  view_.boundary = Boundary::kOneFileSystem;
  EXPECT_THAT(ReasonFor("mount/a.c"),
              HasSubstr("mount is on another file system"));
}

TEST_F(ExplanationTest, NamesTheSymlinkThatIsNotEntered) {
  EXPECT_THAT(ReasonFor("link/list.c"), HasSubstr("link is a symlink"));
  view_.links = LinkPolicy::kFollow;
  EXPECT_EQ(ReasonFor("link/list.c"), "shown");
  EXPECT_THAT(ReasonFor("src/loop/src/main.c"), HasSubstr("a loop"));
}

TEST_F(ExplanationTest, NamesTheKeepRule) {
  view_.keep.suffixes = {".h"};
  EXPECT_EQ(ReasonFor("src/main.c"), "--suffixes .h does not keep this name");
}

TEST_F(ExplanationTest, NamesTheFilter) {
  query_.globs = {"*.h"};
  EXPECT_EQ(ReasonFor("src/main.c"), "--glob *.h does not match");
  query_.globs = {"*.c"};
  query_.max_depth = 1;
  EXPECT_EQ(ReasonFor("src/main.c"), "depth 2 is more than --max-depth 1");
  query_.max_depth.reset();
  query_.at = {"out"};
  EXPECT_EQ(ReasonFor("src/main.c"), "not below --at out");
}

TEST_F(ExplanationTest, NamesTheAnswerFurtherUpThatHidesOthers) {
  query_.first = FirstRule::kFirstOnly;
  query_.globs = {"list.c"};
  EXPECT_EQ(ReasonFor("src/lib/list.c"), "shown");
  EXPECT_THAT(ReasonFor("src/lib/deep/list.c"),
              HasSubstr("src/lib has an answer, src/lib/list.c"));
}

TEST_F(ExplanationTest, ADirectoryThatCannotBeReadHidesWhatIsInIt) {
  tree_.Chmod("/work/src", 0);
  EXPECT_EQ(ReasonFor("src/main.c"), "src cannot be read: Permission denied");
}

TEST_F(ExplanationTest, APathThatDoesNotExistIsHidden) {
  EXPECT_EQ(ReasonFor("src/none"), "src/none: No such file or directory");
}

TEST_F(ExplanationTest, AnAbsolutePathMeansTheSame) {
  EXPECT_EQ(ReasonFor("/work/src/main.c"), "shown");
}

TEST_F(ExplanationTest, SeveralRootsAreAskedOneAfterTheOther) {
  view_.roots = {"out", "src"};
  EXPECT_EQ(ReasonFor("src/main.c"), "shown");
  EXPECT_EQ(ReasonFor("src"), "a root itself is never an answer");
}

TEST_F(ExplanationTest, OutsideOfEveryRootAndAMissingRootAreErrors) {
  view_.roots = {"src"};
  EXPECT_THAT(ReasonFor("out/main.c"), HasSubstr("outside of every root"));
  view_.roots = {"none"};
  EXPECT_THAT(ReasonFor("none/a"), HasSubstr("No such file or directory"));
}

TEST_F(ExplanationTest, RulesByPathAndOfFilesAreNamed) {
  view_.exclude_dirs = {"./lib", "src/l?b", "out"};
  query_.exclude_globs = {"*.h", "out", "src/*.c"};
  EXPECT_EQ(ReasonFor("src/lib/list.c"),
            "src/lib is excluded by --exclude-dirs src/l?b");
  EXPECT_EQ(ReasonFor("out/main.c"), "out is excluded by --exclude out");
  EXPECT_EQ(ReasonFor("src/main.c"), "--exclude *.h out src/*.c matches");
}

TEST_F(ExplanationTest, ARootThatIsAFileIsAnEntryOfDepthZero) {
  view_.roots = {"src/main.c", "out"};
  const auto explanation = Explain("src/main.c");
  ASSERT_TRUE(explanation.ok());
  EXPECT_TRUE(explanation->shown);
  EXPECT_EQ(explanation->steps[0], "src/main.c: a root that is no directory");
  EXPECT_EQ(ReasonFor("/work/src/main.c"), "shown");
  EXPECT_THAT(ReasonFor("src/main.c/a"), HasSubstr("outside of every root"));
  query_.min_depth = 1;
  EXPECT_EQ(ReasonFor("src/main.c"), "depth 0 is less than --min-depth 1");
  query_.min_depth.reset();
  query_.globs = {"*.h"};
  EXPECT_EQ(ReasonFor("src/main.c"), "--glob *.h does not match");
}

TEST_F(ExplanationTest, AMountOnTheWayIsTold) {
  const auto explanation = Explain("mount/a.c");
  ASSERT_TRUE(explanation.ok());
  EXPECT_TRUE(explanation->shown);
  EXPECT_THAT(explanation->steps,
              Contains(HasSubstr("mount: a directory that is entered; another "
                                 "file system begins: device ")));
}

TEST_F(ExplanationTest, ADotDotIsNotFollowed) {
  EXPECT_THAT(ReasonFor("src/../out/main.c"), HasSubstr("without '..'"));
  view_.roots = {"../work/src"};
  EXPECT_EQ(ReasonFor("../work/src/main.c"), "shown");
}

using Words = std::vector<std::string>;

// Up to two of `words`.
Words Some(std::mt19937& random, const Words& words) {
  Words some;
  while (some.size() < 2 && random() % 4 == 0) {
    some.push_back(words[random() % words.size()]);
  }
  return some;
}

View RandomView(std::mt19937& random) {
  static const std::vector<Words> kRoots = {{"."},
                                            {"src"},
                                            {"src", "out"},
                                            {"src/lib", "src"},
                                            {"/work"},
                                            {"link"},
                                            {"src/main.c", "out"},
                                            {"file_link"},
                                            {"src/lib/list.c", "link"}};
  View view;
  view.roots = kRoots[random() % kRoots.size()];
  view.exclude_dirs = Some(random, {"deep", "link", "l?b", "src", "loop",
                                    "src/lib", "lib/deep", "./link", "*/loop"});
  view.prune_files = Some(random, {".prune", "list.h", "file_link"});
  view.keep.names = Some(random, {"list.c", "link", "dangling"});
  view.keep.suffixes = Some(random, {".c", "k", ".prune"});
  if (random() % 2 == 0) view.links = LinkPolicy::kFollow;
  if (random() % 3 == 0) view.boundary = Boundary::kOneFileSystem;
  return view;
}

Query RandomQuery(std::mt19937& random) {
  Query query;
  query.globs = Some(random, {"*.c", "l*", "src/**", "**/lib/*", "?ist.[ch]"});
  query.regexes = Some(random, {"lib", "^src/.*c$", "k$"});
  query.extensions = Some(random, {"c", "h", "prune"});
  query.exclude_globs =
      Some(random, {"list.c", "*.h", "src/*.c", "lib/*", "link", "./main.c"});
  query.at = Some(random, {"src/lib", "src", "link", "out"});
  query.types = {random() % 3 == 0, random() % 3 == 0, random() % 3 == 0};
  if (random() % 3 == 0) query.first = FirstRule::kFirstOnly;
  if (random() % 5 == 0) query.min_depth = random() % 3;
  if (random() % 5 == 0) query.max_depth = random() % 4;
  return query;
}

TEST_F(ExplanationTest, VerdictsAreThoseOfTheFinder) {
  for (unsigned seed = 0; seed < 3000 && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    view_ = RandomView(random);
    query_ = RandomQuery(random);
    SCOPED_TRACE(seed);
    ExpectSameVerdicts();
  }
}

TEST_F(ExplanationTest, SizesAndTimesAreToldLast) {
  tree_.WriteFile("/work/large.c", std::string(2000, 'x'));
  query_.globs = {"*.c"};
  query_.sizes = {"+1k", "-1m"};
  EXPECT_TRUE(Explain("large.c")->shown);
  query_.sizes = {"+1k", "-1500b"};
  EXPECT_EQ(ReasonFor("large.c"), "--size -1500b does not match");
  query_.sizes.clear();
  query_.changed_within = {"1h"};
  clock_.Advance(int64_t{7'200'000'000'000});
  EXPECT_EQ(ReasonFor("large.c"), "--changed-within 1h does not match");
  query_.newer = {"nowhere"};
  EXPECT_FALSE(Explain("large.c").ok());
}

}  // namespace
}  // namespace finder
