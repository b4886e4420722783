#include "finder/query/entry_finder.h"

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "finder/view/name_set.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using List = std::vector<std::string>;

// The entries found that have one of the tails, as "KIND NAME".
List Found(const EntryFinder& finder, const NameSet& names,
           std::string_view listing, size_t from = 0) {
  // Bytes that no search may look at, where a sanitizer sees it.
  const std::vector<char> exact(listing.begin(), listing.end());
  const std::string_view bytes(exact.data(), exact.size());
  List found;
  Entry entry;
  while (finder.Next(bytes, from, entry)) {
    EXPECT_EQ(bytes.substr(entry.offset, entry.name.size()), entry.name);
    if (!names.Contains(entry.name)) continue;
    found.push_back(std::string(1, static_cast<char>(entry.kind)) + " " +
                    std::string(entry.name));
  }
  return found;
}

List FoundByTails(const std::vector<NameTail>& tails, std::string_view listing,
                  CaseRule case_rule = CaseRule::kSensitive) {
  const NameSet names(tails, case_rule);
  return Found(EntryFinder(names.tails(), case_rule), names, listing);
}

TEST(EntryFinder, WithoutTailsFindsEveryEntry) {
  const NameSet all({{"", NameTail::Form::kSuffix}}, CaseRule::kSensitive);
  EXPECT_EQ(Found(EntryFinder(), all, ""), List());
  EXPECT_EQ(Found(EntryFinder(), all, "a"), List({"f a"}));
  EXPECT_EQ(Found(EntryFinder(), all, "/la/b//dcd//oe/f"),
            List({"l a", "f b", "d cd", "o e", "f f"}));
}

TEST(EntryFinder, FindsNamesAtBothEnds) {
  const std::vector<NameTail> tails = {{"Android.bp", NameTail::Form::kWhole}};
  EXPECT_EQ(FoundByTails(tails, "Android.bp"), List({"f Android.bp"}));
  EXPECT_EQ(FoundByTails(tails, "A/Android.bp"), List({"f Android.bp"}));
  EXPECT_EQ(FoundByTails(tails, "Android.bp/z"), List({"f Android.bp"}));
  EXPECT_EQ(FoundByTails(tails, "xAndroid.bp/Android.bpx"), List());
  EXPECT_EQ(FoundByTails(tails, "/lAndroid.bp"), List({"l Android.bp"}));
  EXPECT_EQ(FoundByTails(tails, "a//lAndroid.bp/z"), List({"l Android.bp"}));
}

TEST(EntryFinder, LetterOfAKindIsNotPartOfTheName) {
  const std::vector<NameTail> tails = {{"latest", NameTail::Form::kWhole}};
  EXPECT_EQ(FoundByTails(tails, "a//latest"), List());
  EXPECT_EQ(FoundByTails(tails, "/latest/b"), List());
  EXPECT_EQ(FoundByTails(tails, "a//llatest"), List({"l latest"}));
}

TEST(EntryFinder, ShortNamesAreFound) {
  EXPECT_EQ(FoundByTails({{"a", NameTail::Form::kWhole}}, "a/b"),
            List({"f a"}));
  EXPECT_EQ(FoundByTails({{"b", NameTail::Form::kSuffix}}, "/ob/bb/c"),
            List({"o b", "f bb"}));
}

TEST(EntryFinder, CaseIsIgnoredForLettersOnly) {
  const std::vector<NameTail> tails = {{".c@", NameTail::Form::kSuffix}};
  EXPECT_EQ(FoundByTails(tails, "a.C@/b.c`/c.c@", CaseRule::kIgnore),
            List({"f a.C@", "f c.c@"}));
}

TEST(EntryFinder, TooManyTailsFindEverything) {
  std::vector<NameTail> tails;
  for (char c = 'a'; c <= 'z'; ++c) {
    tails.push_back({std::string("name") + c, NameTail::Form::kWhole});
  }
  EXPECT_EQ(FoundByTails(tails, "a/namea/namez/z"),
            List({"f namea", "f namez"}));
}

TEST(EntryFinder, RandomListingsGiveWhatLookingAtEveryNameGives) {
  std::mt19937 random(3);
  const auto name_of = [&random](size_t max_size) {
    std::string name;
    for (size_t n = 1 + random() % max_size; n > 0; --n) {
      name += "abC.\xff"[random() % 5];
    }
    return name;
  };
  for (int i = 0; i < 100000; ++i) {
    std::set<std::string> names;
    for (size_t n = random() % 12; n > 0; --n) names.insert(name_of(6));
    ListingBuilder builder;
    for (const std::string& name : names) {
      builder.Add(name, random() % 4 ? EntryKind::kFile : EntryKind::kSymlink);
    }
    std::string listing(builder.size_bytes(), '\0');
    builder.Write(listing.data());
    std::vector<NameTail> tails;
    for (size_t n = 1 + random() % 3; n > 0; --n) {
      tails.push_back({name_of(5), static_cast<NameTail::Form>(random() % 3)});
    }
    const auto case_rule = static_cast<CaseRule>(random() % 2);
    const NameSet set(tails, case_rule);
    const EntryFinder finder(set.tails(), case_rule);
    const std::string limit = name_of(6);
    const size_t from = Listing(listing).OffsetAfter(limit);
    ASSERT_EQ(Found(finder, set, listing), Found(EntryFinder(), set, listing))
        << listing;
    ASSERT_EQ(Found(finder, set, listing, from),
              Found(EntryFinder(), set, listing, from))
        << listing;
    Entry entry;
    size_t next = 0;
    size_t expected = listing.size();
    while (EntryFinder().Next(listing, next, entry)) {
      if (entry.name <= limit) continue;
      expected = EntryBegin(entry);
      break;
    }
    ASSERT_EQ(from, expected) << listing << " after " << limit;
  }
}

}  // namespace
}  // namespace finder
