#include "finder/tree/listing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace finder {
namespace {

using Names = std::vector<std::string>;

std::string Built(ListingBuilder& builder) {
  std::string text(builder.size_bytes(), '\0');
  builder.Write(text.data());
  return text;
}

Names NamesIn(std::string_view bytes) {
  Names names;
  for (const Entry& entry : Listing(bytes)) names.emplace_back(entry.name);
  return names;
}

TEST(Listing, IsTheNamesInByteOrder) {
  ListingBuilder builder;
  for (const char* name : {"b", "a-b", "a", "\xe9", "Z", "a.c", "aa"}) {
    builder.Add(name, EntryKind::kFile);
  }
  EXPECT_EQ(Built(builder), "Z/a/a-b/a.c/aa/b/\xe9");
}

TEST(Listing, NamesThatDifferAfterEightBytesAreInOrder) {
  ListingBuilder builder;
  for (const char* name :
       {"12345678", "1234567", "12345678b", "12345678a", "12345679"}) {
    builder.Add(name, EntryKind::kFile);
  }
  EXPECT_EQ(Built(builder), "1234567/12345678/12345678a/12345678b/12345679");
}

TEST(Listing, AnEntryThatIsNoFileHasItsLetter) {
  ListingBuilder builder;
  builder.Add("z", EntryKind::kFile);
  builder.Add("link", EntryKind::kSymlink);
  EXPECT_TRUE(builder.has_special());
  builder.Add("a", EntryKind::kOther);
  builder.set_kind(1, EntryKind::kLinkToDirectory);
  const std::string text = Built(builder);
  EXPECT_EQ(text, "/oa//tlink/z");
  auto it = Listing(text).begin();
  EXPECT_EQ(it->kind, EntryKind::kOther);
  EXPECT_EQ(it->name, "a");
  EXPECT_EQ((++it)->kind, EntryKind::kLinkToDirectory);
  EXPECT_EQ(text.substr(it->offset, 4), "link");
  EXPECT_EQ((++it)->kind, EntryKind::kFile);
  EXPECT_EQ(it->name, "z");
  EXPECT_TRUE((++it).at_end());
}

TEST(Listing, OfNothingIsEmpty) {
  ListingBuilder builder;
  EXPECT_EQ(builder.size_bytes(), 0u);
  EXPECT_TRUE(NamesIn("").empty());
  EXPECT_EQ(Listing().CountEntries(), 0u);
  EXPECT_FALSE(Listing().Contains("a"));
}

TEST(Listing, ABuilderCanBeUsedAgain) {
  ListingBuilder builder;
  builder.Add("link", EntryKind::kSymlink);
  Built(builder);
  builder.Clear();
  builder.Add("a", EntryKind::kFile);
  EXPECT_FALSE(builder.has_special());
  EXPECT_EQ(Built(builder), "a");
}

TEST(Listing, ContainsWholeNamesOnly) {
  const Listing listing("a/abc//llink/x.c");
  for (const char* name : {"a", "abc", "link", "x.c"}) {
    EXPECT_TRUE(listing.Contains(name)) << name;
  }
  for (const char* name : {"b", "ab", "bc", "l", "llink", "lin", "ink", "c"}) {
    EXPECT_FALSE(listing.Contains(name)) << name;
  }
  EXPECT_TRUE(Listing("/oa").Contains("a"));
  EXPECT_FALSE(Listing("/oa").Contains("oa"));
}

TEST(Listing, AfterANameStartsWithTheNextOne) {
  const Listing listing("a//lb/c");
  EXPECT_EQ(listing.OffsetAfter(""), 0u);
  EXPECT_EQ(listing.OffsetAfter("a"), 2u);
  EXPECT_EQ(listing.OffsetAfter("aa"), 2u);
  EXPECT_EQ(listing.OffsetAfter("b"), 6u);
  EXPECT_EQ(listing.OffsetAfter("c"), 7u);
  EXPECT_EQ(Listing().OffsetAfter("a"), 0u);
}

// Against a model, over lengths around the eight bytes that are looked at at a
// time, and numbers of names for each way to sort.
TEST(Listing, AgreesWithAModelOnRandomNames) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::pair<std::string, EntryKind>> model;
    ListingBuilder builder;
    const unsigned most = round % 10 == 0 ? 120 : 6;
    for (unsigned i = random() % most; i > 0; --i) {
      std::string name(random() % 12 + 1, 'a');
      for (char& c : name) c = "abdflo.\xe9"[random() % 8];
      const EntryKind kind =
          random() % 3 == 0 ? EntryKind::kSymlink : EntryKind::kFile;
      const auto same = [&name](const auto& one) { return one.first == name; };
      if (std::any_of(model.begin(), model.end(), same)) continue;
      model.emplace_back(name, kind);
      builder.Add(name, kind);
    }
    std::sort(model.begin(), model.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    const std::string text = Built(builder);
    const Listing listing(text);
    EXPECT_EQ(listing.CountEntries(), model.size()) << text;
    size_t at = 0;
    for (const Entry& entry : listing) {
      ASSERT_LT(at, model.size());
      EXPECT_EQ(entry.name, model[at].first);
      EXPECT_EQ(entry.kind, model[at].second);
      EXPECT_TRUE(listing.Contains(entry.name)) << text;
      ++at;
    }
    EXPECT_EQ(at, model.size());
  }
}

TEST(Listing, AnyBytesAreReadWithinTheirBounds) {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    std::vector<char> bytes(random() % 12);
    for (char& c : bytes) c = "//la"[random() % 4];
    const Listing listing(std::string_view(bytes.data(), bytes.size()));
    for (const Entry& entry : listing) {
      EXPECT_LE(entry.offset + entry.name.size(), bytes.size());
    }
    listing.Contains("a");
    listing.CountEntries();
  }
}

}  // namespace
}  // namespace finder
