// Databases of every version ever written are read or refused with a reason.
//
// FINDER_WRITE_TESTDATA=DIRECTORY writes the files of this version there.
#include <gtest/gtest.h>

#include <cstdlib>
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

std::string Replaced(std::string text, const std::string& from,
                     const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST_F(OldDatabase, IsWrittenOnRequest) {
  const char* const directory = std::getenv("FINDER_WRITE_TESTDATA");
  if (directory == nullptr) return;
  machine_.Warm(view_);
  const std::string good = machine_.tree.ReadFile(FinderFixture::kDatabase);
  const auto write = [directory](const std::string& name,
                                 const std::string& text) {
    std::ofstream(std::string(directory) + "/" + name, std::ios::binary)
        << text;
  };
  const size_t second_line = good.find('\n') + 1;
  const size_t block = good.find('\n', second_line) + 1;
  const size_t trailer = good.find('\n', block) + 1;
  write("version_3.db", good);
  write("damaged_cut_at_a_newline.db", good.substr(0, trailer));
  write("damaged_cut_in_a_line.db", good.substr(0, trailer - 20));
  write("damaged_letter_of_a_name.db", Replaced(good, "README", "READMF"));
  write("damaged_header.db", Replaced(good, "first boot", "third boot"));
  write("damaged_lost_block.db", good.substr(0, block) + good.substr(trailer));
  write("damaged_trailer.db", Replaced(good, "\"files\":7", "\"files\":8"));
  write("damaged_newer_version.db", Replaced(good, "base 3", "base 4"));
  write("damaged_empty.db", "");
}

}  // namespace
}  // namespace finder
