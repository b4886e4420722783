#include "finder/inode/size_text.h"

#include <gtest/gtest.h>

#include <string_view>

namespace finder {
namespace {

SizeBound Parsed(std::string_view text) {
  const absl::StatusOr<SizeBound> bound = ParseSizeBound(text);
  EXPECT_TRUE(bound.ok()) << text << ": " << bound.status();
  return bound.value_or(SizeBound());
}

TEST(SizeText, TheSignSaysWhichSideIsMeant) {
  EXPECT_EQ(Parsed("10b"), (SizeBound{SizeRule::kEqual, 10}));
  EXPECT_EQ(Parsed("+10b"), (SizeBound{SizeRule::kAtLeast, 10}));
  EXPECT_EQ(Parsed("-10b"), (SizeBound{SizeRule::kAtMost, 10}));
}

TEST(SizeText, UnitsAreOfThousandsOrOf1024) {
  EXPECT_EQ(Parsed("1k").bytes, 1'000u);
  EXPECT_EQ(Parsed("1KB").bytes, 1'000u);
  EXPECT_EQ(Parsed("1ki").bytes, 1'024u);
  EXPECT_EQ(Parsed("1KiB").bytes, 1'024u);
  EXPECT_EQ(Parsed("2m").bytes, 2'000'000u);
  EXPECT_EQ(Parsed("2mi").bytes, 2u << 20);
  EXPECT_EQ(Parsed("3g").bytes, 3'000'000'000u);
  EXPECT_EQ(Parsed("3gi").bytes, uint64_t{3} << 30);
  EXPECT_EQ(Parsed("4t").bytes, 4'000'000'000'000u);
  EXPECT_EQ(Parsed("4ti").bytes, uint64_t{4} << 40);
}

TEST(SizeText, BoundsIncludeTheirOwnSize) {
  EXPECT_TRUE(Parsed("+10b").Holds(10));
  EXPECT_FALSE(Parsed("+10b").Holds(9));
  EXPECT_TRUE(Parsed("-10b").Holds(10));
  EXPECT_FALSE(Parsed("-10b").Holds(11));
  EXPECT_TRUE(Parsed("10b").Holds(10));
  EXPECT_FALSE(Parsed("10b").Holds(11));
}

TEST(SizeText, WhatIsMalformedIsRefused) {
  for (const std::string_view text :
       {"", "+", "k", "10", "10x", "1.5k", " 10k", "10 k", "10ib", "10bb",
        "10kk", "--10k", "+-10k", "10kbi"}) {
    EXPECT_FALSE(ParseSizeBound(text).ok()) << text;
  }
}

TEST(SizeText, WhatNoFileCanHaveIsRefused) {
  EXPECT_EQ(ParseSizeBound("99999999999999999999b").status().message(),
            "'99999999999999999999b' is too large");
  EXPECT_EQ(ParseSizeBound("20000000ti").status().message(),
            "'20000000ti' is too large");
}

}  // namespace
}  // namespace finder
