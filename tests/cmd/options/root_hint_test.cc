#include "cmd/options/root_hint.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cmd/options/edit_distance.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

TEST(RootHint, AGlobIsForTheOptionThatTakesGlobs) {
  EXPECT_EQ(RootHint("*.cc", true), "to match names use -g '*.cc'");
  EXPECT_EQ(RootHint("src/[ab]?.h", false),
            "to match names use -g 'src/[ab]?.h'");
  EXPECT_EQ(RootHint("it's.*", true), "to match names use -g GLOB");
}

TEST(RootHint, ABareWordIsToldWhatAndWhere) {
  EXPECT_EQ(RootHint("main.c", true),
            "ROOT is where to search, -g NAME what for");
  EXPECT_EQ(RootHint("src/main.c", true), "");
  EXPECT_EQ(RootHint("./main.c", true), "");
}

TEST(RootHint, TheFirstWordMayBeASubcommandMisspelled) {
  EXPECT_EQ(RootHint("cahce", true), "did you mean the subcommand 'cache'?");
  EXPECT_EQ(RootHint("docter", true), "did you mean the subcommand 'doctor'?");
  EXPECT_EQ(RootHint("help", true), "for help say finder --help");
  EXPECT_EQ(RootHint("cahce", false),
            "ROOT is where to search, -g NAME what for");
  // No later version's word.
  EXPECT_EQ(RootHint("replcia", true),
            "ROOT is where to search, -g NAME what for");
}

TEST(RootHint, GoesBehindTheFailureOfThatRoot) {
  const std::vector<std::string> roots = {"a", "./b", "b*/"};
  const absl::Status missing = absl::NotFoundError("b*: No such file");
  EXPECT_EQ(WithRootHint(missing, roots).message(),
            "b*: No such file; to match names use -g 'b*/'");
  const absl::Status plain = absl::NotFoundError("b: No such file");
  EXPECT_EQ(WithRootHint(plain, roots), plain);
  const absl::Status unreadable = absl::PermissionDeniedError("a: denied");
  EXPECT_EQ(WithRootHint(unreadable, roots), unreadable);
}

TEST(EditDistance, CountsASwapOfNeighboursAsOne) {
  EXPECT_EQ(EditDistance("json", "jsno"), 1u);
  EXPECT_EQ(EditDistance("cache", "cahce"), 1u);
  EXPECT_EQ(EditDistance("abc", "cab"), 2u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("abc", "abc"), 0u);
  EXPECT_EQ(EditDistance("abc", "axc"), 1u);
}

}  // namespace
}  // namespace finder
