// What is on disks is found again by these: a change of one loses every kept
// answer, or every entry of a cache.
#include <string>

#include "finder/answer/answer_state.h"
#include "finder/facade/database_key.h"
#include "finder/fields/query_text.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

View FullView() {
  View view;
  view.roots = {"src/", "/abs/./dir"};
  view.exclude_dirs = {"out", ".git", "out", "*.o"};
  view.prune_files = {".stop", ".a"};
  view.keep = {{"n2", "n1", "n1"}, {".mk", ".bp"}};
  view.links = LinkPolicy::kFollow;
  view.boundary = Boundary::kOneFileSystem;
  return view;
}

Query FullQuery() {
  Query query;
  query.names = {"b", "a", "b"};
  query.exclude_names = {"m"};
  query.exclude_globs = {"*.o", "\"\\\x01\xff"};
  query.suffixes = {"s"};
  query.globs = {"*.g"};
  query.regexes = {"r$"};
  query.extensions = {".c", "..d", "h"};
  query.case_rule = CaseRule::kIgnore;
  query.types = {.files = true, .directories = true, .symlinks = true};
  query.at = {"x/./y/"};
  query.first = FirstRule::kFirstOnly;
  query.min_depth = 1;
  query.max_depth = 4;
  query.max_results = 9;
  return query;
}

TEST(FieldKeys, TheTextOfAQueryStaysAsItIs) {
  EXPECT_EQ(CanonicalText(Query()), "finder query 1\n");
  EXPECT_EQ(CanonicalText(FullQuery()),
            "finder query 1\n"
            "name \"a\" \"b\"\n"
            "not-name \"m\"\n"
            "exclude \"\\\"\\\\\\x01\\xff\" \"*.o\"\n"
            "suffix \"s\"\n"
            "glob \"*.g\"\n"
            "regex \"r$\"\n"
            "extension \".d\" \"c\" \"h\"\n"
            "ignore-case\n"
            "type fdl\n"
            "at \"x/y\"\n"
            "first\n"
            "min-depth 1\n"
            "max-depth 4\n"
            "max-results 9\n");
}

TEST(FieldKeys, AKeptAnswerIsFoundAgain) {
  EXPECT_EQ(AnswerKey(View(), Query(), "/work", "me@here", ""),
            "d55e6e113319ab4fa2315e9c5ccc6b76");
  EXPECT_EQ(AnswerKey(FullView(), FullQuery(), "/work", "me@here", "absolute"),
            "73fb22683a69a595d4f435ede2d29412");
}

TEST(FieldKeys, AnEntryOfTheCacheIsFoundAgain) {
  EXPECT_EQ(DatabaseKey(View(), "/work", "me@here"),
            "e9f572bcae6ff96e2b33e99872022e37");
  EXPECT_EQ(DatabaseKey(FullView(), "/work", "me@here"),
            "94a9e802628c6d9b60fdcfcf561dc51f");
}

}  // namespace
}  // namespace finder
