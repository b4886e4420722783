#include "finder/database/database_check.h"

#include <string>

#include "finder/database/database_format.h"
#include "finder/text/checksum.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

// A database without a directory.
std::string SmallDatabase() {
  DatabaseHeader header;
  header.writer = "test";
  header.view_id = "me@here";
  header.roots = {"/src"};
  const std::string head = EncodeHeader(header);
  DatabaseTrailer trailer;
  trailer.header_checksum = Checksum64(head);
  return head + EncodeTrailer(trailer);
}

TEST(DatabaseCheck, AWholeDatabaseIsSound) {
  const auto contents = CheckDatabase(SmallDatabase());
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_EQ(contents->blocks, 0u);
}

TEST(DatabaseCheck, EveryShorterTextIsDamaged) {
  const std::string whole = SmallDatabase();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(CheckDatabase(whole.substr(0, size)).ok()) << size;
  }
}

TEST(DatabaseCheck, EveryChangedByteIsDamage) {
  const std::string whole = SmallDatabase();
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string text = whole;
    text[at] = static_cast<char>(text[at] ^ 1);
    EXPECT_FALSE(CheckDatabase(text).ok()) << at;
  }
}

TEST(DatabaseCheck, MoreThanTheTrailerTellsIsDamage) {
  std::string text = SmallDatabase();
  text.insert(text.find("{\"blocks\""), "more\n");
  EXPECT_FALSE(CheckDatabase(text).ok());
}

}  // namespace
}  // namespace finder
