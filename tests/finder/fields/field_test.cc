#include "finder/fields/field.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/answer/answer_state.h"
#include "finder/answer/plan.h"
#include "finder/facade/database_key.h"
#include "finder/fields/field_setting.h"
#include "finder/fields/query_text.h"
#include "finder/fields/smart_case.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/field_samples.h"

namespace finder {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What is made of a whole command line.
Query Decided(Search search) {
  if (search.smart_case) search.query.case_rule = SmartCaseRule(search.query);
  return search.query;
}

TEST(FieldTable, EveryMemberOfAViewAndAQueryHasARow) {
  std::vector<bool> set(Changed({}).size(), false);
  EXPECT_THAT(Changed({}), Each(false));
  for (const Field& field : AllFields()) {
    const std::vector<bool> changed = Changed(With(field));
    if (field.id != FieldId::kSmartCase) {
      EXPECT_THAT(changed, Contains(true)) << field.name;
    }
    for (size_t i = 0; i < changed.size(); ++i) set[i] = set[i] || changed[i];
  }
  EXPECT_THAT(set, Each(true));
}

TEST(FieldTable, NoNameAndNoKeyOfAPlanStandsForTwoFields) {
  std::set<std::string_view> names;
  std::set<std::pair<FieldOwner, std::string_view>> keys;
  for (const Field& field : AllFields()) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    EXPECT_TRUE(keys.insert({field.owner, field.plan_key}).second)
        << field.plan_key;
    EXPECT_EQ(&GetField(field.id), &field);
    EXPECT_EQ(FindField(field.name), &field);
    EXPECT_EQ(FindPlanField(field.owner, field.plan_key), &field);
  }
  EXPECT_EQ(FindField("nonsense"), nullptr);
  EXPECT_EQ(FindPlanField(FieldOwner::kView, "globs"), nullptr);
}

TEST(FieldTable, APlanSetsEveryField) {
  for (const Field& field : AllFields()) {
    std::string value;
    switch (field.kind) {
      case FieldKind::kFlag:
        value = "true";
        break;
      case FieldKind::kNumber:
        value = "3";
        break;
      case FieldKind::kTypes:
        value = "[\"d\"]";
        break;
      case FieldKind::kTexts:
        value = "[\"" + Sample(field) + "\"]";
    }
    const std::string key =
        ", \"" + std::string(field.plan_key) + "\": " + value;
    const bool of_view = field.owner == FieldOwner::kView;
    // Roots, so that "x" is below one.
    std::string text = of_view || field.id == FieldId::kRoots
                           ? "{\"lists\": [{\"output\": \"o\"}]" + key + "}"
                           : "{\"lists\": [{\"output\": \"o\"" + key + "}]}";
    const absl::StatusOr<Plan> plan = ParsePlan(text, "p.json");
    ASSERT_TRUE(plan.ok()) << plan.status();
    Search expected = With(field);
    // One root is there even if none is given.
    if (expected.view.roots.empty()) expected.view.roots = {"."};
    expected.query = Decided(expected);
    EXPECT_EQ(Changed({plan->view, plan->lists[0].query, false}),
              Changed(expected))
        << text;
  }
}

TEST(FieldTable, KeptAnswersAreToldApartByEveryField) {
  std::set<std::string> keys = {AnswerKey(View(), Query(), "/work", "", "")};
  for (const Field& field : AllFields()) {
    const Search search = With(field);
    const std::string key =
        AnswerKey(search.view, Decided(search), "/work", "", "");
    // Without a pattern the two that are about case mean the same.
    EXPECT_EQ(keys.insert(key).second, field.id != FieldId::kSmartCase)
        << field.name;
  }
}

// What is excluded or pruned is stored all the same, so that it does not
// matter to entries of the cache.
TEST(FieldTable, EntriesOfTheCacheAreToldApartByWhatIsStored) {
  const std::set<FieldId> stored = {FieldId::kRoots, FieldId::kNames,
                                    FieldId::kSuffixes, FieldId::kFollow,
                                    FieldId::kOneFileSystem};
  const std::string none = DatabaseKey(View(), "/work", "");
  for (const Field& field : AllFields()) {
    const View view = With(field).view;
    EXPECT_EQ(DatabaseKey(view, "/work", "") != none, stored.contains(field.id))
        << field.name;
  }
}

std::string Refusal(FieldId id, std::string_view value) {
  Search search;
  const absl::Status status = SetField(GetField(id), value, search.target());
  EXPECT_FALSE(status.ok()) << value;
  EXPECT_THAT(Changed(search), Each(false)) << value;
  return std::string(status.message());
}

TEST(SetField, RefusesWhatTheFieldCannotHoldAndSetsNothing) {
  EXPECT_EQ(Refusal(FieldId::kMaxDepth, "x"), "'x' is not a number");
  EXPECT_EQ(Refusal(FieldId::kMaxDepth, "4294967296"),
            "4294967296 is out of range (0 to 4294967295)");
  EXPECT_EQ(Refusal(FieldId::kMaxResults, "0"),
            "0 is out of range (1 to 18446744073709551615)");
  EXPECT_EQ(Refusal(FieldId::kType, "d,x"),
            "'x' is none of: f, d, l, file, symlink, directory");
  EXPECT_EQ(Refusal(FieldId::kNames, "a,b/c"),
            "'b/c': a name cannot hold a '/'");
  EXPECT_EQ(Refusal(FieldId::kExtension, "c,*.h"), "'*.h' is a glob, for -g");
  EXPECT_EQ(Refusal(FieldId::kPruneFiles, "a,,b"), "the value is empty");
  EXPECT_THAT(Refusal(FieldId::kGlob, "src/"), HasSubstr("'src/**'"));
  EXPECT_EQ(Refusal(FieldId::kFollow, "yes"), "takes no value");
}

TEST(SetField, ListsGrowAndAreTakenApart) {
  Search search;
  for (const std::string_view value : {"a,{b,c}", "[,]"}) {
    ASSERT_TRUE(
        SetField(GetField(FieldId::kExcludeDirs), value, search.target()).ok());
  }
  EXPECT_THAT(search.view.exclude_dirs, ElementsAre("a", "{b,c}", "[,]"));
  ASSERT_TRUE(SetField(GetField(FieldId::kAt), "a//b/", search.target()).ok());
  EXPECT_THAT(search.query.at, ElementsAre("a/b"));
}

TEST(SetField, WhatIsExcludedConcernsTheViewAndTheQuery) {
  const Search search = With(GetField(FieldId::kExclude));
  EXPECT_THAT(search.view.exclude_dirs, ElementsAre("x"));
  EXPECT_THAT(search.query.exclude_globs, ElementsAre("x"));
}

}  // namespace
}  // namespace finder
