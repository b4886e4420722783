#include "finder/answer/answer_state.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "finder/database/checksum.h"
#include "finder/finder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

std::string Key(int number) { return Checksum128Hex(std::to_string(number)); }

std::string Digest(std::string_view text) { return Checksum128Hex(text); }

AnswerPaths PathsOf(std::string paths) {
  std::string digest = Digest(paths);
  return {std::move(digest), std::move(paths)};
}

TEST(StreamingChecksum, IsThatOfTheWhole) {
  StreamingChecksum128 checksum;
  std::string whole;
  EXPECT_EQ(checksum.Hex(), Checksum128Hex(""));
  for (int i = 0; i < 500; ++i) {
    const std::string piece(static_cast<size_t>(i), static_cast<char>(i));
    checksum.Add(piece);
    whole += piece;
  }
  EXPECT_EQ(checksum.Hex(), Checksum128Hex(whole));
}

TEST(StreamingChecksum, IsFixedForAllTime) {
  StreamingChecksum128 checksum;
  checksum.Add(std::string_view("src/a\0src/x/b\0", 14));
  EXPECT_EQ(checksum.Hex(), "6b2576d8588a72c0c7c2dc8c52a804d8");
}

TEST(AnswerStates, AreReadAsTheyWereWritten) {
  AnswerStates states;
  const std::string paths("a\0caf\xe9 \"x\"\0", 11);
  const AnswerPaths kept = PathsOf(paths);
  states.Keep({Key(1), Digest("one")}, nullptr);
  states.Keep({Key(2), kept.digest}, &kept);
  const AnswerStates read = AnswerStates::Decode(states.Encode());
  EXPECT_EQ(read.Digest(Key(1)), Digest("one"));
  EXPECT_EQ(read.PathsDigest(Key(1)), std::nullopt);
  EXPECT_EQ(read.Digest(Key(2)), kept.digest);
  ASSERT_TRUE(read.Paths(Key(2)).has_value());
  EXPECT_EQ(read.Paths(Key(2))->paths, paths);
  EXPECT_EQ(read.Digest(Key(3)), std::nullopt);
  EXPECT_EQ(read.Encode(), states.Encode());
}

TEST(AnswerStates, PathsStayWhenOnlyTheDigestIsKept) {
  AnswerStates states;
  const AnswerPaths kept = PathsOf("a");
  states.Keep({Key(1), kept.digest}, &kept);
  states.Keep({Key(1), Digest("b")}, nullptr);
  EXPECT_EQ(states.Digest(Key(1)), Digest("b"));
  EXPECT_EQ(states.Paths(Key(1))->paths, "a");
}

TEST(AnswerStates, WhatChangedLongestAgoIsDropped) {
  AnswerStates states;
  const int most = static_cast<int>(AnswerStates::kMostStates);
  for (int i = 0; i < most; ++i) states.Keep({Key(i), Digest("x")}, nullptr);
  states.Keep({Key(0), Digest("y")}, nullptr);
  states.Keep({Key(most), Digest("x")}, nullptr);
  EXPECT_TRUE(states.Digest(Key(0)).has_value());
  EXPECT_FALSE(states.Digest(Key(1)).has_value());
  EXPECT_TRUE(states.Digest(Key(2)).has_value());
  EXPECT_TRUE(states.Digest(Key(most)).has_value());
}

TEST(AnswerStates, WhatIsMalformedIsNotKnown) {
  AnswerStates states;
  const AnswerPaths kept = PathsOf("some/path");
  states.Keep({Key(1), kept.digest}, &kept);
  const std::string line = states.Encode();
  for (size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(
        AnswerStates::Decode(line.substr(0, size)).Paths(Key(1)).has_value());
  }
  for (size_t at = 0; at < line.size(); ++at) {
    std::string damaged = line;
    damaged[at] ^= 1;
    const auto paths = AnswerStates::Decode(damaged).Paths(Key(1));
    if (paths.has_value()) {
      EXPECT_EQ(paths->paths, "some/path");
    }
  }
}

TEST(AnswerKey, DependsOnWhatTheAnswerDependsOn) {
  View view;
  view.roots = {"src"};
  view.exclude_dirs = {"a", "b"};
  Query query;
  query.names = {"x"};
  const auto key = [](const View& v, const Query& q, std::string_view id = "me",
                      std::string_view style = "") {
    return AnswerKey(v, q, "/work", id, style);
  };
  const std::string first = key(view, query);
  View same = view;
  same.roots = {"src/"};
  same.exclude_dirs = {"b", "a"};
  EXPECT_EQ(key(same, query), first);
  View other = view;
  other.roots = {"/work/src"};
  EXPECT_NE(key(other, query), first);
  other = view;
  other.prune_files = {"b"};
  EXPECT_NE(key(other, query), first);
  other = view;
  other.links = LinkPolicy::kFollow;
  EXPECT_NE(key(other, query), first);
  Query other_query = query;
  other_query.first = FirstRule::kFirstOnly;
  EXPECT_NE(key(view, other_query), first);
  other_query = query;
  other_query.exclude_globs = {"b"};
  EXPECT_NE(key(view, other_query), first);
  EXPECT_NE(key(view, query, "you"), first);
  EXPECT_NE(key(view, query, "me", "absolute"), first);
  EXPECT_NE(AnswerKey(view, query, "/other", "me", ""), first);
}

class KeptAnswersTest : public testing::Test {
 protected:
  KeptAnswersTest() {
    fixture_.tree.AddTree("f src/a.c\nf src/b/b.c\n", "/work");
    fixture_.Age();
  }

  // A run that keeps a digest under `key`.
  absl::Status Keep(const std::string& key, const std::string& digest) {
    Finder finder(fixture_.environment(), Options());
    if (absl::Status status = finder.Scan(); !status.ok()) return status;
    finder.KeepAnswer({key, digest}, std::nullopt);
    return finder.Save();
  }
  static finder::Options Options() {
    return FinderFixture::OptionsOf(FinderFixture::ViewOf({"/work"}));
  }
  std::optional<std::string> Kept(const std::string& key) {
    Finder finder(fixture_.environment(), Options());
    return finder.KeptAnswers().Digest(key);
  }

  FinderFixture fixture_;
};

TEST_F(KeptAnswersTest, AreThereInTheNextRun) {
  EXPECT_EQ(Kept(Key(1)), std::nullopt);
  ASSERT_TRUE(Keep(Key(1), Digest("x")).ok());
  EXPECT_EQ(Kept(Key(1)), Digest("x"));
  ASSERT_TRUE(Keep(Key(2), Digest("y")).ok());
  EXPECT_EQ(Kept(Key(1)), Digest("x"));
}

TEST_F(KeptAnswersTest, SurviveRunsThatRewriteTheDatabase) {
  ASSERT_TRUE(Keep(Key(1), Digest("x")).ok());
  fixture_.tree.AddTree("f src/new.c\n", "/work");
  const RunResult warm = fixture_.Run(Options());
  EXPECT_TRUE(warm.metrics.database_written);
  EXPECT_EQ(warm.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(Kept(Key(1)), Digest("x"));
  finder::Options refresh = Options();
  refresh.cache = CacheUse::kRefresh;
  fixture_.Run(refresh);
  EXPECT_EQ(Kept(Key(1)), Digest("x"));
}

TEST_F(KeptAnswersTest, AreWrittenWithoutEncodingFactsAgain) {
  fixture_.Run(Options());
  Finder finder(fixture_.environment(), Options());
  ASSERT_TRUE(finder.Scan().ok());
  finder.KeepAnswer({Key(1), Digest("x")}, std::nullopt);
  ASSERT_TRUE(finder.Save().ok());
  EXPECT_EQ(finder.metrics().list_calls, 0);
  EXPECT_EQ(finder.metrics().blocks_encoded, 0);
  EXPECT_EQ(finder.metrics().blocks_copied, 1);
}

TEST_F(KeptAnswersTest, DamagedInTheirLineLeaveTheFactsUsable) {
  ASSERT_TRUE(Keep(Key(1), Digest("x")).ok());
  std::string text = fixture_.tree.ReadFile(FinderFixture::kDatabase);
  const size_t at = text.find("{\"answers\":[{");
  ASSERT_NE(at, std::string::npos);
  text[at + 20] ^= 1;
  fixture_.tree.WriteFile(FinderFixture::kDatabase, text);
  EXPECT_EQ(Kept(Key(1)), std::nullopt);
  EXPECT_EQ(fixture_.Run(Options()).metrics.cache, CacheState::kWarm);
}

TEST_F(KeptAnswersTest, CutOutMakeTheDatabaseUnfit) {
  ASSERT_TRUE(Keep(Key(1), Digest("x")).ok());
  std::string text = fixture_.tree.ReadFile(FinderFixture::kDatabase);
  const size_t at = text.find("{\"answers\":[{");
  text.erase(at, text.find('\n', at) + 1 - at);
  fixture_.tree.WriteFile(FinderFixture::kDatabase, text);
  EXPECT_EQ(Kept(Key(1)), std::nullopt);
  EXPECT_EQ(fixture_.Run(Options()).metrics.cache, CacheState::kCold);
}

}  // namespace
}  // namespace finder
