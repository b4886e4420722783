// Promise 4 of doc/consistency.md: a database that is damaged, foreign, too new
// or out of reach means a cold run with the right answer, never a crash, a
// wrong answer or a failed run; and damage anywhere is noticed.
#include <errno.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

class Damage : public testing::Test {
 protected:
  Damage() {
    machine_.tree.AddTree(
        "f a.c\nf dir/caf\xe9.c\nf dir/sub/x.h\nl link -> a.c\nd empty\n",
        "/src");
    machine_.Age();
    answer_ = machine_.Cold(view_).lines;
    good_ = MakeDatabase();
  }

  std::string MakeDatabase() {
    Options options = FinderFixture::OptionsOf(view_);
    options.cache = CacheUse::kRefresh;
    EXPECT_TRUE(machine_.Run(options).metrics.database_written);
    machine_.Age();
    return machine_.tree.ReadFile(FinderFixture::kDatabase);
  }

  // Gives every block of the database a directory with a listing that fills it.
  void MakeSeveralBlocks() {
    for (const char* directory : {"/src/b", "/src/dir/m", "/src/z"}) {
      for (int i = 0; i < 540; ++i) {
        std::string name = std::to_string(i);
        name.resize(250, 'f');
        machine_.tree.WriteFile(std::string(directory) + "/" + name);
      }
    }
    machine_.Age();
    answer_ = machine_.Cold(view_).lines;
    good_ = MakeDatabase();
  }

  // With this database the answer is right, and `reason` is given for a cold
  // run.
  void ExpectCold(const std::string& text, std::string_view reason = "") {
    machine_.tree.WriteFile(FinderFixture::kDatabase, text);
    ExpectColdAsItIs(reason, text);
  }

  void ExpectColdAsItIs(std::string_view reason, const std::string& what = "") {
    const RunResult run = machine_.Warm(view_);
    EXPECT_TRUE(run.status.ok()) << run.status;
    EXPECT_EQ(run.lines, answer_) << what;
    EXPECT_EQ(run.metrics.cache, CacheState::kCold) << what;
    EXPECT_NE(run.metrics.cache_reason.find(reason), std::string::npos)
        << run.metrics.cache_reason;
  }

  static std::vector<std::string> LinesOf(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
      const size_t end = text.find('\n') + 1;
      lines.emplace_back(text.substr(0, end));
      text.remove_prefix(end);
    }
    return lines;
  }

  static std::string Joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line;
    return text;
  }

  const View view_ = FinderFixture::ViewOf({"/src"});
  FinderFixture machine_;
  std::vector<std::string> answer_;
  std::string good_;
};

TEST_F(Damage, NoneIsWarm) {
  const RunResult run = machine_.Warm(view_);
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.metrics.cache_reason, "ok");
  EXPECT_EQ(run.lines, answer_);
}

TEST_F(Damage, OfAnyByteIsNoticed) {
  for (size_t at = 0; at < good_.size(); ++at) {
    for (const int bits : {0x01, 0x20, 0x80}) {
      std::string text = good_;
      text[at] = static_cast<char>(text[at] ^ bits);
      ExpectCold(text);
    }
    std::string newline = good_;
    newline[at] = newline[at] == '\n' ? ' ' : '\n';
    ExpectCold(newline);
  }
}

TEST_F(Damage, ByACutAnywhereIsNoticed) {
  for (size_t size = 0; size < good_.size(); ++size) {
    ExpectCold(good_.substr(0, size));
  }
}

TEST_F(Damage, ByALostByteIsNoticed) {
  for (size_t at = 0; at < good_.size(); ++at) {
    std::string text = good_;
    text.erase(at, 1);
    ExpectCold(text);
  }
}

TEST_F(Damage, ByWhatFollowsIsNoticed) {
  for (const char* more : {"\n", "x", "{}\n", "\n\n", " "}) {
    ExpectCold(good_ + more);
  }
  ExpectCold(good_ + good_);
}

TEST_F(Damage, ByLostDoubledAndSwappedLinesIsNoticed) {
  MakeSeveralBlocks();
  const std::vector<std::string> lines = LinesOf(good_);
  ASSERT_GE(lines.size(), 6u) << "three blocks at least";
  for (size_t i = 0; i < lines.size(); ++i) {
    std::vector<std::string> lost = lines;
    lost.erase(lost.begin() + static_cast<int64_t>(i));
    ExpectCold(Joined(lost));
    std::vector<std::string> doubled = lines;
    doubled.insert(doubled.begin() + static_cast<int64_t>(i), lines[i]);
    ExpectCold(Joined(doubled));
    for (size_t k = i + 1; k < lines.size(); ++k) {
      std::vector<std::string> swapped = lines;
      std::swap(swapped[i], swapped[k]);
      ExpectCold(Joined(swapped));
    }
  }
}

TEST_F(Damage, BySplicingWithAnOlderDatabaseIsNoticed) {
  MakeSeveralBlocks();
  const std::vector<std::string> old_lines = LinesOf(good_);
  machine_.tree.Rename("/src/dir/sub/x.h", "/src/dir/sub/y.h");
  machine_.tree.Rename("/src/z", "/src/y");
  machine_.Age();
  answer_ = machine_.Cold(view_).lines;
  good_ = MakeDatabase();
  const std::vector<std::string> lines = LinesOf(good_);
  ASSERT_EQ(lines.size(), old_lines.size());
  for (size_t i = 1; i < lines.size(); ++i) {
    std::vector<std::string> spliced = lines;
    spliced[i] = old_lines[i];
    if (lines[i] != old_lines[i]) ExpectCold(Joined(spliced));
    const auto middle = static_cast<int64_t>(i);
    spliced.assign(lines.begin(), lines.begin() + middle);
    spliced.insert(spliced.end(), old_lines.begin() + middle, old_lines.end());
    if (spliced != old_lines) ExpectCold(Joined(spliced));
  }
}

TEST_F(Damage, EmptyFile) { ExpectCold("", "database is empty"); }

TEST_F(Damage, SomeOtherFile) {
  ExpectCold("#!/bin/sh\necho hello\n", "not a finder database");
  ExpectCold(std::string(100'000, '\0'), "not a finder database");
}

TEST_F(Damage, ANewerVersion) {
  std::string text = good_;
  text.replace(text.find("database 3"), 10, "database 4");
  ExpectCold(text, "another version: finder database 4");
}

TEST_F(Damage, NoFileYet) {
  machine_.tree.RemoveAll(FinderFixture::kDatabase);
  ExpectColdAsItIs("no database yet");
}

TEST_F(Damage, AnotherViewId) {
  machine_.host.name = "elsewhere";
  ExpectColdAsItIs("builder@example");
  EXPECT_EQ(machine_.Warm(view_).metrics.cache, CacheState::kWarm);
}

TEST_F(Damage, AnotherOwner) {
  machine_.tree.Chown(FinderFixture::kDatabase, 4711);
  machine_.tree.Chmod(FinderFixture::kDatabase, 0644);
  ExpectColdAsItIs("another user");
}

TEST_F(Damage, WritableByEverybody) {
  machine_.tree.Chmod(FinderFixture::kDatabase, 0666);
  ExpectColdAsItIs("");
}

TEST_F(Damage, AFileThatMayNotBeRead) {
  machine_.tree.Chmod(FinderFixture::kDatabase, 0);
  ExpectColdAsItIs("Permission denied");
}

TEST_F(Damage, ASymlinkIsNotFollowedAndIsReplaced) {
  machine_.tree.Rename(FinderFixture::kDatabase, "/db/elsewhere.db");
  machine_.tree.Symlink("elsewhere.db", FinderFixture::kDatabase);
  ExpectColdAsItIs("");
  EXPECT_EQ(machine_.tree.Stat(FinderFixture::kDatabase).kind,
            EntryKind::kFile);
  EXPECT_EQ(machine_.tree.ReadFile("/db/elsewhere.db"), good_);
}

TEST_F(Damage, AnErrorWhileReading) {
  for (int n = 1; n <= 5; ++n) {
    machine_.tree.WriteFile(FinderFixture::kDatabase, good_);
    machine_.files.calls().FailNthCall(Operation::kRead, n, EIO,
                                       FakeCalls::Lasting::kFromThenOn);
    const RunResult run = machine_.Warm(view_);
    EXPECT_TRUE(run.status.ok());
    EXPECT_EQ(run.lines, answer_);
    EXPECT_EQ(run.metrics.cache == CacheState::kWarm, n == 5) << n;
    machine_.files.calls().ClearFaults();
  }
}

TEST_F(Damage, ADirectoryInItsPlaceFailsOnlyTheWriting) {
  machine_.tree.RemoveAll(FinderFixture::kDatabase);
  machine_.tree.MakeDirectories(FinderFixture::kDatabase);
  const RunResult run = machine_.Warm(view_);
  EXPECT_TRUE(run.status.ok());
  EXPECT_EQ(run.lines, answer_);
  EXPECT_FALSE(run.metrics.database_written);
  EXPECT_EQ(std::string(run.saved.message()),
            "/db/finder.db: cannot write database: Is a directory");
}

TEST_F(Damage, AMissingOrUnwritableDirectoryFailsOnlyTheWriting) {
  machine_.tree.RemoveAll("/db");
  const RunResult missing = machine_.Warm(view_);
  EXPECT_EQ(missing.lines, answer_);
  EXPECT_FALSE(missing.saved.ok());
  machine_.tree.MakeDirectories("/db");
  machine_.tree.Chmod("/db", 0555);
  const RunResult unwritable = machine_.Warm(view_);
  EXPECT_EQ(unwritable.lines, answer_);
  EXPECT_FALSE(unwritable.saved.ok());
  EXPECT_FALSE(unwritable.metrics.database_written);
}

TEST_F(Damage, IsRepairedByTheNextRun) {
  ExpectCold(good_.substr(0, good_.size() / 2));
  machine_.Age();
  EXPECT_EQ(machine_.Warm(view_).metrics.cache, CacheState::kWarm);
}

}  // namespace
}  // namespace finder
