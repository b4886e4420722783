#include "finder/database/database_file.h"

#include <string>

#include "finder/database/database.h"
#include "finder/text/checksum.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

constexpr char kPath[] = "/db";

class DatabaseFileTest : public testing::Test {
 protected:
  DatabaseFileTest() : tree_(&clock_), files_(&tree_) {
    DatabaseHeader header;
    header.writer = "test";
    header.view_id = "me@here";
    header.roots = {"/src"};
    head_ = EncodeHeader(header);
    trailer_.header_checksum = Checksum64(head_);
  }

  // What is wrong with a file of this text; empty if nothing is.
  std::string Wrong(const std::string& text) {
    tree_.WriteFile(kPath, text);
    absl::StatusOr<DatabaseFile> file = DatabaseFile::Open(files_, kPath, {});
    absl::Status status = file.status();
    if (status.ok()) status = file->ReadHeader();
    if (status.ok()) status = file->ReadTrailer();
    // Whoever only counts must not believe more.
    EXPECT_EQ(CountDirectories(files_, kPath, {}).has_value(), status.ok());
    return std::string(status.message());
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem files_;
  std::string head_;
  DatabaseTrailer trailer_;
};

TEST_F(DatabaseFileTest, KnowsWhereItsBlocksLie) {
  trailer_.blocks = {{.size_bytes = 3, .directories = 2},
                     {.size_bytes = 1, .directories = 5}};
  tree_.WriteFile(kPath, head_ + "abc\nd\n" + EncodeTrailer(trailer_));
  auto file = DatabaseFile::Open(files_, kPath, {});
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->ReadHeader().ok());
  ASSERT_TRUE(file->ReadTrailer().ok());
  EXPECT_EQ(file->header().view_id, "me@here");
  EXPECT_EQ(file->directories(), 7u);
  EXPECT_EQ(file->blocks_bytes(), 6u);
  EXPECT_EQ(file->block_offset(1), 4u);
  std::string block(2, 0);
  ASSERT_TRUE(file->ReadBlock(1, block.data()).ok());
  EXPECT_EQ(block, "d\n");
  EXPECT_EQ(CountDirectories(files_, kPath, {}), 7u);
}

TEST_F(DatabaseFileTest, SaysWhatIsWrong) {
  const std::string trailer = EncodeTrailer(trailer_);
  EXPECT_EQ(Wrong(head_ + trailer), "");
  EXPECT_EQ(Wrong(""), "database is empty");
  EXPECT_EQ(Wrong("text\n"), "file is not a finder database");
  EXPECT_EQ(Wrong("finder database 2\nrest\n"),
            "database has another version: finder database 2");
  EXPECT_EQ(Wrong(head_), "database is damaged: trailer is malformed");
  EXPECT_EQ(Wrong(head_ + trailer + "more"),
            "database is damaged: it is cut short");
  EXPECT_EQ(Wrong(head_ + "more\n" + trailer),
            "database is damaged: there is more in it than it says");
  trailer_.blocks = {{.size_bytes = 3}};
  EXPECT_EQ(Wrong(head_ + EncodeTrailer(trailer_)),
            "database is damaged: a block is missing");
  trailer_.blocks.clear();
  trailer_.header_checksum = 1;
  EXPECT_EQ(Wrong(head_ + EncodeTrailer(trailer_)),
            "database is damaged: header's checksum differs");
}

TEST_F(DatabaseFileTest, OfOthersIsNotBelieved) {
  const auto code = [this](std::optional<uint32_t> owner) {
    return DatabaseFile::Open(files_, kPath, owner).status().code();
  };
  EXPECT_EQ(code({}), absl::StatusCode::kNotFound);
  tree_.WriteFile(kPath, "facts");
  tree_.Chown(kPath, 7);
  tree_.Chmod(kPath, 0644);
  EXPECT_EQ(code(7), absl::StatusCode::kOk);
  EXPECT_EQ(code({}), absl::StatusCode::kOk);
  EXPECT_EQ(code(8), absl::StatusCode::kPermissionDenied);
  tree_.Chmod(kPath, 0666);
  EXPECT_EQ(code(7), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code({}), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace finder
