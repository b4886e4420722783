#include "finder/answer/answer_state.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "finder/text/checksum.h"
#include "gtest/gtest.h"

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
  const absl::StatusOr<AnswerStates> decoded =
      AnswerStates::Decode(states.Encode());
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const AnswerStates& read = *decoded;
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

TEST(AnswerStates, PendingIsNotKeptBeforeItIsPromoted) {
  AnswerStates states;
  EXPECT_FALSE(states.Promote(Key(1)));
  states.Keep({Key(1), Digest("a")}, nullptr);
  states.SetPending({Key(1), Digest("b")});
  states.SetPending({Key(2), Digest("c")});
  EXPECT_EQ(states.Digest(Key(1)), Digest("a"));
  EXPECT_EQ(states.Digest(Key(2)), std::nullopt);
  const auto read = AnswerStates::Decode(states.Encode());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Pending(Key(1)), Digest("b"));
  EXPECT_EQ(read->Encode(), states.Encode());
  EXPECT_TRUE(states.Promote(Key(1)));
  EXPECT_EQ(states.Digest(Key(1)), Digest("b"));
  EXPECT_EQ(states.Pending(Key(1)), std::nullopt);
  EXPECT_EQ(states.Pending(Key(2)), Digest("c"));
  EXPECT_FALSE(states.Promote(Key(1)));
}

TEST(AnswerStates, OfALaterAnswerLeaveNothingPending) {
  AnswerStates states;
  states.SetPending({Key(1), Digest("a")});
  states.Keep({Key(1), Digest("b")}, nullptr);
  EXPECT_EQ(states.Pending(Key(1)), std::nullopt);
  states.SetPending({Key(1), Digest("a")});
  states.DropPending(Key(1));
  EXPECT_EQ(states.Pending(Key(1)), std::nullopt);
  EXPECT_EQ(states.Digest(Key(1)), Digest("b"));
}

TEST(AnswerStates, PromotedLeavePathsAlone) {
  AnswerStates states;
  const AnswerPaths kept = PathsOf("a");
  states.Keep({Key(1), kept.digest}, &kept);
  states.SetPending({Key(1), Digest("b")});
  EXPECT_TRUE(states.Promote(Key(1)));
  EXPECT_EQ(states.Paths(Key(1))->paths, "a");
}

TEST(AnswerStates, OnlySoManyArePending) {
  AnswerStates states;
  const int most = static_cast<int>(AnswerStates::kMostStates);
  for (int i = 0; i <= most; ++i) states.SetPending({Key(i), Digest("x")});
  EXPECT_EQ(states.Pending(Key(0)), std::nullopt);
  EXPECT_TRUE(states.Pending(Key(1)).has_value());
  EXPECT_TRUE(states.Pending(Key(most)).has_value());
}

TEST(AnswerStates, OfNoQuestionAreReadToo) {
  const auto none = AnswerStates::Decode(AnswerStates().Encode());
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->size(), 0u);
}

TEST(AnswerStates, EveryDamageIsNoticed) {
  AnswerStates states;
  const AnswerPaths kept = PathsOf("some/path");
  states.Keep({Key(1), kept.digest}, &kept);
  const std::string text = states.Encode();
  EXPECT_FALSE(AnswerStates::Decode(text + "\n").ok());
  for (size_t at = 0; at < text.size(); ++at) {
    EXPECT_FALSE(AnswerStates::Decode(text.substr(0, at)).ok()) << at;
    std::string damaged = text;
    damaged[at] ^= 1;
    EXPECT_FALSE(AnswerStates::Decode(damaged).ok()) << at;
  }
}

TEST(AnswerStates, OfVersion1AreRead) {
  std::ifstream file("testdata/answers/version_1.answers", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto states = AnswerStates::Decode(text);
  ASSERT_TRUE(states.ok()) << states.status();
  EXPECT_EQ(states->size(), 2u);
  const std::string check = "eecc739e8a36243b031d855b257746dc";
  EXPECT_EQ(states->Digest(check), "17fdf4a798942720fe8a52ab8c9b6d07");
  EXPECT_FALSE(states->Paths(check).has_value());
  const auto paths = states->Paths("dea804211c136a9304f45f4e89492485");
  ASSERT_TRUE(paths.has_value());
  EXPECT_EQ(paths->paths,
            std::string_view("src/a.c\0src/b.h\0src/caf\xe9.c\0", 27));
  EXPECT_EQ(states->Encode(), text);
}

TEST(AnswerStates, OfVersion1WithPendingOnesAreRead) {
  std::ifstream file("testdata/answers/version_1_pending.answers",
                     std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto states = AnswerStates::Decode(text);
  ASSERT_TRUE(states.ok()) << states.status();
  EXPECT_EQ(states->size(), 1u);
  const std::string kept = "f2ad2714c820da6d5653e046a90bc583";
  EXPECT_EQ(states->Digest(kept), "dbc32b750578582404d24e005994caa4");
  EXPECT_EQ(states->Pending(kept), "323fd8f50dd14375f3dcc4fcde51271e");
  const std::string first = "6889284ef84dc340a3fb8ed894b15d6a";
  EXPECT_EQ(states->Digest(first), std::nullopt);
  EXPECT_EQ(states->Pending(first), "dbc32b750578582404d24e005994caa4");
  EXPECT_EQ(states->Encode(), text);
}

TEST(AnswerStates, OfAnotherVersionAreNotRead) {
  std::string text = AnswerStates().Encode();
  text[kAnswersMagic.size()] = '2';
  EXPECT_EQ(AnswerStates::Decode(text).status().message(),
            "kept answers are of another version");
  EXPECT_EQ(AnswerStates::Decode("").status().message(),
            "no kept answers of finder");
}

TEST(AnswerStates, WithAValidSumAreReadWithCareAllTheSame) {
  const auto decode = [](const std::string& line) {
    const std::string text = "finder answers 1\n" + line + "\n";
    return AnswerStates::Decode(text + Checksum128Hex(text) + "\n");
  };
  EXPECT_TRUE(decode("{\"answers\":[]}").ok());
  EXPECT_FALSE(decode("").ok());
  EXPECT_FALSE(decode("[]").ok());
  EXPECT_FALSE(decode("{\"answers\":[1]}").ok());
  EXPECT_FALSE(decode("{\"answers\":[{\"key\":\"short\"}]}").ok());
  const std::string pending = "{\"answers\":[],\"pending\":";
  EXPECT_TRUE(decode(pending + "[]}").ok());
  EXPECT_FALSE(decode(pending + "1}").ok());
  EXPECT_FALSE(decode(pending + "[1]}").ok());
  EXPECT_FALSE(decode(pending + "[{\"key\":\"" + Key(1) + "\"}]}").ok());
  EXPECT_TRUE(decode("{\"later\":[{\"x\":1}],\"answers\":[]}").ok());
  const auto no_paths = decode(
      "{\"answers\":[{\"key\":\"" + Key(1) + "\",\"digest\":\"" + Digest("x") +
      "\",\"paths_digest\":\"" + Digest("y") + "\",\"paths\":\"AAAA\"}]}");
  ASSERT_TRUE(no_paths.ok());
  EXPECT_FALSE(no_paths->Paths(Key(1)).has_value());
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

}  // namespace
}  // namespace finder
