// Databases of Android Soong's finder: what the Go tool wrote is read without a
// single list, and what we write is what it would have written.
// doc/database_format.md, "The Soong format"; testdata/README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

std::string ReadTestdata(const std::string& name) {
  std::ifstream file("testdata/soong/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

// The stamps in sample.db.
struct Stamp {
  const char* path;
  int64_t change_ns;
  uint64_t inode;
};
constexpr Stamp kStamps[] = {
    {"", 1795221476402609482, 12396321},
    {"/a", 1795221476415529315, 12396331},
    {"/a/b c", 1795221476403529314, 12396332},
    {"/a/b c/d&e", 1795221476403529314, 12396333},
    {"/empty", 1795221476399529314, 12396337},
    {"/pruned", 1795221476411529315, 12396341},
    {"/q'uote", 1795221476407529314, 12396336},
    {"/ünï", 1795221476411529315, 12396334},
    {"/ünï/<x>", 1795221476407529314, 12396335},
};
constexpr char kRoot[] = "/src/tree";

class Soong : public testing::Test {
 protected:
  Soong() {
    machine_.clock.SetRealtimeNs(1795221476'000000000);
    machine_.tree.AddTree(ReadTestdata("sample.tree"), kRoot);
    machine_.tree.SetDevice(kRoot, 65024);
    for (const Stamp& stamp : kStamps) {
      machine_.tree.SetStamp(std::string(kRoot) + stamp.path, stamp.inode,
                             stamp.change_ns);
    }
    machine_.working_directory = kRoot;
    machine_.files.SetWorkingDirectory(kRoot);
    machine_.clock.Advance(3600 * kSecondNs);
    machine_.tree.WriteFile(FinderFixture::kDatabase,
                            ReadTestdata("sample.db"));
  }

  static View SampleView() {
    View view = FinderFixture::ViewOf({"."});
    view.exclude_dirs = {".git", "out"};
    view.prune_files = {".find-ignore", ".out-dir"};
    view.keep.names = {"Android.bp", "Android.mk", "link.mk", "dangling.mk",
                       "dirlink.mk"};
    return view;
  }

  RunResult Write(const View& view) {
    Options options = FinderFixture::OptionsOf(view);
    options.cache = CacheUse::kRefresh;
    options.format = DatabaseFormat::kSoong;
    return machine_.Run(options);
  }

  std::string Database() {
    return machine_.tree.ReadFile(FinderFixture::kDatabase);
  }

  // As the Go tool prints: with absolute paths and no types.
  static std::string Printed(const RunResult& run) {
    std::string text;
    for (const std::string& line : run.lines) {
      text += std::string(kRoot) + "/" + line.substr(2) + "\n";
    }
    return text;
  }

  // `text` with the names of each directory sorted; the Go tool leaves them in
  // the order of the directory.
  static std::string WithSortedNames(std::string text) {
    constexpr std::string_view kKey = "\"F\":[";
    for (size_t at = 0; (at = text.find(kKey, at)) != std::string::npos;) {
      at += kKey.size();
      const size_t end = text.find(']', at);
      std::vector<std::string> names;
      for (size_t begin = at; begin < end;) {
        const size_t comma = std::min(text.find(',', begin), end);
        names.push_back(text.substr(begin, comma - begin));
        begin = comma + 1;
      }
      std::sort(names.begin(), names.end());
      std::string sorted;
      for (const std::string& name : names) {
        sorted += (sorted.empty() ? "" : ",") + name;
      }
      text.replace(at, end - at, sorted);
    }
    return text;
  }

  FinderFixture machine_;
};

TEST_F(Soong, TheSampleIsReadWithoutAList) {
  const RunResult run = machine_.Warm(SampleView());
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm) << run.metrics.cache_reason;
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(Printed(run), ReadTestdata("sample.out"));
  EXPECT_FALSE(run.metrics.database_written);
}

TEST_F(Soong, TheSameFactsAreWrittenAsTheGoToolWroteThem) {
  ASSERT_EQ(machine_.host.processors, 2u) << "as where the sample was made";
  Write(SampleView());
  EXPECT_EQ(Database(), WithSortedNames(ReadTestdata("sample.db")));
}

TEST_F(Soong, WhatIsWrittenIsReadAgainWithoutAList) {
  Write(SampleView());
  machine_.clock.Advance(3600 * kSecondNs);
  const RunResult run = machine_.Warm(SampleView());
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm) << run.metrics.cache_reason;
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(Printed(run), ReadTestdata("sample.out"));
}

TEST_F(Soong, AMovedStampIsListedAgain) {
  machine_.tree.WriteFile(std::string(kRoot) + "/empty/Android.mk");
  const RunResult run = machine_.Warm(SampleView());
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_EQ(run.lines, machine_.Cold(SampleView()).lines);
}

TEST_F(Soong, StampsThatWereFreshWhenItWasWrittenAreNotTrusted) {
  machine_.tree.WriteFile(std::string(kRoot) + "/empty/Android.mk");
  Write(SampleView());
  const RunResult run = machine_.Warm(SampleView());
  EXPECT_EQ(run.calls.list, 1);
}

TEST_F(Soong, AnotherConfigurationIsCold) {
  View view = SampleView();
  view.exclude_dirs.pop_back();
  const RunResult run = machine_.Warm(view);
  EXPECT_EQ(run.metrics.cache, CacheState::kCold);
  EXPECT_EQ(run.metrics.cache_reason,
            "Soong database was made for another configuration");
  EXPECT_EQ(run.lines, machine_.Cold(view).lines);
}

TEST_F(Soong, WhatItDoesNotKnowStaysUnknownInANativeDatabase) {
  machine_.tree.WriteFile(std::string(kRoot) + "/empty/Android.mk");
  ASSERT_TRUE(machine_.Warm(SampleView()).metrics.database_written);
  ASSERT_TRUE(Database().starts_with("finder database 3\n"));
  EXPECT_EQ(machine_.Warm(SampleView()).metrics.cache, CacheState::kWarm);
  View view = SampleView();
  view.exclude_dirs.clear();
  const RunResult run = machine_.Warm(view);
  EXPECT_EQ(run.metrics.cache, CacheState::kCold);
  EXPECT_EQ(run.lines, machine_.Cold(view).lines);
}

TEST_F(Soong, AFileNameThatIsNotUtf8IsListedAgain) {
  const std::string directory = std::string(kRoot) + "/odd";
  machine_.tree.WriteFile(directory + "/caf\xe9.mk");
  machine_.tree.WriteFile(directory + "/plain.mk");
  machine_.clock.Advance(3600 * kSecondNs);
  View view = SampleView();
  view.keep = {.names = {}, .suffixes = {".mk"}};
  Write(view);
  machine_.clock.Advance(3600 * kSecondNs);
  const RunResult run = machine_.Warm(view);
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_EQ(run.lines, machine_.Cold(view).lines);
}

TEST_F(Soong, ADirectoryNameThatIsNotUtf8IsFoundAgain) {
  machine_.tree.WriteFile(std::string(kRoot) + "/d\xe9r/sub/Android.bp");
  machine_.tree.WriteFile(std::string(kRoot) + "/d\xe8r/sub/Android.bp");
  machine_.clock.Advance(3600 * kSecondNs);
  Write(SampleView());
  machine_.clock.Advance(3600 * kSecondNs);
  const RunResult run = machine_.Warm(SampleView());
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.lines, machine_.Cold(SampleView()).lines);
  EXPECT_EQ(
      std::count(run.lines.begin(), run.lines.end(), "f d\xe9r/sub/Android.bp"),
      1);
}

TEST_F(Soong, ACutIsNoticedWhereTheFormatAllows) {
  const std::string good = ReadTestdata("sample.db");
  const std::vector<std::string> answer = machine_.Cold(SampleView()).lines;
  for (size_t size = 0; size < good.size(); ++size) {
    // A file that ends with a whole line looks complete.
    if (good[size] == '\n') continue;
    machine_.tree.WriteFile(FinderFixture::kDatabase, good.substr(0, size));
    const RunResult run = machine_.Warm(SampleView());
    EXPECT_TRUE(run.status.ok());
    EXPECT_EQ(run.lines, answer) << "cut at " << size;
  }
}

// The format has no sums, so that most flips cannot be told from the truth.
TEST_F(Soong, AFlippedByteDoesNotStopTheRun) {
  const std::string good = ReadTestdata("sample.db");
  for (size_t at = 0; at < good.size(); ++at) {
    std::string text = good;
    text[at] = static_cast<char>(text[at] ^ 0x40);
    machine_.tree.WriteFile(FinderFixture::kDatabase, text);
    EXPECT_TRUE(machine_.Warm(SampleView()).status.ok());
  }
}

}  // namespace
}  // namespace finder
