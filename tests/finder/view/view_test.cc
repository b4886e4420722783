#include "finder/view/view.h"

#include <string>

#include "fs/path.h"
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

TEST(ViewRules, ExcludesPathsBelowARoot) {
  View view;
  view.exclude_dirs = {"a/x", "./top", "b//./y/", "**/deep/z", "c/*/t?"};
  const auto rules = ViewRules::Compile(view);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_TRUE(rules->has_path_rules());
  for (const char* path :
       {"a/x", "top", "b/y", "deep/z", "p/q/deep/z", "c/d/t1"}) {
    EXPECT_TRUE(rules->ExcludesPath(path)) << path;
  }
  for (const char* path : {"x", "a", "p/a/x", "a/x/y", "p/top", "y", "z",
                           "c/t1", "c/d/e/t1", "c/d/t"}) {
    EXPECT_FALSE(rules->ExcludesPath(path)) << path;
  }
  EXPECT_FALSE(rules->Excludes("x"));
  EXPECT_FALSE(rules->Excludes("top"));
}

TEST(ViewRules, PathsAreLookedForOnlyWhereTheyCanBe) {
  View view;
  view.exclude_dirs = {"a/b/x", "c/d/*", "./top", "name"};
  const auto rules = ViewRules::Compile(view);
  ASSERT_TRUE(rules.ok()) << rules.status();
  for (const char* path : {"a", "a/b", "c", "c/d", "c/d/e"}) {
    EXPECT_TRUE(rules->MayExcludeBelow(path)) << path;
  }
  for (const char* path : {"b", "a/c", "a/b/x", "a/bb", "c/e", "top", "name"}) {
    EXPECT_FALSE(rules->MayExcludeBelow(path)) << path;
  }
  view.exclude_dirs = {"**/x"};
  EXPECT_TRUE(ViewRules::Compile(view)->MayExcludeBelow("any/where"));
}

TEST(ViewRules, WithoutRulesNothingIsExcludedOrPruned) {
  const auto rules = ViewRules::Compile(View());
  ASSERT_TRUE(rules.ok());
  EXPECT_FALSE(rules->Excludes("a"));
  EXPECT_FALSE(rules->has_path_rules());
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
  View absolute;
  absolute.exclude_dirs = {"/out"};
  EXPECT_EQ(ViewRules::Compile(absolute).status().message(),
            "excluded path \"/out\": it is one below a ROOT, and cannot begin "
            "with '/'");
  View outside;
  outside.exclude_dirs = {"a/../out"};
  EXPECT_EQ(ViewRules::Compile(outside).status().message(),
            "excluded path \"a/../out\": it lies below a ROOT, and cannot hold "
            "'..'");
  View bad_path;
  bad_path.exclude_dirs = {"a/[b"};
  EXPECT_EQ(ViewRules::Compile(bad_path).status().message(),
            "glob \"a/[b\": set is not closed (position 3)");
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
