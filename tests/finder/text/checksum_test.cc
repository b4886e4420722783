#include "finder/text/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace finder {
namespace {

// XXH3's own test vectors: what is stored must mean the same for ever.
TEST(Checksum, IsThatOfItsSpecification) {
  EXPECT_EQ(Hex64(Checksum64("")), "2d06800538d394c2");
  EXPECT_EQ(Checksum128Hex(""), "99aa06d3014798d86001c324468d497f");
}

TEST(Checksum, DependsOnTheBytes) {
  EXPECT_NE(Checksum64("a"), Checksum64("b"));
  EXPECT_NE(Checksum128Hex(std::string(1000, 'a')),
            Checksum128Hex(std::string(1001, 'a')));
}

TEST(Checksum, HexHasSixteenDigits) {
  EXPECT_EQ(Hex64(0), "0000000000000000");
  EXPECT_EQ(Hex64(0xfedcba9876543210), "fedcba9876543210");
}

}  // namespace
}  // namespace finder
