// Databases of every version ever written are read or refused with a reason.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

constexpr char kDirectory[] = "testdata/databases/";

std::string ReadTestdata(const std::string& name) {
  std::ifstream file(kDirectory + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

class OldDatabase : public testing::Test {
 protected:
  OldDatabase() {
    machine_.tree.AddTree(
        "f README\nf src/main.c\nf src/caf\xe9.c\nf src/d\xe9r/x.h\n"
        "l latest -> src/main.c\nd empty\n",
        "/tree");
    machine_.tree.WriteFile("/tree/quote\"/back\\slash");
    machine_.tree.WriteFile("/tree/new\nline/\xef\xbf\xbd");
    machine_.tree.SetDevice("/tree", 65024);
    int64_t change_ns = 1'590'000'000'123'456'789;
    uint64_t inode = 5'000'000;
    for (const char* path :
         {"/tree", "/tree/empty", "/tree/new\nline", "/tree/quote\"",
          "/tree/src", "/tree/src/d\xe9r"}) {
      machine_.tree.SetStamp(path, ++inode, ++change_ns);
    }
  }

  FinderFixture machine_;
  const View view_ = FinderFixture::ViewOf({"/tree"});
};

// It does not say which file systems its facts are of.
TEST_F(OldDatabase, OfVersion2IsRefused) {
  machine_.tree.WriteFile(FinderFixture::kDatabase,
                          ReadTestdata("version_2.db"));
  const RunResult run = machine_.Warm(view_);
  EXPECT_EQ(run.metrics.cache, CacheState::kCold);
  EXPECT_EQ(run.metrics.cache_reason,
            "database has another version: finder database 2");
  EXPECT_TRUE(run.metrics.database_written);
}

TEST_F(OldDatabase, OfVersion3IsReadWithoutAList) {
  machine_.tree.WriteFile(FinderFixture::kDatabase,
                          ReadTestdata("version_3.db"));
  const RunResult run = machine_.Warm(view_);
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm) << run.metrics.cache_reason;
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(run.lines, machine_.Cold(view_).lines);
  EXPECT_FALSE(run.metrics.database_written);
}

struct Defect {
  const char* file;
  const char* reason;
};
constexpr Defect kDefects[] = {
    {"damaged_cut_at_a_newline.db", "database is damaged"},
    {"damaged_cut_in_a_line.db", "database is damaged: it is cut short"},
    {"damaged_letter_of_a_name.db",
     "database is damaged: block 0's checksum differs"},
    {"damaged_header.db", "database is damaged: header's checksum differs"},
    {"damaged_lost_block.db", "database is damaged: a block is missing"},
    {"damaged_trailer.db", "database is damaged: trailer's checksum differs"},
    {"damaged_newer_version.db",
     "database has another version: finder database 4"},
    {"damaged_empty.db", "database is empty"},
};

TEST_F(OldDatabase, WithADefectIsRefusedWithAReason) {
  const std::vector<std::string> answer = machine_.Cold(view_).lines;
  for (const Defect& defect : kDefects) {
    machine_.tree.WriteFile(FinderFixture::kDatabase,
                            ReadTestdata(defect.file));
    const RunResult run = machine_.Warm(view_);
    EXPECT_EQ(run.metrics.cache, CacheState::kCold) << defect.file;
    EXPECT_TRUE(run.metrics.cache_reason.starts_with(defect.reason))
        << defect.file << ": " << run.metrics.cache_reason;
    EXPECT_EQ(run.lines, answer);
  }
}

// A change of the format needs a new version, and a file of that here.
TEST_F(OldDatabase, OfVersion3IsWhatIsWritten) {
  machine_.Warm(view_);
  EXPECT_EQ(machine_.tree.ReadFile(FinderFixture::kDatabase),
            ReadTestdata("version_3.db"));
}

}  // namespace
}  // namespace finder
