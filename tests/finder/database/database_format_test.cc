// The text of a database: what is written is read again, and what does not
// follow the grammar is refused. doc/database_format.md.
#include "finder/database/database_format.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "finder/text/checksum.h"
#include "finder/tree/arena.h"
#include "finder/tree/listing.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

constexpr int64_t kLeastNs = std::numeric_limits<int64_t>::min();
constexpr int64_t kMostNs = std::numeric_limits<int64_t>::max();

// Every byte that a name can hold, in one name, and what UTF-8 makes awkward.
std::vector<std::string> OddNames() {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) {
    if (byte != '/') all += static_cast<char>(byte);
  }
  std::vector<std::string> names = {all};
  for (const char byte : all) names.emplace_back(1, byte);
  for (const char* name : {
           "caf\xe9.c",
           "d\xe9r",
           "\xef\xbf\xbd",
           "\xc3\xa9",
           "a\nb",
           "\"\\",
           "\\u0000e9",
           "\xed\xa0\x80",
           "\xc0\xaf",
           "\xf4\x90\x80\x80",
           "\xe2\x82",
           "\xf0\x9f\x98\x80",
           "u0000",
           "\x7f\x01",
       }) {
    names.emplace_back(name);
  }
  return names;
}

BlockInfo InfoOf(std::string_view text, uint32_t directories) {
  return {text.size(), directories, 0, Checksum64(text)};
}

DatabaseHeader OddHeader() {
  DatabaseHeader header;
  header.writer = "finder \"1\"\n";
  header.view_id = "user\xe9@host";
  header.roots = {"/a", "/d\xe9r/\n", "/"};
  header.keep = {.names = {"caf\xe9.c", "x"}, .suffixes = {".\\"}};
  header.links = LinkPolicy::kFollow;
  header.blind_excludes = {"out", ""};
  header.blind_prunes = {".find-ignore"};
  header.boot_id = "3f1c";
  header.time = {kMostNs, -1};
  header.devices = {Device(),
                    {65024, Volume{StampTrust::kLocal, "ef53:fsid:\xff\"", ""}},
                    {std::numeric_limits<uint64_t>::max(), Volume()},
                    {7, Volume{StampTrust::kMount, "image", "unique:1"}},
                    {8, Volume{StampTrust::kLayers, "overlay", "unique:2"}},
                    {9, Volume{StampTrust::kServer, "server", ""}}};
  return header;
}

std::string_view SecondLine(std::string_view text) {
  text.remove_prefix(kDatabaseFirstLine.size());
  text.remove_suffix(1);
  return text;
}

TEST(DatabaseHeaderText, IsTwoLinesAndReadAgain) {
  const DatabaseHeader header = OddHeader();
  const std::string text = EncodeHeader(header);
  ASSERT_TRUE(text.starts_with(kDatabaseFirstLine));
  const std::string_view line = SecondLine(text);
  EXPECT_EQ(line.find('\n'), std::string_view::npos);
  const auto read = DecodeHeader(line);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->writer, header.writer);
  EXPECT_EQ(read->view_id, header.view_id);
  EXPECT_EQ(read->roots, header.roots);
  EXPECT_EQ(read->keep, header.keep);
  EXPECT_EQ(read->links, header.links);
  EXPECT_EQ(read->blind_excludes, header.blind_excludes);
  EXPECT_EQ(read->blind_prunes, header.blind_prunes);
  EXPECT_EQ(read->boot_id, header.boot_id);
  EXPECT_EQ(read->time.realtime_ns, header.time.realtime_ns);
  EXPECT_EQ(read->time.boottime_ns, header.time.boottime_ns);
  EXPECT_EQ(read->devices, header.devices);
  EXPECT_EQ(EncodeHeader(*read), text);
}

TEST(DatabaseHeaderText, MissingOrMistypedFieldsAreRefused) {
  const std::string text(SecondLine(EncodeHeader(OddHeader())));
  for (const char* key : {"writer", "view", "roots", "names", "suffixes",
                          "follow", "blind_excludes", "blind_prunes", "boot",
                          "time", "uptime", "devices"}) {
    const std::string quoted = "\"" + std::string(key) + "\"";
    std::string without = text;
    without.replace(without.find(quoted + ":"), quoted.size(), "\"nobody\"");
    EXPECT_FALSE(DecodeHeader(without).ok()) << without;
    std::string mistyped = text;
    mistyped.replace(mistyped.find(quoted + ":"), quoted.size() + 1,
                     quoted + ":{},\"rest\":");
    EXPECT_FALSE(DecodeHeader(mistyped).ok()) << mistyped;
  }
  for (const char* line :
       {"", "{}", "[]", "null", "{", "\"\"", "{\"writer\""}) {
    EXPECT_FALSE(DecodeHeader(line).ok()) << line;
  }
}

DatabaseTrailer SomeTrailer() {
  DatabaseTrailer trailer;
  trailer.blocks = {{100, 3, 12, 0xfedcba9876543210}, {7, 1, 0, 0}};
  trailer.header_checksum = 42;
  return trailer;
}

TEST(DatabaseTrailerText, IsOneLineAndReadAgain) {
  for (const DatabaseTrailer& trailer : {SomeTrailer(), DatabaseTrailer()}) {
    const std::string text = EncodeTrailer(trailer);
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    const auto read = DecodeTrailer(text.substr(0, text.size() - 1));
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_EQ(read->blocks.size(), trailer.blocks.size());
    for (size_t i = 0; i < trailer.blocks.size(); ++i) {
      EXPECT_EQ(read->blocks[i].size_bytes, trailer.blocks[i].size_bytes);
      EXPECT_EQ(read->blocks[i].directories, trailer.blocks[i].directories);
      EXPECT_EQ(read->blocks[i].files, trailer.blocks[i].files);
      EXPECT_EQ(read->blocks[i].checksum, trailer.blocks[i].checksum);
    }
    EXPECT_EQ(read->header_checksum, trailer.header_checksum);
    EXPECT_EQ(EncodeTrailer(*read), text);
  }
}

TEST(DatabaseTrailerText, AnyOtherByteIsNoticed) {
  std::string text = EncodeTrailer(SomeTrailer());
  text.pop_back();
  for (size_t at = 0; at < text.size(); ++at) {
    for (const int bit : {0x01, 0x02, 0x10, 0x80}) {
      std::string damaged = text;
      damaged[at] = static_cast<char>(damaged[at] ^ bit);
      EXPECT_FALSE(DecodeTrailer(damaged).ok()) << damaged;
    }
  }
}

// A directory as the encoder takes it, with its depth.
struct Record {
  Directory directory;
  uint32_t depth;
};

class DatabaseBlock : public testing::Test {
 protected:
  Record& Add(uint32_t depth, std::string_view name) {
    Record& record = records_.emplace_back();
    record.depth = depth;
    record.directory.set_name(arena_.Copy(name));
    return record;
  }

  Record& AddListed(uint32_t depth, std::string_view name,
                    const std::vector<std::string>& files) {
    Record& record = Add(depth, name);
    Directory& d = record.directory;
    d.knowledge = Knowledge::kListed;
    d.trusted = true;
    d.device = 1;
    d.inode = 17;
    d.change_ns = 1'795'221'476'402'609'482;
    ListingBuilder builder;
    for (const std::string& file : files) builder.Add(file, EntryKind::kFile);
    SetListing(d, builder);
    return record;
  }

  void SetListing(Directory& d, ListingBuilder& builder) {
    const size_t size = builder.size_bytes();
    char* bytes = arena_.AllocateBytes(size);
    builder.Write(bytes);
    d.set_listing({bytes, size});
    d.has_special = builder.has_special();
  }

  std::string Encode(std::string_view parent_path = "") {
    BlockEncoder encoder;
    encoder.Begin(0, 1, parent_path);
    for (const Record& record : records_) {
      encoder.Add(record.directory, record.depth);
    }
    info_ = encoder.Finish();
    return encoder.TakeLine();
  }

  // The directories of the block, which must be one the decoder takes.
  std::vector<Directory> EncodeAndDecode(std::string_view parent_path = "") {
    texts_.emplace_back(Encode(parent_path));
    EXPECT_EQ(texts_.back().find('\n'), std::string_view::npos);
    auto block = decoder_.Decode(texts_.back(), info_, 5, 3, arena_);
    if (!block.ok()) {
      ADD_FAILURE() << block.status();
      return {};
    }
    EXPECT_EQ(block->parent_path, parent_path);
    decoded_ = *std::move(block);
    return {decoded_.directories, decoded_.directories + decoded_.count};
  }

  Arena arena_;
  std::vector<Record> records_;
  std::vector<std::string> texts_;
  BlockInfo info_;
  BlockDecoder decoder_;
  DecodedBlock decoded_;
};

TEST_F(DatabaseBlock, StampsListingsAndFlagsAreReadAgain) {
  AddListed(0, "", {"Makefile", "a.c"});
  Directory& a = AddListed(1, "a", {}).directory;
  a.change_ns = kMostNs;
  a.inode = std::numeric_limits<uint64_t>::max();
  a.trusted = false;
  Directory& b = AddListed(2, "b", {"x"}).directory;
  b.change_ns = kLeastNs;
  b.device = 2;
  b.via_link = true;
  Add(1, "never listed");
  const std::vector<Directory> read = EncodeAndDecode();
  ASSERT_EQ(read.size(), 4u);
  EXPECT_EQ(info_.files, 3u);
  for (size_t i = 0; i < 3; ++i) {
    const Directory& wrote = records_[i].directory;
    EXPECT_EQ(read[i].name(), wrote.name());
    EXPECT_EQ(read[i].knowledge, Knowledge::kListed);
    EXPECT_EQ(read[i].listing().bytes(), wrote.listing().bytes());
    EXPECT_EQ(read[i].change_ns, wrote.change_ns);
    EXPECT_EQ(read[i].inode, wrote.inode);
    EXPECT_EQ(read[i].device, wrote.device);
    EXPECT_EQ(read[i].trusted, wrote.trusted);
    EXPECT_EQ(read[i].via_link, wrote.via_link);
    EXPECT_EQ(read[i].block, 5u);
  }
  EXPECT_EQ(read[3].knowledge, Knowledge::kNameOnly);
}

TEST_F(DatabaseBlock, DirectoriesAreLinkedToTheirParentsAndSiblings) {
  AddListed(0, "", {});
  AddListed(1, "a", {});
  AddListed(2, "b", {});
  AddListed(1, "c", {});
  EncodeAndDecode();
  Directory* const all = decoded_.directories;
  EXPECT_EQ(all[0].parent, nullptr);
  const auto children = [](Directory& d) {
    std::vector<const Directory*> found;
    for (const Directory& child : Children(d)) found.push_back(&child);
    return found;
  };
  using List = std::vector<const Directory*>;
  EXPECT_EQ(children(all[0]), (List{&all[1], &all[3]}));
  EXPECT_EQ(children(all[1]), List{&all[2]});
  EXPECT_EQ(all[2].parent, &all[1]);
  EXPECT_EQ(all[3].parent, &all[0]);
  ASSERT_EQ(decoded_.tops.size(), 1u);
  EXPECT_EQ(decoded_.tops[0].directory, &all[0]);
}

TEST_F(DatabaseBlock, MayBeginDeepInATreeAndClimb) {
  AddListed(3, "x", {});
  AddListed(4, "y", {});
  AddListed(2, "z", {});
  EncodeAndDecode("a/b\xe9");
  ASSERT_EQ(decoded_.tops.size(), 2u);
  EXPECT_EQ(decoded_.tops[0].depth, 3u);
  EXPECT_EQ(decoded_.tops[1].depth, 2u);
  EXPECT_EQ(decoded_.tops[1].directory->name(), "z");
}

TEST_F(DatabaseBlock, EveryByteOfANameSurvives) {
  AddListed(0, "", OddNames());
  for (const std::string& name : OddNames()) AddListed(1, name, {name});
  const std::vector<Directory> read = EncodeAndDecode();
  ASSERT_EQ(read.size(), records_.size());
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].name(), records_[i].directory.name());
    EXPECT_EQ(read[i].listing().bytes(),
              records_[i].directory.listing().bytes());
  }
}

TEST_F(DatabaseBlock, KindsAreKeptButNotWhatASymlinkPointsTo) {
  Directory& d = AddListed(0, "", {}).directory;
  ListingBuilder builder;
  builder.Add("pipe", EntryKind::kOther);
  builder.Add("file", EntryKind::kFile);
  builder.Add("link", EntryKind::kSymlink);
  builder.Add("to directory", EntryKind::kLinkToDirectory);
  SetListing(d, builder);
  const std::vector<Directory> read = EncodeAndDecode();
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].listing().bytes(), "file//llink//opipe//lto directory");
}

TEST_F(DatabaseBlock, ANameOnlyDirectoryTakesTheLeastRoom) {
  AddListed(0, "", {"a"});
  EXPECT_EQ(Encode(), R"([0,1,"",[0,"",1795221476402609482,17,"a"]])");
}

TEST_F(DatabaseBlock, WhatDoesNotFollowTheGrammarIsRefused) {
  struct Case {
    const char* text;
    uint32_t directories;
  };
  constexpr Case kCases[] = {
      {"", 1},
      {"[]", 1},
      {"{}", 1},
      {R"([0,0,""])", 0},
      {R"([0,0,"",[0,""]])", 2},          // fewer than it says
      {R"([0,0,"",[0,""],[1,"a"]])", 1},  // more
      {R"([0,0,"",[0,""],[2,"a"]])", 2},  // a level is left out
      {R"([0,0,"",[0,""],["a",1]])", 2},
      {R"([0,0,"",[0,"",1,1]])", 1},         // no listing
      {R"([0,0,"",[0,"",1,1,"",9]])", 1},    // an unknown flag
      {R"([0,0,"",[0,"",1,1,"",0,7]])", 1},  // an unknown device
      {R"([0,9,"",[0,"",1,1,""]])", 1},
      {R"([0,0,"",[0,"",1,1,"",0,0,0]])", 1},  // too many fields
      {R"([0,0,"",[0,"a/b",1,1,""]])", 1},
      {R"([0,0,"",[0,"",1,-1,""]])", 1},
      {R"([0,0,"",[0,"",1.5,1,""]])", 1},
      {R"([0,0,"",[0,"",9223372036854775808,1,""]])", 1},
      {R"([0,0,"",[0,"",1,18446744073709551616,""]])", 1},
      {R"([0,0,"",[0,"",1,1,"\u0000zz"]])", 1},  // an escape of ours
      {R"([0,0,"",[0,"",1,1,"\u0000e"]])", 1},
      {R"([0,0,"",[0,"",1,1,"\q"]])", 1},
      {"[0,0,\"\",[0,\"\",1,1,\"caf\xe9\"]]", 1},  // not UTF-8
      {R"([0,0,"",[0,"",1,1,""],1])", 1},
      {R"([0,0,"",[0,"",1,1,"")", 1},
      {R"([0,0,"",[0,"",1,1,""]])", 4'000'000'000},
  };
  for (const Case& one : kCases) {
    const std::string text(one.text);
    const auto block =
        decoder_.Decode(text, InfoOf(text, one.directories), 0, 1, arena_);
    EXPECT_FALSE(block.ok()) << one.text;
  }
  const std::string good(R"([0,0,"",[0,"",1,1,""],[1,"a"]])");
  EXPECT_TRUE(decoder_.Decode(good, InfoOf(good, 2), 0, 1, arena_).ok())
      << "the decoder can be used again after a failure";
}

TEST_F(DatabaseBlock, AnotherSumOrSizeIsRefused) {
  const std::string text(R"([0,0,"",[0,"",1,1,""]])");
  BlockInfo other_sum = InfoOf(text, 1);
  ++other_sum.checksum;
  EXPECT_FALSE(decoder_.Decode(text, other_sum, 0, 1, arena_).ok());
  BlockInfo other_size = InfoOf(text, 1);
  ++other_size.size_bytes;
  EXPECT_FALSE(decoder_.Decode(text, other_size, 0, 1, arena_).ok());
}

}  // namespace
}  // namespace finder
