#include "cmd/run/run_stats.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

RunStats Sample() {
  RunStats stats;
  stats.outcome = "not kept";
  stats.reason = "a\x1b changed";
  stats.inputs = 1234;
  stats.restored.in_place = 2;
  stats.scan_ns = 1'500'000;
  return stats;
}

TEST(RunStats, TheKeysOfTheJsonFormAreAPromise) {
  EXPECT_EQ(RunStatsJson(Sample()),
            "{\"result\":\"not kept\",\"reason\":\"a? changed\","
            "\"inputs\":1234,\"hashes_known\":0,\"files_read\":0,"
            "\"bytes_read\":0,\"outputs_in_place\":2,\"outputs_cloned\":0,"
            "\"outputs_copied\":0,\"outputs_removed\":0,\"bytes_restored\":0,"
            "\"bytes_printed\":0,\"inputs_ms\":1.500,\"command_ms\":0.000,"
            "\"total_ms\":0.000}\n");
}

TEST(RunStats, TheTableIsForPeople) {
  const std::string table = RunStatsTable(Sample());
  EXPECT_THAT(table, HasSubstr("not kept  a? changed\n"));
  EXPECT_THAT(table, HasSubstr("1,234\n"));
  EXPECT_THAT(table, HasSubstr("1.5 ms\n"));
}

}  // namespace
}  // namespace finder
