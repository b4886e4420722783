#include "cmd/output/report.h"

#include <string>

#include "cmd/output/stats.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Metrics SomeMetrics() {
  Metrics metrics;
  metrics.directories = 1234;
  metrics.files = 1'234'567;
  metrics.stat_calls = 1;
  metrics.list_calls = 2;
  metrics.matches = 3;
  metrics.unreadable = 4;
  metrics.listed = {.unknown = 5, .moved = 6, .untrusted = 7, .unreadable = 8};
  metrics.relisted = {{"a\nb", "inode"}, {"\xff", "change time"}};
  metrics.blocks_read = 9;
  metrics.blocks_copied = 10;
  metrics.blocks_encoded = 11;
  metrics.bytes_read = 12;
  metrics.bytes_written = 13;
  metrics.threads = 14;
  metrics.cache = CacheState::kWarm;
  metrics.cache_reason = "ok";
  metrics.database_written = true;
  metrics.phases = {{"load", 1'500'000}, {"query", 2}};
  return metrics;
}

TEST(Report, AMessageIsOneHarmlessLine) {
  FakeStream err;
  Report(err).Line("a\nb\x1b[0m: \xff");
  EXPECT_EQ(err.text, "finder: a?b?[0m: ?\n");
}

TEST(Report, FewDiagnosticsAreAllPrinted) {
  FakeStream err;
  Diagnostics diagnostics;
  diagnostics.Add("b", "Permission denied");
  diagnostics.Add("a", "Input/output error");
  Report(err).Print(diagnostics);
  EXPECT_EQ(err.text,
            "finder: a: Input/output error\nfinder: b: Permission denied\n");
}

TEST(Report, ManyDiagnosticsAreCapped) {
  FakeStream err;
  Diagnostics diagnostics;
  for (int i = 100; i < 125; ++i) {
    diagnostics.Add(std::to_string(i), "Permission denied");
  }
  Report(err).Print(diagnostics);
  EXPECT_THAT(err.text, HasSubstr("finder: 119: Permission denied\n"
                                  "finder: and 5 more\n"));
}

TEST(Report, ALostStandardErrorIsNoFailure) {
  FakeStream err;
  err.write_error = 9;
  Report(err).Line("x");
  EXPECT_EQ(err.text, "");
}

TEST(Report, AColdRunHasAReason) {
  FakeStream err;
  Metrics metrics;
  metrics.cache_reason = "no database yet";
  Report(err).PrintCacheUse(metrics);
  EXPECT_EQ(err.text, "finder: cold run: no database yet\n");
}

TEST(Report, AWarmRunNamesWhatWasListedAgain) {
  FakeStream err;
  Report(err).PrintCacheUse(SomeMetrics());
  EXPECT_EQ(err.text,
            "finder: warm run: 1234 directories, 2 listed, 5 of them new\n"
            "finder: listed again: a?b: inode\n"
            "finder: listed again: ?: change time\n"
            "finder: and 11 more\n");
}

TEST(StatsTable, NamesWhatWasListedAgainAndCountsTheRest) {
  const std::string table = StatsTable(SomeMetrics());
  EXPECT_THAT(table, HasSubstr("  again                 inode  a?b\n"));
  EXPECT_THAT(table, HasSubstr("  again                    11  more\n"));
}

TEST(StatsJson, KeysAndTheirOrderAreStable) {
  EXPECT_EQ(StatsJson(SomeMetrics()),
            "{\"directories\":1234,\"files\":1234567,\"stat_calls\":1,"
            "\"list_calls\":2,\"matches\":3,\"cache\":\"warm\","
            "\"cache_reason\":\"ok\",\"database_written\":true,"
            "\"listed\":{\"unknown\":5,\"moved\":6,\"untrusted\":7,"
            "\"unreadable\":8},"
            "\"relisted\":[{\"path\":\"a\\nb\",\"reason\":\"inode\"},"
            "{\"path_bytes\":\"/w==\",\"reason\":\"change time\"}],"
            "\"unreadable\":4,\"blocks_read\":9,\"blocks_copied\":10,"
            "\"blocks_encoded\":11,\"bytes_read\":12,\"bytes_written\":13,"
            "\"threads\":14,\"phases\":{\"load\":1500000,\"query\":2},"
            "\"entries_asked\":0}\n");
}

TEST(StatsJson, OfNothingIsComplete) {
  EXPECT_THAT(StatsJson(Metrics()),
              StartsWith("{\"directories\":0,\"files\":0,\"stat_calls\":0,"
                         "\"list_calls\":0,\"matches\":0,\"cache\":\"cold\","));
  EXPECT_THAT(StatsJson(Metrics()), HasSubstr("\"relisted\":[],"));
  EXPECT_THAT(StatsJson(Metrics()),
              HasSubstr("\"phases\":{},\"entries_asked\":0}\n"));
}

TEST(StatsTable, NumbersAreReadable) {
  const std::string table = StatsTable(SomeMetrics());
  EXPECT_THAT(table, HasSubstr("files               1,234,567\n"));
  EXPECT_THAT(table, HasSubstr("load                     1.50  ms\n"));
  EXPECT_THAT(table, HasSubstr("a?b\n"));
}

}  // namespace
}  // namespace finder
