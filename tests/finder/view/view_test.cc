#include "finder/view/view.h"

#include <string>

#include "gtest/gtest.h"

namespace finder {
namespace {

TEST(KeepRules, WithoutRulesEverythingIsKeptAndCovered) {
  const KeepRules all;
  const KeepRules some = {{"a"}, {".c"}};
  EXPECT_TRUE(all.keeps_all());
  EXPECT_TRUE(all.Covers(some));
  EXPECT_TRUE(all.Covers(all));
  EXPECT_FALSE(some.Covers(all));
}

TEST(KeepRules, NamesCoverThemselves) {
  const KeepRules rules = {{"Android.bp", "Makefile"}, {}};
  EXPECT_TRUE(rules.Covers({{"Makefile"}, {}}));
  EXPECT_FALSE(rules.Covers({{"Makefile", "OWNERS"}, {}}));
  EXPECT_FALSE(rules.Covers({{}, {"Makefile"}}));
}

TEST(KeepRules, SuffixCoversNamesAndLongerSuffixes) {
  const KeepRules rules = {{}, {".mk"}};
  EXPECT_TRUE(rules.Covers({{"CleanSpec.mk", ".mk"}, {"Spec.mk", ".mk"}}));
  EXPECT_FALSE(rules.Covers({{}, {"k"}}));
  EXPECT_FALSE(rules.Covers({{"mk"}, {}}));
}

TEST(KeepRules, CanonicalFormIsSortedWithoutRepetitions) {
  KeepRules rules = {{"b", "a", "b"}, {".h", ".c", ".h"}};
  rules.Canonicalize();
  EXPECT_EQ(rules, (KeepRules{{"a", "b"}, {".c", ".h"}}));
}

TEST(KeepFilter, KeepsNamesAndSuffixes) {
  const KeepFilter filter(KeepRules{{"OWNERS", "a"}, {".mk", "bp"}});
  EXPECT_TRUE(filter.Keeps("OWNERS"));
  EXPECT_TRUE(filter.Keeps("a"));
  EXPECT_TRUE(filter.Keeps("x.mk"));
  EXPECT_TRUE(filter.Keeps(".mk"));
  EXPECT_TRUE(filter.Keeps("bp"));
  EXPECT_FALSE(filter.Keeps("OWNERS2"));
  EXPECT_FALSE(filter.Keeps("ba"));
  EXPECT_FALSE(filter.Keeps("owners"));
  EXPECT_FALSE(filter.Keeps("mk"));
}

TEST(KeepFilter, WithoutRulesOrWithTheEmptySuffixKeepsAll) {
  EXPECT_TRUE(KeepFilter().Keeps("x"));
  EXPECT_TRUE(KeepFilter(KeepRules{}).Keeps("x"));
  EXPECT_TRUE(KeepFilter(KeepRules{{}, {""}}).Keeps("x"));
}

TEST(View, PruneFilesAreStoredUnlessEverythingIs) {
  View view;
  view.prune_files = {".out-dir", ".find-ignore"};
  EXPECT_TRUE(view.StoredKeep().keeps_all());
  view.keep.names = {"Android.bp"};
  EXPECT_EQ(view.StoredKeep(),
            (KeepRules{{".find-ignore", ".out-dir", "Android.bp"}, {}}));
}

TEST(ViewRules, ExcludesNamesAndGlobs) {
  View view;
  view.exclude_dirs = {".git", "out*", "*.tmp", "[ab]x", "build/", ""};
  const auto rules = ViewRules::Compile(view);
  ASSERT_TRUE(rules.ok()) << rules.status();
  for (const char* name : {".git", "out", "out2", "a.tmp", "ax", "build"}) {
    EXPECT_TRUE(rules->Excludes(name)) << name;
  }
  for (const char* name : {"git", ".git2", "tmp", "cx", "about", "b"}) {
    EXPECT_FALSE(rules->Excludes(name)) << name;
  }
}

TEST(ViewRules, WithoutRulesNothingIsExcludedOrPruned) {
  const auto rules = ViewRules::Compile(View());
  ASSERT_TRUE(rules.ok());
  EXPECT_FALSE(rules->Excludes("a"));
  EXPECT_FALSE(rules->has_prune_files());
  EXPECT_FALSE(rules->IsPruneFile("a"));
}

TEST(ViewRules, PruneFilesAreExactNamesInOrder) {
  View view;
  view.prune_files = {"b", "a", "b"};
  const auto rules = ViewRules::Compile(view);
  ASSERT_TRUE(rules.ok());
  EXPECT_EQ(rules->prune_files(), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(rules->IsPruneFile("b"));
  EXPECT_FALSE(rules->IsPruneFile("ab"));
}

TEST(ViewRules, MalformedRulesAreRefused) {
  View bad_glob;
  bad_glob.exclude_dirs = {"ok", "[a"};
  EXPECT_EQ(ViewRules::Compile(bad_glob).status().message(),
            "glob \"[a\": set is not closed (position 1)");
  View path;
  path.exclude_dirs = {"out/soong"};
  EXPECT_EQ(ViewRules::Compile(path).status().message(),
            "excluded directory \"out/soong\": a name cannot hold a '/'");
  View prune_path;
  prune_path.prune_files = {"a/b"};
  EXPECT_EQ(ViewRules::Compile(prune_path).status().message(),
            "prune file \"a/b\": a name cannot hold a '/'");
}

TEST(CleanPath, DropsWhatSaysNothing) {
  EXPECT_EQ(CleanPath("a//b/./c/"), "a/b/c");
  EXPECT_EQ(CleanPath(""), ".");
  EXPECT_EQ(CleanPath("./"), ".");
  EXPECT_EQ(CleanPath("././a"), "a");
  EXPECT_EQ(CleanPath("///"), "/");
  EXPECT_EQ(CleanPath("//usr//lib/"), "/usr/lib");
  EXPECT_EQ(CleanPath("/."), "/");
}

TEST(CleanPath, KeepsDotDotAndAnyBytes) {
  EXPECT_EQ(CleanPath("a/../b"), "a/../b");
  EXPECT_EQ(CleanPath("../"), "..");
  EXPECT_EQ(CleanPath("a\n/\xff/.hidden"), "a\n/\xff/.hidden");
}

TEST(AbsolutePath, GoesBelowTheWorkingDirectory) {
  EXPECT_EQ(AbsolutePath("a/./b", "/work"), "/work/a/b");
  EXPECT_EQ(AbsolutePath(".", "/work/"), "/work");
  EXPECT_EQ(AbsolutePath("/x//y", "/work"), "/x/y");
  EXPECT_EQ(AbsolutePath("../b", "/work"), "/work/../b");
  EXPECT_EQ(AbsolutePath("a", "/"), "/a");
}

}  // namespace
}  // namespace finder
