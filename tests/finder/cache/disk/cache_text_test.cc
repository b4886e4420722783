// The texts of a cache: infos, limits, accounts, statistics.
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "finder/cache/disk/cache_info.h"
#include "finder/cache/disk/cache_limits.h"
#include "finder/cache/disk/event_queue.h"
#include "finder/cache/disk/size_log.h"
#include "finder/kept/entry_description.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kDayNs = 24 * 3600 * kSecondNs;

TEST(CacheLimitsText, ReadsSizesAsPeopleWriteThem) {
  EXPECT_EQ(ParseSize("0")->value(), 0u);
  EXPECT_EQ(ParseSize("512")->value(), 512u);
  EXPECT_EQ(ParseSize("512B")->value(), 512u);
  EXPECT_EQ(ParseSize("3k")->value(), 3072u);
  EXPECT_EQ(ParseSize("2G")->value(), uint64_t{2} << 30);
  EXPECT_EQ(ParseSize("1.5G")->value(), uint64_t{3} << 29);
  EXPECT_EQ(ParseSize("0.000001K")->value(), 0u);
  EXPECT_EQ(ParseSize("1.1KiB")->value(), 1126u);
  for (const char* wrong :
       {"1.5", "1.G", ".5G", "1.0000001G", "1.5.5G", "-1"}) {
    EXPECT_FALSE(ParseSize(wrong).ok()) << wrong;
  }
  EXPECT_FALSE(ParseSize("8388607.9999999T").ok());
  EXPECT_FALSE(ParseSize("8388608.5T").ok());
  EXPECT_EQ(ParseSize("2GB")->value(), uint64_t{2} << 30);
  EXPECT_EQ(ParseSize("2GiB")->value(), uint64_t{2} << 30);
  EXPECT_EQ(ParseSize("unlimited")->has_value(), false);
  EXPECT_EQ(ParseCount("10000")->value(), 10'000u);
  EXPECT_EQ(ParseAge("2d")->value(), 2 * kDayNs);
  EXPECT_EQ(ParseAge("90m")->value(), 90 * 60 * kSecondNs);
}

TEST(CacheLimitsText, RefusesWhatIsNoLimit) {
  for (const char* text : {"", "G", "-1", "1.5", "2X", "2GG", "2iB", "1 G",
                           "0x10", "99999999999999999999", "9999999999T"}) {
    EXPECT_FALSE(ParseSize(text).ok()) << text;
  }
  EXPECT_EQ(ParseSize("lots").status().message(),
            "'lots': expected a size such as 500M or 2G, or 'unlimited'");
  EXPECT_FALSE(ParseCount("1K").ok());
  EXPECT_FALSE(ParseAge("30").ok());
  EXPECT_FALSE(ParseAge("9999999999w").ok());
}

TEST(CacheLimitsText, IsReadBackAsWritten) {
  for (const uint64_t bytes : {0ull, 1ull, 1024ull, 1536ull, 1ull << 40}) {
    EXPECT_EQ(ParseSize(FormatSize(bytes))->value(), bytes);
  }
  for (const int64_t age : {int64_t{0}, kSecondNs, 90 * kSecondNs, kDayNs}) {
    EXPECT_EQ(ParseAge(FormatAge(age))->value(), age);
  }
  EXPECT_EQ(FormatSize(uint64_t{1} << 30), "1G");
  EXPECT_EQ(FormatAge(30 * kDayNs), "30d");
  EXPECT_EQ(FormatCount(std::nullopt), "unlimited");
}

TEST(CacheLimits, PercentsDoNotOverflow) {
  EXPECT_EQ(PercentOf(1000, 70), 700u);
  EXPECT_EQ(PercentOf(7, 125), 8u);
  const uint64_t most = std::numeric_limits<uint64_t>::max();
  EXPECT_EQ(PercentOf(most, 125), most);
  EXPECT_LT(PercentOf(most, 70), most);
}

TEST(CacheInfoText, IsReadBackAsWritten) {
  CacheInfo info;
  info.boot_id = "b-1";
  info.created_ns = 5;
  info.limits = {std::nullopt, 3, std::nullopt};
  info.sharing = CacheSharing::kGroup;
  const auto read = DecodeCacheInfo(EncodeCacheInfo(info));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->boot_id, "b-1");
  EXPECT_EQ(read->created_ns, 5);
  EXPECT_EQ(read->limits, info.limits);
  EXPECT_EQ(read->sharing, CacheSharing::kGroup);
}

TEST(CacheInfoText, DamageIsNoticed) {
  const std::string text = EncodeCacheInfo({});
  EXPECT_FALSE(DecodeCacheInfo("").has_value());
  for (size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_FALSE(DecodeCacheInfo(text.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(DecodeCacheInfo("[]").has_value());
  EXPECT_FALSE(DecodeCacheInfo("{\"format\":\"1\"}").has_value());
  EXPECT_FALSE(DecodeCacheInfo("{\"format\":1,\"max_bytes\":-1}").has_value());
  EXPECT_FALSE(
      DecodeCacheInfo("{\"format\":1,\"sharing\":\"all\"}").has_value());
}

TEST(CacheInfoText, OfANewerFormatTellsTheFormat) {
  const auto info =
      DecodeCacheInfo("{\"format\":7,\"max_bytes\":{\"soft\":1}}");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->format, 7);
}

TEST(EntryInfoText, IsReadBackAsWritten) {
  EntryInfo info;
  info.key = "k";
  info.created_ns = 1;
  info.kind = "database";
  info.data_bytes = 2;
  info.accounted_bytes = 3;
  info.packing = Packing::kZstd;
  info.description = {
      {"roots", std::vector<std::string>{"/a b", "/\xff\n\"", ""}},
      {"view_id", "u@h"},
      {"none", std::vector<std::string>{}},
      {"directories", uint64_t{4}}};
  EntryInfoDecoder decoder;
  for (int round = 0; round < 2; ++round) {
    const auto read = decoder.Decode(EncodeEntryInfo(info));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->description, info.description);
    EXPECT_EQ(EncodeEntryInfo(*read), EncodeEntryInfo(info));
    EXPECT_FALSE(decoder.Decode("{").has_value());
    EXPECT_FALSE(decoder.Decode("{\"format\":2,\"key\":\"k\"}").has_value());
    EXPECT_FALSE(decoder.Decode("{\"format\":1}").has_value());
  }
}

// Caches that exist hold such lines.
TEST(EntryInfoText, IsThatOfFormat1) {
  EntryInfo info;
  info.key = "k";
  info.kind = "database";
  info.created_ns = 1;
  info.data_bytes = 2;
  info.accounted_bytes = 3;
  info.description = EncodeDescription({.roots = {"/a", "/b"},
                                        .view_id = "u@h",
                                        .view = "rules",
                                        .writer = "finder 1",
                                        .directories = 4,
                                        .files = 5});
  EXPECT_EQ(EncodeEntryInfo(info),
            "{\"format\":1,\"key\":\"k\",\"kind\":\"database\","
            "\"created_ns\":1,\"database_bytes\":2,\"accounted_bytes\":3,"
            "\"packing\":\"plain\",\"roots\":[\"/a\",\"/b\"],"
            "\"view_id\":\"u@h\",\"view\":\"rules\",\"writer\":\"finder 1\","
            "\"directories\":4,\"files\":5}\n");
}

TEST(EntryInfoText, PassesOverWhatNoOwnerWrites) {
  const auto read = EntryInfoDecoder().Decode(
      R"({"format":1,"a":[1,"b"],"c":{"d":[]},"e":-1,"f":1.5,"g":null,)"
      R"("h":true,"i":"j","key":"k"})");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->key, "k");
  EXPECT_EQ(read->description, (ObjectDescription{{"i", "j"}}));
}

TEST(ObjectKind, IsToldByTheKey) {
  const ObjectKind kinds[] = {{.name = "first", .packs = true},
                              {.name = "second", .key_prefix = "second-"}};
  EXPECT_EQ(KindOf(kinds, "second-1").name, "second");
  EXPECT_EQ(KindOf(kinds, "second").name, "first");
  EXPECT_EQ(KindOf(kinds, "").name, "first");
  EXPECT_EQ(AllDataNames(kinds),
            (std::vector<std::string>{"data/first", "data/first.zst",
                                      "data/second"}));
}

TEST(EntryDescription, IsReadBackAsWritten) {
  const EntryDescription description = {.roots = {"/a", "/b"},
                                        .view_id = "u@h",
                                        .view = "rules",
                                        .writer = "finder 1",
                                        .directories = 4,
                                        .files = 5};
  const ObjectDescription encoded = EncodeDescription(description);
  EXPECT_EQ(EncodeDescription(DecodeDescription(encoded)), encoded);
  EXPECT_EQ(DecodeDescription({{"roots", "x"}, {"more", "y"}}).roots.size(),
            0u);
}

TEST(SizeLogText, AddsUpFromTheFirstBase) {
  const std::string text =
      SizeBase({.bytes = 100, .entries = 2, .added_bytes = 900}) +
      SizeChange(50, 1) + SizeChange(-100, -2);
  const AccountedSize sum = SumSizes(text);
  EXPECT_EQ(sum.bytes, 50u);
  EXPECT_EQ(sum.entries, 1u);
  EXPECT_EQ(sum.added_bytes, 950u);
  EXPECT_EQ(sum.added_entries, 1u);
  EXPECT_TRUE(sum.counted);
  EXPECT_FALSE(SumSizes(SizeChange(7, 1)).counted);
  EXPECT_EQ(SumSizes(SizeBase({}) + SizeChange(-7, -1)).bytes, 0u);
}

TEST(SizeLogText, ALaterBaseCountsWhatWasAddedSinceTheCounting) {
  const std::string before = SizeBase({.bytes = 500,
                                       .entries = 5,
                                       .added_bytes = 500,
                                       .added_entries = 5}) +
                             SizeChange(10, 1);
  AccountedSize counted = SumSizes(before);
  counted.bytes = 300;
  counted.entries = 3;
  // Added after the counting began, removed, and then the base.
  const std::string text = before + SizeChange(20, 1) + SizeChange(-300, -3) +
                           SizeBase(counted) + SizeChange(1, 1);
  const AccountedSize sum = SumSizes(text);
  EXPECT_EQ(sum.bytes, 321u);
  EXPECT_EQ(sum.entries, 5u);
  EXPECT_EQ(sum.added_bytes, 531u);
  // The same if the log was shortened in between.
  const std::string shortened =
      SizeBase(SumSizes(before + SizeChange(20, 1) + SizeChange(-300, -3))) +
      SizeBase(counted) + SizeChange(1, 1);
  EXPECT_EQ(SumSizes(shortened).bytes, 321u);
  // And if it was lost, what is left counts as added.
  EXPECT_EQ(SumSizes(SizeChange(20, 1) + SizeBase(counted)).bytes, 320u);
}

TEST(SizeLogText, ATornLineNeverLessensTheSum) {
  const std::string base = SizeBase({.bytes = 1000, .entries = 10});
  for (const std::string& line : {SizeChange(123, 1), SizeChange(-123, -1)}) {
    for (size_t size = 0; size < line.size(); ++size) {
      const std::string text = base + line.substr(0, size) + SizeChange(500, 1);
      EXPECT_GE(SumSizes(text).bytes, line[1] == '-' ? 1377u : 1500u) << text;
    }
  }
}

TEST(SizeLogText, AnEntryCountsWholeBlocks) {
  EXPECT_EQ(AccountedBytes(0), 3u * 4096);
  EXPECT_EQ(AccountedBytes(1), 4u * 4096);
  EXPECT_EQ(AccountedBytes(4096), 4u * 4096);
  EXPECT_EQ(AccountedBytes(4097), 5u * 4096);
}

TEST(EventQueue, DropsWhatIsTooMuch) {
  EventQueue queue;
  for (uint64_t i = 0; i < EventQueue::kCapacity; ++i) {
    ASSERT_TRUE(queue.Push(CacheEvent::kHit));
  }
  EXPECT_FALSE(queue.Push(CacheEvent::kMiss));
  const CacheEventCounts counts = queue.Take();
  EXPECT_EQ(counts[static_cast<size_t>(CacheEvent::kHit)],
            EventQueue::kCapacity);
  EXPECT_EQ(counts[static_cast<size_t>(CacheEvent::kMiss)], 0u);
  EXPECT_TRUE(queue.Push(CacheEvent::kMiss));
}

TEST(Statistics, AddUpAndSkipWhatIsMalformed) {
  CacheEventCounts counts{};
  counts[0] = 2;
  const std::string text = EncodeStatistics({.counts = counts, .since_ns = 9}) +
                           EncodeEvents(counts) + "\n1 2" +
                           EncodeEvents(counts) + "x\n";
  const CacheStatistics sum = DecodeStatistics(text);
  EXPECT_EQ(sum.Count(CacheEvent::kHit), 6u);
  EXPECT_EQ(sum.since_ns, 9);
}

}  // namespace
}  // namespace finder
