#include "finder/answer/plan.h"

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;

Plan Read(std::string_view text) {
  absl::StatusOr<Plan> plan = ParsePlan(text, "p.json");
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? *std::move(plan) : Plan();
}

std::string Error(std::string_view text) {
  const absl::StatusOr<Plan> plan = ParsePlan(text, "p.json");
  EXPECT_FALSE(plan.ok());
  EXPECT_TRUE(plan.ok() || absl::IsInvalidArgument(plan.status()));
  return std::string(plan.status().message());
}

TEST(PlanTest, EveryKeyOfTheViewIsRead) {
  const Plan plan = Read(R"({
    "roots": ["a//b/", "."], "excludeDirs": ["out", "x*"],
    "pruneFiles": [".stop"], "names": ["Makefile"], "suffixes": [".mk"],
    "follow": true, "oneFileSystem": true, "depfile": "d",
    "lists": [{"output": "o"}]})");
  EXPECT_THAT(plan.view.roots, ElementsAre("a/b", "."));
  EXPECT_THAT(plan.view.exclude_dirs, ElementsAre("out", "x*"));
  EXPECT_THAT(plan.view.prune_files, ElementsAre(".stop"));
  EXPECT_THAT(plan.view.keep.names, ElementsAre("Makefile"));
  EXPECT_THAT(plan.view.keep.suffixes, ElementsAre(".mk"));
  EXPECT_EQ(plan.view.links, LinkPolicy::kFollow);
  EXPECT_EQ(plan.view.boundary, Boundary::kOneFileSystem);
  ASSERT_TRUE(plan.depfile.has_value());
  EXPECT_EQ(plan.depfile->path, "d");
}

TEST(PlanTest, EveryKeyOfAListIsRead) {
  const Plan plan = Read(R"({"lists": [{
    "output": "o", "names": ["n"], "excludeNames": ["m"], "suffixes": ["s"],
    "globs": ["*.g"], "regexes": ["r$"], "extensions": ["c"],
    "ignoreCase": true, "types": ["f", "l"], "at": ["x/./y"], "first": true,
    "minDepth": 1, "maxDepth": 4, "maxResults": 9, "terminator": "nul"}]})");
  ASSERT_EQ(plan.lists.size(), 1);
  const PlanList& list = plan.lists[0];
  EXPECT_EQ(list.output.path, "o");
  EXPECT_EQ(list.output.place, "p.json:2: lists[0].output");
  EXPECT_EQ(list.terminator, Terminator::kNul);
  const Query& query = list.query;
  EXPECT_THAT(query.names, ElementsAre("n"));
  EXPECT_THAT(query.exclude_names, ElementsAre("m"));
  EXPECT_THAT(query.suffixes, ElementsAre("s"));
  EXPECT_THAT(query.globs, ElementsAre("*.g"));
  EXPECT_THAT(query.regexes, ElementsAre("r$"));
  EXPECT_THAT(query.extensions, ElementsAre("c"));
  EXPECT_EQ(query.case_rule, CaseRule::kIgnore);
  EXPECT_TRUE(query.types.files && query.types.symlinks);
  EXPECT_FALSE(query.types.directories);
  EXPECT_THAT(query.at, ElementsAre("x/y"));
  EXPECT_EQ(query.first, FirstRule::kFirstOnly);
  EXPECT_EQ(query.min_depth, 1);
  EXPECT_EQ(query.max_depth, 4);
  EXPECT_EQ(query.max_results, 9);
}

TEST(PlanTest, WhatIsExcludedConcernsTheViewAndEveryList) {
  const Plan plan = Read(R"({
    "lists": [{"output": "o"}, {"output": "p"}],
    "excludeDirs": ["a/b"], "exclude": ["*.o", "x/y"]})");
  EXPECT_THAT(plan.view.exclude_dirs, ElementsAre("a/b", "*.o", "x/y"));
  for (const PlanList& list : plan.lists) {
    EXPECT_THAT(list.query.exclude_globs, ElementsAre("*.o", "x/y"));
  }
  EXPECT_EQ(Error(R"({"exclude": ["/x"], "lists": [{"output": "o"}]})"),
            "p.json:1: exclude[0]: excluded path \"/x\": it is one below a "
            "ROOT, and cannot begin with '/'");
}

TEST(PlanTest, SmartCaseIsEachListsOwn) {
  const Plan plan = Read(R"({"lists": [
    {"output": "o", "smartCase": true, "globs": ["*.c"]},
    {"output": "p", "smartCase": true, "globs": ["*.C"]},
    {"output": "q", "globs": ["*.c"]}]})");
  EXPECT_EQ(plan.lists[0].query.case_rule, CaseRule::kIgnore);
  EXPECT_EQ(plan.lists[1].query.case_rule, CaseRule::kSensitive);
  EXPECT_EQ(plan.lists[2].query.case_rule, CaseRule::kSensitive);
  EXPECT_EQ(Error(R"({"lists": [{"output": "o", "smartCase": true,
                                 "ignoreCase": true}]})"),
            "p.json:1: lists[0]: ignoreCase and smartCase exclude each other");
}

TEST(PlanTest, LeftOutKeysHaveDefaults) {
  const Plan plan = Read(R"({"lists": [{"output": "o", "first": false}]})");
  EXPECT_THAT(plan.view.roots, ElementsAre("."));
  EXPECT_FALSE(plan.depfile.has_value());
  EXPECT_EQ(plan.lists[0].terminator, Terminator::kNewline);
  EXPECT_EQ(plan.lists[0].query.first, FirstRule::kAll);
}

TEST(PlanTest, EscapesInStringsAreUndone) {
  const Plan plan =
      Read(R"({"l\u0069sts": [{"output": "\u00e9\n", "names": ["\"\\"]}]})");
  EXPECT_EQ(plan.lists[0].output.path, "\xc3\xa9\n");
  EXPECT_THAT(plan.lists[0].query.names, ElementsAre("\"\\"));
}

TEST(PlanTest, ListsMayComeBeforeTheRootsTheyAreAt) {
  EXPECT_EQ(Read(R"({"lists": [{"output": "o", "at": ["a/b"]}],
                     "roots": ["a"]})")
                .view.roots[0],
            "a");
}

TEST(PlanTest, AnErrorNamesLineAndKey) {
  EXPECT_EQ(Error("{\n\"lists\": [\n{\"output\": \"o\"},\n{\"output\": 7}]}"),
            "p.json:4: lists[1].output: expected a string");
  EXPECT_EQ(Error("{\n\n\"pruneFiles\": [\"a\",\n null]}"),
            "p.json:4: pruneFiles: expected an array of strings");
}

TEST(PlanTest, WhatIsNoJsonIsAnErrorWithALine) {
  for (std::string_view text :
       {"", "\n", "{", "{\"lists\"", "{\"lists\": [{]}", "{\"lists\": [1,]}",
        "{\"lists\": [{\"output\": \"o}]}", "{\"lists\": [{\"output\": tru}]}",
        "{\"roots\": [\"a\" \"b\"]}", "{\"follow\": truex}", "\xff",
        "{\"lists\": [{\"output\": \"\\x\"}]}", "}", "nul", "[[[[",
        "{\"lists\": [{\"output\": \"o\"}]} {}"}) {
    EXPECT_THAT(Error(text), testing::StartsWith("p.json:")) << text;
  }
}

TEST(PlanTest, NoPrefixOfAPlanIsAPlan) {
  const std::string text =
      R"({"roots": ["."], "lists": [{"output": "o", "first": true,
          "maxDepth": 3, "names": ["a"]}], "follow": false})";
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParsePlan(text.substr(0, size), "p").ok()) << size;
  }
  EXPECT_TRUE(ParsePlan(text, "p").ok());
}

TEST(PlanTest, NumbersMustFit) {
  for (std::string_view number : {"-1", "1.5", "4294967296", "1e3", "\"1\""}) {
    EXPECT_THAT(
        Error("{\"lists\": [{\"output\": \"o\", \"maxDepth\": " +
              std::string(number) + "}]}"),
        testing::HasSubstr("lists[0].maxDepth: expected a whole number"))
        << number;
  }
}

TEST(PlanTest, StringsWithoutABodyOrWithANulAreRefused) {
  EXPECT_EQ(Error(R"({"lists": [{"output": ""}]})"),
            "p.json:1: lists[0].output: the string is empty");
  EXPECT_EQ(Error(R"({"lists": [{"output": "a\u0000b"}]})"),
            "p.json:1: lists[0].output: the string holds a NUL");
}

}  // namespace
}  // namespace finder
