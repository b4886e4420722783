#include "finder/results/result_record.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/checksum.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/results/sample_record.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

// The text with its first line made anew, as somebody would who means harm.
std::string Resummed(const std::string& text) {
  const std::string body = text.substr(text.find('\n') + 1);
  return absl::StrCat("{\"finder\":\"result\",\"version\":1,\"sum\":\"",
                      Checksum128Hex(body), "\"}\n", body);
}

// What is wrong with the sample record after `change`.
template <typename Change>
std::string FaultAfter(Change change,
                       OutsideOutputs outside = OutsideOutputs::kRefused) {
  ResultRecord record = SampleRecord();
  change(record);
  const auto decoded =
      DecodeRecord(EncodeRecord(record, SampleIngredients()), outside);
  EXPECT_TRUE(decoded.ok() || absl::IsInvalidArgument(decoded.status()));
  return decoded.ok() ? "" : std::string(decoded.status().message());
}

std::string FaultOfPath(const std::string& path,
                        OutsideOutputs outside = OutsideOutputs::kRefused) {
  return FaultAfter(
      [&](ResultRecord& record) {
        record.outputs = {{.path = path, .kind = OutputKind::kDirectory}};
      },
      outside);
}

TEST(ResultRecord, IsReadBackAsItWasWritten) {
  const std::string text = EncodeRecord(SampleRecord(), SampleIngredients());
  const auto record = DecodeRecord(text, OutsideOutputs::kRefused);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(*record, SampleRecord());
  EXPECT_EQ(record->printed_bytes(), 13);
  EXPECT_EQ(record->payloads(), 3);
  const auto ingredients = DecodeIngredients(text);
  ASSERT_TRUE(ingredients.ok()) << ingredients.status();
  EXPECT_EQ(*ingredients, SampleIngredients());
}

TEST(ResultRecord, OfACommandThatLeftNothing) {
  ResultRecord record;
  record.command = {"true"};
  const std::string text = EncodeRecord(record, {});
  EXPECT_EQ(*DecodeRecord(text, OutsideOutputs::kRefused), record);
  EXPECT_EQ(*DecodeIngredients(text), RecordedIngredients());
}

TEST(ResultRecord, IsOneLineOfTextForEachPart) {
  const std::string text = EncodeRecord(SampleRecord(), SampleIngredients());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_THAT(text, HasSubstr("\"command\":[\"protoc\",\"--out\","));
}

TEST(ResultRecord, DamageAnywhereIsNoticed) {
  const std::string text = EncodeRecord(SampleRecord(), SampleIngredients());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] ^= 0x01;
    EXPECT_FALSE(DecodeRecord(damaged, OutsideOutputs::kRefused).ok()) << i;
    EXPECT_FALSE(DecodeIngredients(damaged).ok()) << i;
    EXPECT_FALSE(
        DecodeRecord(text.substr(0, i), OutsideOutputs::kRefused).ok());
  }
}

TEST(ResultRecord, OfANewerFormatIsSaidToBeOne) {
  std::string text = EncodeRecord(SampleRecord(), SampleIngredients());
  const std::string version = "\"version\":1";
  text.replace(text.find(version), version.size(), "\"version\":2");
  const auto decoded = DecodeRecord(text, OutsideOutputs::kRefused);
  EXPECT_TRUE(absl::IsUnimplemented(decoded.status())) << decoded.status();
}

TEST(ResultRecord, PathsThatLeaveTheDirectoryAreRefused) {
  for (const std::string path :
       {"../x", "..", "a/../../x", "a/..", "/etc/passwd", "/", "", ".", "./a",
        "a/./b", "a//b", "a/"}) {
    EXPECT_NE(FaultOfPath(path), "") << path;
  }
  EXPECT_NE(FaultOfPath(std::string("a\0b", 3)), "");
  EXPECT_EQ(FaultOfPath("..a"), "");
  EXPECT_EQ(FaultOfPath("a/...b/c"), "");
}

TEST(ResultRecord, ANulIsNoPartOfAPath) {
  const std::string path("a\0b", 3);
  EXPECT_THAT(*OutputPathFault(path, OutsideOutputs::kAllowed),
              HasSubstr("NUL"));
}

TEST(ResultRecord, OutputsOutsideAreReadWhereTheyAreAllowed) {
  EXPECT_EQ(FaultOfPath("/tmp/x", OutsideOutputs::kAllowed), "");
  EXPECT_NE(FaultOfPath("/tmp/../x", OutsideOutputs::kAllowed), "");
  EXPECT_NE(FaultOfPath("../x", OutsideOutputs::kAllowed), "");
}

TEST(ResultRecord, NothingLiesBelowWhatIsNoDirectory) {
  const auto with = [](OutputKind kind) {
    return FaultAfter([kind](ResultRecord& record) {
      record.outputs = {{.path = "a", .kind = kind, .target = "/etc"},
                        {.path = "a.b", .kind = OutputKind::kDirectory},
                        {.path = "a/b/c", .kind = OutputKind::kDirectory}};
    });
  };
  EXPECT_THAT(with(OutputKind::kSymlink), HasSubstr("no directory"));
  EXPECT_THAT(with(OutputKind::kFile), HasSubstr("no directory"));
  EXPECT_EQ(with(OutputKind::kDirectory), "");
}

TEST(ResultRecord, OutputsComeInOrderAndOnce) {
  EXPECT_THAT(FaultAfter([](ResultRecord& record) {
                std::swap(record.outputs[1], record.outputs[2]);
              }),
              HasSubstr("order"));
  EXPECT_THAT(FaultAfter([](ResultRecord& record) {
                record.outputs[2].path = record.outputs[1].path;
              }),
              HasSubstr("order"));
}

TEST(ResultRecord, ValuesOutOfRangeAreRefused) {
  EXPECT_NE(FaultAfter([](ResultRecord& r) { r.exit_code = 126; }), "");
  EXPECT_NE(FaultAfter([](ResultRecord& r) { r.exit_code = -1; }), "");
  EXPECT_NE(FaultAfter([](ResultRecord& r) { r.command.clear(); }), "");
  EXPECT_NE(FaultAfter([](ResultRecord& r) { r.duration_ns = -1; }), "");
  EXPECT_NE(
      FaultAfter([](ResultRecord& r) { r.outputs[1].permissions = 010000; }),
      "");
  EXPECT_NE(FaultAfter([](ResultRecord& r) {
              r.outputs[1].size_bytes = uint64_t{1} << 63;
            }),
            "");
  EXPECT_NE(FaultAfter([](ResultRecord& r) { r.outputs[3].target = ""; }), "");
  EXPECT_NE(FaultAfter([](ResultRecord& r) { r.chunks[0].size_bytes = 0; }),
            "");
  EXPECT_NE(FaultAfter([](ResultRecord& r) {
              r.chunks[0].size_bytes = uint64_t{1} << 63;
            }),
            "");
}

TEST(ResultRecord, ValuesOfOtherTypesAreRefused) {
  const std::string text = EncodeRecord(SampleRecord(), SampleIngredients());
  const std::pair<std::string, std::string> changes[] = {
      {"\"exit_code\":3", "\"exit_code\":\"3\""},
      {"\"exit_code\":3", "\"exit\":3"},
      {"[\"out\",4]", "[\"in\",4]"},
      {"[\"out\",4]", "[\"out\"]"},
      {"[\"out\",4]", "4"},
      {"\"kind\":\"directory\"", "\"kind\":\"pipe\""},
      {"\"outputs\":[", "\"outputs\":[[],"},
      {"\"directory\":\"/home", "\"directory\":\"\\u000000/home"},
      {"\"directory\":\"/home", "\"directory\":\"\\u0000zz/home"},
      {"{\"key\"", "[{\"key\""},
  };
  for (const auto& [from, to] : changes) {
    std::string changed = text;
    ASSERT_NE(text.find(from), text.npos) << from;
    changed.replace(text.find(from), from.size(), to);
    const auto decoded =
        DecodeRecord(Resummed(changed), OutsideOutputs::kRefused);
    EXPECT_TRUE(absl::IsInvalidArgument(decoded.status())) << to;
  }
  const std::pair<std::string, std::string> tail_changes[] = {
      {"\"umask\":18", "\"umask\":1800"},
      {"[\"src/d\",\"directory\"]", "[\"src/d\",\"door\"]"},
      {"[\"src/d\",\"directory\"]", "[\"src/d\"]"},
      {"[\"src/d\",\"directory\"]", "[\"src/d\",\"file\"]"},
      {"[\"src/d\",\"directory\"]", "7"},
      {"[\"LANG\",null]", "[\"LANG\",\"C\"]"},
      {"[\"LANG\",null]", "[\"LANG\"]"},
      {"[\"LANG\",null]", "[]"},
  };
  for (const auto& [from, to] : tail_changes) {
    std::string changed = text;
    ASSERT_NE(text.find(from), text.npos) << from;
    changed.replace(text.find(from), from.size(), to);
    EXPECT_FALSE(DecodeIngredients(Resummed(changed)).ok()) << to;
  }
}

TEST(InputSets, AreReadBackAsTheyWereWritten) {
  const std::vector<RecordedSet> sets = SampleIngredients().sets;
  const std::string text = EncodeInputSets(sets);
  const auto decoded = DecodeInputSets(text);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, sets);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] ^= 0x01;
    EXPECT_FALSE(DecodeInputSets(damaged).ok()) << i;
  }
  EXPECT_FALSE(DecodeRecord(text, OutsideOutputs::kRefused).ok());
  EXPECT_FALSE(
      DecodeInputSets(EncodeRecord(SampleRecord(), SampleIngredients())).ok());
}

TEST(ResultRecord, UnknownFieldsAreSkipped) {
  std::string text = EncodeRecord(SampleRecord(), SampleIngredients());
  text.insert(text.find("\"directory\""), "\"later\":[1,{\"a\":null}],");
  const auto decoded = DecodeRecord(Resummed(text), OutsideOutputs::kRefused);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, SampleRecord());
}

}  // namespace
}  // namespace finder
