// What is read of an index, made up byte by byte, and of damaged ones. That it
// is what git means is tests/cli/tracked_test.sh's.
#include "finder/git/git_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace finder {
namespace {

std::string Number(uint64_t number, int bytes) {
  std::string text;
  while (bytes-- > 0) text += static_cast<char>(number >> (8 * bytes));
  return text;
}

struct Made {
  int version = 2;
  size_t hash_size = 20;
  std::vector<std::string> paths = {};
  std::string extensions = {};
};

std::string Bytes(const Made& made) {
  std::string bytes =
      "DIRC" + Number(made.version, 4) + Number(made.paths.size(), 4);
  for (const std::string& path : made.paths) {
    const size_t begin = bytes.size();
    bytes += std::string(40 + made.hash_size, '\1');
    bytes += Number(path.size(), 2);
    if (made.version == 4) {
      // Nothing is kept of the path before.
      const size_t index = static_cast<size_t>(&path - made.paths.data());
      bytes += Number(index == 0 ? 0 : made.paths[index - 1].size(), 1);
      bytes += path + '\0';
      continue;
    }
    bytes += path;
    do {
      bytes += '\0';
    } while ((bytes.size() - begin) % 8 != 0);
  }
  return bytes + made.extensions + std::string(made.hash_size, '\2');
}

std::string Extension(std::string_view name, std::string_view content) {
  return std::string(name) + Number(content.size(), 4) + std::string(content);
}

TEST(GitIndex, HasThePathsOfEachVersionAndHash) {
  for (const int version : {2, 3, 4}) {
    for (const size_t hash_size : {20, 32}) {
      const auto index = GitIndex::Parse(
          Bytes({version, hash_size, {"a.c", "a/b", "seven77", "z"}}));
      ASSERT_TRUE(index.ok()) << version << index.status();
      EXPECT_TRUE(index->Has("a.c"));
      EXPECT_TRUE(index->Has("seven77"));
      EXPECT_FALSE(index->Has("a"));
      EXPECT_FALSE(index->Has("b"));
      EXPECT_TRUE(index->HasBelow("a"));
      EXPECT_FALSE(index->HasBelow("a.c"));
      EXPECT_EQ(index->size(), 4u);
    }
  }
}

TEST(GitIndex, NothingIsBelowTheDirectoriesOfASparseOne) {
  const auto index =
      GitIndex::Parse(Bytes({.version = 3,
                             .paths = {"d/a/", "d/b/"},
                             .extensions = Extension("sdir", "")}));
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_FALSE(index->Has("d/a"));
  EXPECT_FALSE(index->HasBelow("d"));
}

TEST(GitIndex, OptionalExtensionsArePassedOverAndOthersRefused) {
  EXPECT_TRUE(
      GitIndex::Parse(Bytes({.extensions = Extension("TREE", "xyz")})).ok());
  EXPECT_EQ(GitIndex::Parse(Bytes({.extensions = Extension("next", "")}))
                .status()
                .message(),
            "an index of git with an extension that is not known, 'next'");
}

TEST(GitIndex, ASplitOneTakesFromTheSharedWhatIsNotDeleted) {
  const std::string hash(20, '\x1a');
  // Bits: 3, of which the second is set, in one literal word.
  const std::string deleted = Number(3, 4) + Number(2, 4) +
                              Number(uint64_t{1} << 33, 8) + Number(2, 8) +
                              Number(0, 4);
  const std::string replaced = Number(0, 4) + Number(0, 4) + Number(0, 4);
  auto index = GitIndex::Parse(
      Bytes({.paths = {"", "new"},
             .extensions = Extension("link", hash + deleted + replaced)}));
  ASSERT_TRUE(index.ok()) << index.status();
  std::string hex;
  for (int i = 0; i < 20; ++i) hex += "1a";
  EXPECT_EQ(index->shared_hash(), hex);
  const auto shared = GitIndex::Parse(Bytes({.paths = {"a", "b", "c"}}));
  ASSERT_TRUE(index->Join(*shared).ok());
  EXPECT_TRUE(index->Has("a"));
  EXPECT_FALSE(index->Has("b"));
  EXPECT_TRUE(index->Has("c"));
  EXPECT_TRUE(index->Has("new"));
  EXPECT_FALSE(index->Has(""));
}

TEST(GitIndex, ASharedOneThatIsTooShortIsRefused) {
  const std::string deleted = Number(3, 4) + Number(2, 4) +
                              Number(uint64_t{1} << 33, 8) + Number(4, 8) +
                              Number(0, 4);
  auto index = GitIndex::Parse(Bytes(
      {.extensions = Extension("link", std::string(20, '\1') + deleted)}));
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_FALSE(index->Join(*GitIndex::Parse(Bytes({.paths = {"a"}}))).ok());
}

TEST(GitIndex, WhatIsCutOrFlippedIsNoIndexAndReadWithinItsBounds) {
  const std::string whole = Bytes({.version = 4,
                                   .paths = {"a", "b/c", "b/d"},
                                   .extensions = Extension("TREE", "content")});
  for (size_t size = 0; size < whole.size() - 1; ++size) {
    EXPECT_FALSE(GitIndex::Parse(whole.substr(0, size)).ok() &&
                 size < whole.size() - 40)
        << size;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '\x7f', '\xff'}) {
      std::string flipped = whole;
      flipped[at] = byte;
      static_cast<void>(GitIndex::Parse(flipped).ok());
    }
  }
  EXPECT_FALSE(GitIndex::Parse("").ok());
  EXPECT_FALSE(GitIndex::Parse("DIRC").ok());
  EXPECT_FALSE(
      GitIndex::Parse(std::string("DIRC") + std::string(100, '\xff')).ok());
}

}  // namespace
}  // namespace finder
