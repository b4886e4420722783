// --trace of a whole run against a disk in memory: what a viewer relies on.

#include <errno.h>
#include <simdjson.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/search/search_command.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_background_process.h"
#include "fs/fake/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

// Each look at it takes a microsecond.
class SlowClock final : public FakeClock {
 public:
  int64_t BoottimeNs() override {
    Advance(1000);
    return FakeClock::BoottimeNs();
  }
};

struct Event {
  std::string category;
  std::string name;
  double begin = 0;
  double end = 0;
};

// What a trace file holds, by thread. Anything odd in it is a failure.
struct Events {
  std::map<int64_t, std::vector<Event>> threads;
  std::map<int64_t, std::string> names;

  std::set<std::string> NamesOf(std::string_view category) const {
    std::set<std::string> found;
    for (const auto& [thread, events] : threads) {
      for (const Event& event : events) {
        if (event.category == category) found.insert(event.name);
      }
    }
    return found;
  }
};

void AddSpan(const simdjson::dom::element& json, Events& events) {
  Event event;
  event.category = std::string(json["cat"].get_string().value());
  event.name = std::string(json["name"].get_string().value());
  event.begin = json["ts"].get_double().value();
  const double duration = json["dur"].get_double().value();
  EXPECT_GE(event.begin, 0);
  EXPECT_GE(duration, 0);
  event.end = event.begin + duration;
  events.threads[json["tid"].get_int64().value()].push_back(event);
}

Events Parse(const std::string& text) {
  Events events;
  simdjson::dom::parser parser;
  const simdjson::dom::element file = parser.parse(text);
  for (const simdjson::dom::element json : file["traceEvents"]) {
    const std::string_view phase = json["ph"].get_string().value();
    EXPECT_EQ(json["pid"].get_int64().value(), 1);
    EXPECT_GT(json["tid"].get_int64().value(), 0);
    if (phase == "X") {
      AddSpan(json, events);
    } else {
      EXPECT_EQ(phase, "M");
      if (json["name"].get_string().value() != "thread_name") continue;
      events.names[json["tid"].get_int64().value()] =
          std::string(json["args"]["name"].get_string().value());
    }
  }
  return events;
}

// A viewer takes for the inner span what begins later and ends earlier.
void ExpectNested(const std::vector<Event>& events) {
  std::vector<Event> open;
  for (const Event& event : events) {
    while (!open.empty() && open.back().end <= event.begin) open.pop_back();
    if (!open.empty()) {
      EXPECT_LE(event.end, open.back().end)
          << event.name << " in " << open.back().name;
    }
    open.push_back(event);
  }
}

class TraceTest : public CommandTest {
 protected:
  TraceTest() {
    for (int i = 0; i < 200; ++i) {
      tree_.AddTree(absl::StrCat("f src/", i, "/lib/a.c\n"), "/work");
    }
    clock_.Advance(int64_t{3'600'000'000'000});
    slow_clock_.Advance(int64_t{3'600'000'000'000});
  }

  ExitCode Run(const std::vector<std::string>& arguments) {
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    Program program = NewProgramWithCache();
    program.clock = &slow_clock_;
    return Search(*command, program);
  }

  Events Traced(const std::vector<std::string>& arguments) {
    std::vector<std::string> traced = {"--trace", "/work/trace.json", "src"};
    traced.insert(traced.end(), arguments.begin(), arguments.end());
    EXPECT_EQ(Run(traced), ExitCode::kDone);
    EXPECT_EQ(err_.text, "");
    return Parse(tree_.ReadFile("/work/trace.json"));
  }

  SlowClock slow_clock_;
};

TEST_F(TraceTest, EveryPhaseAndItsWorkIsThere) {
  const Events cold = Traced({"-j1"});
  EXPECT_THAT(cold.NamesOf("phase"),
              IsSupersetOf({"finder", "load", "scan", "query", "save"}));
  EXPECT_THAT(cold.NamesOf("work"),
              IsSupersetOf({"explore", "answer", "save"}));
  clock_.Advance(int64_t{3'600'000'000'000});
  const Events warm = Traced({"-j1"});
  EXPECT_THAT(warm.NamesOf("phase"), IsSupersetOf({"load", "verify", "query"}));
  EXPECT_THAT(warm.NamesOf("work"), IsSupersetOf({"load", "verify", "answer"}));
  EXPECT_THAT(warm.NamesOf("detail"), IsSupersetOf({"block"}));
}

TEST_F(TraceTest, SpansAreNestedAndThreadsNamed) {
  for (const char* threads : {"-j1", "-j4"}) {
    for (int run = 0; run < 2; ++run) {
      const Events events = Traced({threads});
      ASSERT_TRUE(events.threads.contains(1));
      EXPECT_EQ(events.threads.at(1).front().name, "finder");
      for (const auto& [thread, spans] : events.threads) {
        ExpectNested(spans);
        EXPECT_EQ(events.names.at(thread),
                  thread == 1 ? "main" : absl::StrCat("worker ", thread - 1));
      }
      clock_.Advance(int64_t{3'600'000'000'000});
    }
  }
}

TEST_F(TraceTest, TheWorkOfAThreadLiesWithinItsPhase) {
  const Events events = Traced({"-j4"});
  double begin = 0;
  double end = 0;
  for (const Event& event : events.threads.at(1)) {
    if (event.category != "phase" || event.name != "scan") continue;
    begin = event.begin;
    end = event.end;
  }
  ASSERT_LT(begin, end);
  for (const auto& [thread, spans] : events.threads) {
    for (const Event& event : spans) {
      if (event.name != "explore") continue;
      EXPECT_GE(event.begin, begin);
      EXPECT_LE(event.end, end);
    }
  }
}

TEST_F(TraceTest, WithoutTheOptionTheClockIsHardlyAsked) {
  Run({"-j1", "--no-cache", "src"});
  const int64_t before_ns = clock_.FakeClock::BoottimeNs();
  Run({"-j1", "--no-cache", "src"});
  const int64_t without_ns = clock_.FakeClock::BoottimeNs() - before_ns;
  // Two looks a phase, and what the scan itself wants to know.
  EXPECT_LT(without_ns, 20 * 1000);
}

TEST_F(TraceTest, APlaceThatCannotBeWrittenIsAnErrorBeforeTheScan) {
  EXPECT_EQ(Run({"--trace", "/nowhere/trace.json", "src"}), ExitCode::kFailed);
  EXPECT_EQ(err_.text,
            "finder: /nowhere/trace.json: No such file or directory\n");
  EXPECT_EQ(out_.text, "");
  EXPECT_EQ(files().calls().counters().list, 0);
}

TEST_F(TraceTest, AFullDiskIsAnError) {
  files().calls().FailNthWrite(1, ENOSPC);
  EXPECT_EQ(Run({"--no-cache", "--trace", "/work/trace.json", "src"}),
            ExitCode::kFailed);
  EXPECT_EQ(err_.text, "finder: /work/trace.json: No space left on device\n");
  EXPECT_THAT(out_.text, HasSubstr("src/0/lib/a.c\n"));
  EXPECT_FALSE(tree_.Exists("/work/trace.json"));
}

TEST_F(TraceTest, TheListIsNoPlaceForIt) {
  EXPECT_EQ(Run({"-o", "/work/list", "--trace", "list", "src"}),
            ExitCode::kFailed);
  EXPECT_EQ(err_.text, "finder: list: named for --trace and as an output\n");
}

}  // namespace
}  // namespace finder
