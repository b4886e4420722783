// Several queries in one pass give what each gives alone.

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

const char* const kNames[] = {"Android.mk", "Android.bp", "OWNERS",
                              "METADATA",   "xOWNERS",    "a.c",
                              "b.mk",       "c.h",        "d"};

class AnswerAllTest : public testing::Test {
 protected:
  AnswerAllTest() {
    std::mt19937 random(7);
    std::string directory = "/work";
    for (int i = 0; i < 1500; ++i) {
      if (random() % 3 == 0) directory += "/d" + std::to_string(random() % 3);
      if (random() % 4 == 0 && directory.size() > 6) {
        directory.resize(directory.rfind('/'));
      }
      fixture_.tree.WriteFile(directory + '/' +
                              kNames[random() % std::size(kNames)]);
      if (random() % 20 == 0) {
        fixture_.tree.Symlink("d0", directory + "/l" + std::to_string(i));
      }
    }
  }

  // The answers to all queries, in one pass or one after the other.
  std::vector<std::string> Answers(const View& view,
                                   const std::vector<Query>& queries,
                                   unsigned threads, bool together) {
    Options options = FinderFixture::OptionsOf(view);
    options.threads = threads;
    Finder finder(fixture_.environment(), options);
    EXPECT_TRUE(finder.Scan().ok());
    std::vector<CompiledQuery> compiled;
    compiled.reserve(queries.size());
    for (const Query& query : queries) {
      compiled.push_back(*CompiledQuery::Compile(query, view));
    }
    std::vector<std::string> answers(queries.size());
    std::vector<QueryOutput> outputs(queries.size());
    for (size_t i = 0; i < queries.size(); ++i) {
      outputs[i].query = &compiled[i];
      outputs[i].format = [](const Match& match, std::string& out) {
        AppendLine(match, out);
        out += '\n';
      };
      outputs[i].write = [&answers, i](std::string_view text) {
        answers[i] += text;
        return true;
      };
    }
    if (together) {
      finder.AnswerAll(outputs);
    } else {
      for (QueryOutput& output : outputs) {
        output.answers =
            finder.Answer(*output.query, output.format, output.write);
      }
    }
    for (size_t i = 0; i < queries.size(); ++i) {
      EXPECT_EQ(std::count(answers[i].begin(), answers[i].end(), '\n'),
                static_cast<int64_t>(outputs[i].answers));
    }
    return answers;
  }

  void ExpectSame(const View& view, const std::vector<Query>& queries) {
    const std::vector<std::string> alone = Answers(view, queries, 1, false);
    EXPECT_EQ(Answers(view, queries, 1, true), alone);
    EXPECT_EQ(Answers(view, queries, 3, true), alone);
  }

  FinderFixture fixture_;
};

Query Random(std::mt19937& random) {
  Query query;
  const auto name = [&random] { return kNames[random() % std::size(kNames)]; };
  switch (random() % 6) {
    case 0:
      query.names = {name(), name()};
      break;
    case 1:
      query.globs = {random() % 2 == 0 ? "*.mk" : "A*.?p"};
      query.exclude_names = {name()};
      break;
    case 2:
      query.extensions = {"c", "mk"};
      break;
    case 3:
      query.globs = {"**/d1/*.mk"};
      break;
    case 4:
      query.suffixes = {"OWNERS"};
      break;
    default:
      query.names = {name()};
  }
  if (random() % 3 == 0) query.first = FirstRule::kFirstOnly;
  if (random() % 5 == 0) query.max_depth = 3;
  if (random() % 4 == 0) query.at = {"/work/d1", "/work/d2/d0"};
  if (random() % 9 == 0) query.case_rule = CaseRule::kIgnore;
  if (random() % 9 == 0) query.max_results = 3;
  if (random() % 9 == 0) query.types.directories = true;
  if (random() % 9 == 0) query.types.symlinks = true;
  return query;
}

TEST_F(AnswerAllTest, GivesWhatEachQueryGivesAlone) {
  std::mt19937 random(11);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    View view = FinderFixture::ViewOf({"/work"});
    if (random() % 3 == 0) view.links = LinkPolicy::kFollow;
    if (random() % 3 == 0) view.keep.suffixes = {".mk", "OWNERS"};
    if (random() % 3 == 0) view.exclude_dirs = {"d1"};
    std::vector<Query> queries;
    for (size_t i = random() % 9; i-- > 0;) queries.push_back(Random(random));
    ExpectSame(view, queries);
  }
}

TEST_F(AnswerAllTest, SortsWhereRootsOverlap) {
  Query query;
  query.names = {"OWNERS"};
  ExpectSame(FinderFixture::ViewOf({"/work", "/work/d1"}), {query, Query()});
}

TEST_F(AnswerAllTest, AWriteThatStopsEndsItsQueryOnly) {
  const View view = FinderFixture::ViewOf({"/work"});
  Finder finder(fixture_.environment(), FinderFixture::OptionsOf(view));
  ASSERT_TRUE(finder.Scan().ok());
  const CompiledQuery query = *CompiledQuery::Compile(Query(), view);
  std::string text;
  std::vector<QueryOutput> outputs(2);
  for (QueryOutput& output : outputs) {
    output.query = &query;
    output.format = [](const Match& match, std::string& out) {
      out += match.name;
    };
  }
  outputs[0].write = [](std::string_view) { return false; };
  outputs[1].write = [&text](std::string_view piece) {
    text += piece;
    return true;
  };
  finder.AnswerAll(outputs);
  EXPECT_GT(text.size(), 1000);
}

}  // namespace
}  // namespace finder
