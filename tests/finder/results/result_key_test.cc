#include "finder/results/result_key.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

KeyInput File(const std::string& path, const std::string& contents) {
  KeyInput input;
  input.path = path;
  input.fact.kind = FileKind::kFile;
  input.fact.hash = HashOf(contents);
  return input;
}

KeyIngredients Sample() {
  KeyIngredients ingredients;
  ingredients.arguments = {"protoc", "--out=gen"};
  ingredients.directory = "/src";
  ingredients.executable = "/usr/bin/protoc";
  ingredients.executable_hash = HashOf("elf");
  ingredients.sets = {
      {.name = "-g '*.proto'",
       .inputs = {File("a.proto", "a"), File("b.proto", "b")}},
      {.name = "", .inputs = {File("config", "c")}},
      {.name = "names", .by = InputBy::kName, .inputs = {File("n", "n")}},
  };
  ingredients.variables = {{"CC", "gcc"}, {"HOME", "/me"}, {"LANG", {}}};
  ingredients.umask = 022;
  ingredients.options = {"output gen"};
  return ingredients;
}

using Change = std::function<void(KeyIngredients&)>;

KeyIngredients After(const Change& change) {
  KeyIngredients ingredients = Sample();
  change(ingredients);
  return ingredients;
}

const Change kRelevant[] = {
    [](KeyIngredients& k) { k.arguments.push_back("x"); },
    [](KeyIngredients& k) { k.arguments = {"protoc --out=gen"}; },
    [](KeyIngredients& k) { k.arguments[1] += "2"; },
    [](KeyIngredients& k) { k.directory = "/other"; },
    [](KeyIngredients& k) { k.relocatable = true; },
    [](KeyIngredients& k) { k.executable_hash = HashOf("other"); },
    [](KeyIngredients& k) { k.sets[0].inputs[0].path = "c.proto"; },
    [](KeyIngredients& k) { k.sets[0].inputs[0] = File("a.proto", "A"); },
    [](KeyIngredients& k) { k.sets[0].inputs[0].fact.executable = true; },
    [](KeyIngredients& k) {
      k.sets[0].inputs[0].fact.kind = FileKind::kSymlink;
    },
    [](KeyIngredients& k) { k.sets[0].inputs.pop_back(); },
    [](KeyIngredients& k) { k.sets[0].inputs.push_back(File("z", "z")); },
    [](KeyIngredients& k) { k.sets[0].by = InputBy::kStamp; },
    [](KeyIngredients& k) { k.sets[0].by = InputBy::kName; },
    [](KeyIngredients& k) { k.sets[1].inputs[0].fact = {}; },
    [](KeyIngredients& k) { k.sets[2].inputs[0].path = "m"; },
    [](KeyIngredients& k) { k.sets[2].inputs[0].fact = {}; },
    [](KeyIngredients& k) { k.variables[0].value = "clang"; },
    [](KeyIngredients& k) { k.variables[0].value = std::nullopt; },
    [](KeyIngredients& k) { k.variables[0].value = ""; },
    [](KeyIngredients& k) { k.variables[2].value = ""; },
    [](KeyIngredients& k) { k.variables[0].name = "CXX"; },
    [](KeyIngredients& k) { k.variables.pop_back(); },
    [](KeyIngredients& k) { k.umask = 077; },
    [](KeyIngredients& k) { k.salt = "2"; },
    [](KeyIngredients& k) { k.options.push_back("depfile d"); },
    [](KeyIngredients& k) { k.options = {}; },
};

TEST(ResultKey, EveryIngredientChangesIt) {
  std::set<std::string> keys = {MakeResultKey(Sample()).digits};
  for (size_t i = 0; i < std::size(kRelevant); ++i) {
    const ResultKey key = MakeResultKey(After(kRelevant[i]));
    EXPECT_TRUE(keys.insert(key.digits).second) << "change " << i;
  }
}

TEST(ResultKey, NothingElseChangesIt) {
  const Change irrelevant[] = {
      [](KeyIngredients&) {},
      [](KeyIngredients& k) { k.executable = "/opt/bin/protoc"; },
      [](KeyIngredients& k) { k.sets[0].name = "--glob '*.proto'"; },
      [](KeyIngredients& k) { std::swap(k.sets[0], k.sets[1]); },
      [](KeyIngredients& k) {
        std::swap(k.sets[0].inputs[0], k.sets[0].inputs[1]);
      },
      // In two sets.
      [](KeyIngredients& k) {
        k.sets[1].inputs.push_back(k.sets[0].inputs[0]);
      },
      [](KeyIngredients& k) { k.sets.push_back({.name = "empty"}); },
      [](KeyIngredients& k) { std::swap(k.variables[0], k.variables[1]); },
      [](KeyIngredients& k) { k.sets[0].inputs[0].fact.stat.inode = 7; },
      [](KeyIngredients& k) { k.sets[0].inputs[0].fact.proven = true; },
      [](KeyIngredients& k) { k.sets[2].inputs[0] = File("n", "other"); },
  };
  for (const Change& change : irrelevant) {
    EXPECT_EQ(MakeResultKey(After(change)), MakeResultKey(Sample()));
  }
}

TEST(ResultKey, IsTheSameEverywhereAndForEver) {
  EXPECT_EQ(MakeResultKey(Sample()).digits,
            "98250b20c3e3b2fb0bfeef342c122b90e7e0501647d7f688");
}

TEST(ResultKey, IsReadBackFromItsDigits) {
  const ResultKey key = MakeResultKey(Sample());
  EXPECT_EQ(ParseResultKey(key.digits), key);
  EXPECT_EQ(ParseResultKey(key.digits + "0"), std::nullopt);
  EXPECT_EQ(ParseResultKey("../" + key.digits.substr(3)), std::nullopt);
}

TEST(ResultKey, DiscoveredInputsMakeAnother) {
  const ResultKey first = MakeResultKey(Sample());
  const ResultKey a = WithDiscovered(first, {File("a.h", "1")});
  EXPECT_NE(a, first);
  EXPECT_NE(a, WithDiscovered(first, {File("a.h", "2")}));
  EXPECT_NE(a, WithDiscovered(a, {File("a.h", "1")}));
  EXPECT_NE(WithDiscovered(first, {}), first);
  EXPECT_EQ(WithDiscovered(first, {File("a.h", "1"), File("b.h", "1")}),
            WithDiscovered(first, {File("b.h", "1"), File("a.h", "1")}));
}

TEST(ResultKey, TheSameCommandIsItsLineAndItsDirectory) {
  int others = 0;
  for (const Change& change : kRelevant) {
    others += CommandKey(After(change)) != CommandKey(Sample()) ? 1 : 0;
  }
  EXPECT_EQ(others, 5);
  EXPECT_NE(CommandKey(Sample()), MakeResultKey(Sample()));
}

TEST(RecordedIngredients, HaveNoValueOfTheEnvironment) {
  const KeyIngredients ingredients = After([](KeyIngredients& k) {
    k.variables = {{"TOKEN", "s3cret-token"}, {"EMPTY", ""}};
    k.salt = "s3cret-salt";
  });
  const RecordedIngredients recorded = RecordIngredients(ingredients, {}, 1);
  ResultRecord record;
  record.command = {"true"};
  const std::string text = EncodeRecord(record, recorded);
  EXPECT_THAT(text, HasSubstr("TOKEN"));
  EXPECT_THAT(text, Not(HasSubstr("s3cret")));
  // Nor a hash that would be the same for all who have the value.
  EXPECT_THAT(text, Not(HasSubstr(HashOf("s3cret-token").Hex())));
  const RecordedIngredients later = RecordIngredients(ingredients, {}, 2);
  EXPECT_NE(recorded.variables[1], later.variables[1]);
  EXPECT_NE(recorded.user_salt, later.user_salt);
}

std::vector<std::string> Explain(const Change& change) {
  return ExplainDifference(RecordIngredients(Sample(), {}, 1), After(change),
                           {});
}

TEST(ExplainDifference, IsEmptyForTheSame) {
  EXPECT_THAT(Explain([](KeyIngredients&) {}), IsEmpty());
}

TEST(ExplainDifference, TellsOfInputs) {
  EXPECT_THAT(Explain([](KeyIngredients& k) {
                k.sets[0].inputs = {File("a.proto", "A"), File("c.proto", "")};
                k.sets[1].inputs[0].fact = {};
              }),
              ElementsAre("changed a.proto", "gone b.proto", "came c.proto",
                          "gone config"));
}

TEST(ExplainDifference, TellsOfVariablesButNoValue) {
  EXPECT_THAT(
      Explain([](KeyIngredients& k) {
        k.variables = {{"CC", "clang"}, {"LANG", "C"}, {"TOKEN", "s3cret"}};
      }),
      ElementsAre("env CC changed", "env HOME no longer counts",
                  "env LANG came", "env TOKEN counts now"));
  EXPECT_THAT(Explain([](KeyIngredients& k) { k.variables[0].value = {}; }),
              ElementsAre("env CC gone"));
}

TEST(ExplainDifference, TellsOfTheRest) {
  EXPECT_THAT(Explain([](KeyIngredients& k) {
                k.executable_hash = HashOf("new");
                k.umask = 0;
                k.salt = "x";
                k.options = {};
              }),
              ElementsAre("changed /usr/bin/protoc", "umask changed",
                          "salt changed", "options changed"));
}

TEST(ExplainDifference, EveryRelevantChangeIsTold) {
  for (size_t i = 0; i < std::size(kRelevant); ++i) {
    const KeyIngredients now = After(kRelevant[i]);
    // Another command, which is not compared.
    if (CommandKey(now) != CommandKey(Sample())) continue;
    EXPECT_THAT(Explain(kRelevant[i]), Not(IsEmpty())) << "change " << i;
  }
}

TEST(ExplainDifference, TellsOfDiscoveredInputs) {
  const RecordedIngredients before =
      RecordIngredients(Sample(), {File("a.h", "1"), File("b.h", "1")}, 1);
  EXPECT_THAT(
      ExplainDifference(before, Sample(), {File("a.h", "2"), File("b.h", "1")}),
      ElementsAre("changed a.h"));
}

}  // namespace
}  // namespace finder
