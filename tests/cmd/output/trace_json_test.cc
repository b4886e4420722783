#include "cmd/output/trace_json.h"

#include <cstdint>
#include <string>

#include "cmd/version.h"
#include "fs/fake/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

using Kind = Trace::Kind;

TEST(TraceSpan, EndsWithItsScope) {
  FakeClock clock;
  Trace trace(clock);
  const int64_t begin_ns = clock.BoottimeNs();
  {
    TraceSpan span(&trace, 3, Kind::kDetail, "block");
    span.SetCount("bytes", 7);
    clock.Advance(5);
    EXPECT_TRUE(trace.spans(3).empty());
  }
  ASSERT_EQ(trace.spans(3).size(), 1u);
  const Trace::Span& span = trace.spans(3).front();
  EXPECT_EQ(span.name, "block");
  EXPECT_EQ(span.count_name, "bytes");
  EXPECT_EQ(span.count, 7u);
  EXPECT_EQ(span.begin_ns, begin_ns);
  EXPECT_EQ(span.end_ns, begin_ns + 5);
}

TEST(TraceSpan, ThreadsBeyondTheMostNoteNothing) {
  FakeClock clock;
  Trace trace(clock);
  const std::string before = TraceJson(trace);
  {
    const TraceSpan next(&trace, Trace::kMostThreads, Kind::kDetail, "block");
    const TraceSpan far(&trace, 1u << 31, Kind::kDetail, "block");
  }
  EXPECT_EQ(TraceJson(trace), before);
}

TEST(TraceJson, NamesProcessAndThreadsAndCountsMicroseconds) {
  FakeClock clock;
  Trace trace(clock);
  {
    const TraceSpan phase(&trace, 0, Kind::kPhase, "load");
    clock.Advance(1'500);
    TraceSpan block(&trace, 2, Kind::kDetail, "block");
    block.SetCount("bytes", 42);
    clock.Advance(2'000'001);
  }
  EXPECT_EQ(TraceJson(trace),
            R"({"displayTimeUnit":"ms","traceEvents":[
{"ph":"M","pid":1,"tid":1,"name":"process_name","args":{"name":"finder )" +
                std::string(kVersion) + R"("}},
{"ph":"M","pid":1,"tid":1,"name":"thread_name","args":{"name":"main"}},
{"ph":"X","pid":1,"tid":1,"ts":0.000,"dur":2001.501,"cat":"phase","name":"load"},
{"ph":"M","pid":1,"tid":3,"name":"thread_name","args":{"name":"worker 2"}},
{"ph":"X","pid":1,"tid":3,"ts":1.500,"dur":2000.001,"cat":"detail","name":"block","args":{"bytes":42}}
]}
)");
}

TEST(TraceJson, AnOuterSpanComesFirstEvenIfNoTimePasses) {
  FakeClock clock;
  Trace trace(clock);
  {
    const TraceSpan outer(&trace, 0, Kind::kPhase, "outer");
    const TraceSpan inner(&trace, 0, Kind::kWork, "inner");
  }
  const std::string json = TraceJson(trace);
  EXPECT_LT(json.find("\"outer\""), json.find("\"inner\""));
}

TEST(TraceJson, NothingNotedIsAnEmptyTrace) {
  FakeClock clock;
  const Trace trace(clock);
  EXPECT_THAT(TraceJson(trace),
              HasSubstr(std::string(kVersion) + "\"}}\n]}\n"));
}

}  // namespace
}  // namespace finder
