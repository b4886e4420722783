#include "finder/results/command_outputs.h"

#include <errno.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/fake/fake_machine.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Paths = std::vector<std::string>;

constexpr int64_t kOld = 1'000'000'000;

// Payloads in memory and, above a few bytes, in a file of the disk.
class Payloads : public PayloadReader {
 public:
  absl::Status Check(FileHashes&, const std::vector<size_t>& which) override {
    checked = which;
    return damaged ? absl::DataLossError("damaged") : absl::OkStatus();
  }
  PayloadPlace Place(size_t i) const override {
    const auto found = files.find(i);
    if (found == files.end()) return {};
    return {.path = found->second, .offset = 0, .size_bytes = 0, .alone = true};
  }
  absl::StatusOr<std::string> Read(size_t i) const override {
    return bytes.at(i);
  }

  std::map<size_t, std::string> bytes;
  std::map<size_t, std::string> files;
  std::vector<size_t> checked;
  bool damaged = false;
};

class OutputFilesTest : public testing::Test {
 protected:
  OutputFilesTest() {
    tree_.MakeDirectories("/work");
    machine_.SetWorkingDirectory("/work");
    Tick();
  }

  void Tick() { clock_.Advance(10'000'000'000); }
  CommandOutputs Outputs(OutsideOutputs outside = OutsideOutputs::kRefused) {
    hashes_ = std::make_unique<FileHashes>(machine_.files(), clock_,
                                           machine_.machine().host, pool_, "");
    return CommandOutputs(machine_.files(), machine_.outputs(), *hashes_,
                          outside);
  }
  // A tree of all kinds below /work/gen.
  void MakeOutputs() {
    tree_.WriteFile("/work/gen/a.c", "int a;");
    tree_.WriteFile("/work/gen/sub/empty", "");
    tree_.WriteFile("/work/gen/sub/n\xff\n", "odd");
    tree_.MakeDirectories("/work/gen/none");
    tree_.Symlink("../nowhere", "/work/gen/link");
    tree_.Chmod("/work/gen/a.c", 0750);
    tree_.Chmod("/work/gen/none", 0711);
    for (const char* path : {"/work/gen/a.c", "/work/gen/link",
                             "/work/gen/none", "/work/gen/sub", "/work/gen"}) {
      tree_.SetModifiedTime(path, kOld);
    }
    Tick();
  }
  // Collects what is declared, and keeps the payloads.
  ResultRecord Collect(const Paths& declared) {
    CollectedOutputs collected = Outputs().Collect(declared);
    EXPECT_THAT(collected.problems, ElementsAre());
    for (size_t i = 0; i < collected.payloads.size(); ++i) {
      payloads_.bytes[i + 1] =
          tree_.ReadFile("/work/" + collected.payloads[i].path);
    }
    ResultRecord record;
    record.outputs = std::move(collected.outputs);
    return record;
  }
  absl::StatusOr<RestoreCounts> Restore(const ResultRecord& record,
                                        const ResultRecord* last = nullptr) {
    const Paths declared = {"gen"};
    return Outputs().Restore(record, payloads_, false, declared, last);
  }
  std::string Describe(const std::string& path) {
    if (!tree_.Exists(path)) return "missing";
    const FileStat stat = tree_.Stat(path);
    std::string text(1, static_cast<char>(stat.kind));
    text += " " + std::to_string(stat.permissions) + " ";
    if (stat.kind != EntryKind::kDirectory) text += tree_.ReadFile(path);
    return text + " " + (stat.modified_ns == kOld ? "old" : "new");
  }
  Paths DescribeAll() {
    Paths all;
    for (const char* path : {"gen", "gen/a.c", "gen/link", "gen/none",
                             "gen/sub", "gen/sub/empty", "gen/sub/n\xff\n"}) {
      all.push_back(Describe("/work/" + std::string(path)));
    }
    return all;
  }

  FakeClock clock_;
  FakeTree tree_{&clock_};
  FakeMachine machine_{&tree_, &clock_};
  ThreadPool pool_{1};
  std::unique_ptr<FileHashes> hashes_;
  Payloads payloads_;
};

TEST_F(OutputFilesTest, CollectsFilesDirectoriesAndSymlinks) {
  MakeOutputs();
  const ResultRecord record = Collect({"gen", "gen/a.c"});
  Paths paths;
  for (const RecordedOutput& output : record.outputs) {
    paths.push_back(output.path);
  }
  EXPECT_THAT(paths,
              ElementsAre("gen", "gen/a.c", "gen/link", "gen/none", "gen/sub",
                          "gen/sub/empty", "gen/sub/n\xff\n"));
  const RecordedOutput& file = record.outputs[1];
  EXPECT_EQ(file.kind, OutputKind::kFile);
  EXPECT_EQ(file.permissions, 0750u);
  EXPECT_EQ(file.modified_ns, kOld);
  EXPECT_EQ(file.size_bytes, 6u);
  EXPECT_EQ(file.hash, HashOf("int a;"));
  EXPECT_EQ(record.outputs[2].target, "../nowhere");
}

TEST_F(OutputFilesTest, TellsWhatCannotBeCollected) {
  tree_.MakePipe("/work/pipe");
  tree_.MakeDirectories("/other");
  tree_.WriteFile("/other/file");
  tree_.Symlink("/other", "/work/link");
  tree_.WriteFile("/work/suid");
  tree_.Chmod("/work/suid", 04755);
  const auto problem = [this](const std::string& path) {
    const Paths declared = {path};
    const Paths problems = Outputs().Collect(declared).problems;
    return problems.empty() ? "" : problems[0];
  };
  EXPECT_EQ(problem("none"), "none: missing");
  EXPECT_THAT(problem("pipe"), HasSubstr("is no file"));
  EXPECT_EQ(problem("link/file"), "link/file: is reached through a symlink");
  EXPECT_THAT(problem("suid"), HasSubstr("set-user-ID"));
  EXPECT_EQ(problem("link"), "");
}

TEST_F(OutputFilesTest, RestoresAllAsItWas) {
  MakeOutputs();
  const Paths before = DescribeAll();
  const ResultRecord record = Collect({"gen"});
  tree_.RemoveAll("/work/gen");
  Tick();
  const auto counts = Restore(record);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(DescribeAll()[1], before[1]);
  // The times of files that were not set are those of the collection, too.
  EXPECT_EQ(DescribeAll(), before);
  EXPECT_EQ(counts->in_place, 0u);
}

TEST_F(OutputFilesTest, TouchesNothingThatIsRight) {
  MakeOutputs();
  const ResultRecord record = Collect({"gen"});
  machine_.files().calls().Reset();
  const auto counts = Restore(record);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->in_place, record.outputs.size());
  EXPECT_EQ(machine_.files().calls().counters().writes(), 0);
  EXPECT_THAT(payloads_.checked, ElementsAre());
}

TEST_F(OutputFilesTest, RestoresOnlyWhatIsNotRight) {
  MakeOutputs();
  const Paths before = DescribeAll();
  const ResultRecord record = Collect({"gen"});
  tree_.WriteFile("/work/gen/a.c", "int b;");
  tree_.RemoveAll("/work/gen/link");
  tree_.WriteFile("/work/gen/link", "a file");
  tree_.Chmod("/work/gen/none", 0700);
  Tick();
  const auto counts = Restore(record);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->in_place, 5u);
  EXPECT_THAT(payloads_.checked, ElementsAre(1));
  EXPECT_EQ(DescribeAll(), before);
}

TEST_F(OutputFilesTest, LargePayloadsAreClonedOrCopiedAndNeverLinked) {
  MakeOutputs();
  const ResultRecord record = Collect({"gen/a.c"});
  tree_.WriteFile("/cache/payload", "int a;");
  payloads_.files[1] = "/cache/payload";
  machine_.outputs().AllowClones();
  tree_.RemoveAll("/work/gen");
  const auto counts = Restore(record);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->cloned, 1u);
  EXPECT_EQ(tree_.Stat("/work/gen/a.c").links, 1u);
  EXPECT_NE(tree_.Stat("/work/gen/a.c").inode,
            tree_.Stat("/cache/payload").inode);
}

TEST_F(OutputFilesTest, ADamagedPayloadIsKnownBeforeAnythingIsTouched) {
  MakeOutputs();
  const ResultRecord record = Collect({"gen"});
  tree_.RemoveAll("/work/gen");
  payloads_.damaged = true;
  machine_.files().calls().Reset();
  EXPECT_TRUE(absl::IsDataLoss(Restore(record).status()));
  EXPECT_EQ(machine_.files().calls().counters().writes(), 0);
}

TEST_F(OutputFilesTest, NothingIsWrittenThroughAPlantedSymlink) {
  MakeOutputs();
  const ResultRecord record = Collect({"gen"});
  tree_.RemoveAll("/work/gen/sub");
  tree_.MakeDirectories("/victim");
  tree_.Symlink("/victim", "/work/gen/sub");
  const auto refused = Restore(record).status();
  EXPECT_THAT(std::string(refused.message()), HasSubstr("gen/sub"));
  EXPECT_THAT(tree_.Names("/victim"), ElementsAre());
  tree_.RemoveAll("/work/gen");
  tree_.Symlink("/victim", "/work/gen");
  EXPECT_FALSE(Restore(record).ok());
  EXPECT_THAT(tree_.Names("/victim"), ElementsAre());
}

TEST_F(OutputFilesTest, ADirectoryIsNotReplacedByAFile) {
  MakeOutputs();
  const ResultRecord record = Collect({"gen/a.c"});
  tree_.RemoveAll("/work/gen/a.c");
  tree_.WriteFile("/work/gen/a.c/precious");
  EXPECT_FALSE(Restore(record).ok());
  EXPECT_TRUE(tree_.Exists("/work/gen/a.c/precious"));
}

TEST_F(OutputFilesTest, WhatTheLastResultHadMadeGoesAndNothingElse) {
  MakeOutputs();
  tree_.WriteFile("/work/gen/edited.c", "made");
  Tick();
  const ResultRecord last = Collect({"gen"});
  tree_.RemoveAll("/work/gen/sub");
  tree_.RemoveAll("/work/gen/edited.c");
  Tick();
  const ResultRecord record = Collect({"gen"});
  tree_.WriteFile("/work/gen/sub/empty", "");
  tree_.WriteFile("/work/gen/edited.c", "mine");
  tree_.WriteFile("/work/gen/users.c", "mine");
  Tick();
  const auto counts = Restore(record, &last);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->removed, 2u);  // gen/sub and gen/sub/empty
  EXPECT_THAT(tree_.Names("/work/gen"),
              ElementsAre("a.c", "edited.c", "link", "none", "users.c"));
}

// Dies at every call that changes the disk.
TEST_F(OutputFilesTest, ACrashLeavesOldOrNewAndTheNextRunNotices) {
  MakeOutputs();
  const Paths before = DescribeAll();
  const ResultRecord record = Collect({"gen"});
  for (int n = 1;; ++n) {
    tree_.RemoveAll("/work/gen");
    tree_.WriteFile("/work/gen/a.c", "older");
    Tick();
    machine_.files().calls().FailNthWrite(n, EIO,
                                          FakeCalls::Lasting::kFromThenOn);
    const bool survived = Restore(record).ok();
    machine_.files().calls().ClearFaults();
    const std::string file = tree_.ReadFile("/work/gen/a.c");
    EXPECT_TRUE(file == "older" || file == "int a;") << n;
    Tick();
    ASSERT_TRUE(Restore(record).ok()) << n;
    Paths after = DescribeAll();
    // The time of the directory that was there is not what counts.
    after[0] = before[0];
    EXPECT_EQ(after[1], before[1]) << n;
    EXPECT_EQ(after[6].substr(0, 9), before[6].substr(0, 9)) << n;
    if (survived) break;
  }
}

TEST_F(OutputFilesTest, OutsideOfTheWorkingDirectoryOnlyIfAllowed) {
  tree_.WriteFile("/other/out", "x");
  const Paths declared = {"/other/out"};
  CommandOutputs outputs = Outputs(OutsideOutputs::kAllowed);
  CollectedOutputs collected = outputs.Collect(declared);
  EXPECT_THAT(collected.problems, ElementsAre());
  ResultRecord record;
  record.outputs = collected.outputs;
  payloads_.bytes[1] = "x";
  tree_.RemoveAll("/other/out");
  ASSERT_TRUE(
      outputs.Restore(record, payloads_, false, declared, nullptr).ok());
  EXPECT_EQ(tree_.ReadFile("/other/out"), "x");
}

}  // namespace
}  // namespace finder
