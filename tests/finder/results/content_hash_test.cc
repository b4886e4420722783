#include "finder/results/hashes/content_hash.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace finder {
namespace {

TEST(ContentHash, IsSha256) {
  // The examples of FIPS 180-4.
  EXPECT_EQ(HashOf("abc").Hex(),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HashOf("").Hex(),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
}

TEST(ContentHash, OfPiecesIsThatOfTheWhole) {
  const std::string text(100'000, 'x');
  ContentHasher hasher;
  for (size_t at = 0; at < text.size(); at += 7) {
    hasher.Add(std::string_view(text).substr(at, 7));
  }
  EXPECT_EQ(hasher.Finish(), HashOf(text));
}

TEST(ContentHash, FieldsDoNotRunIntoEachOther) {
  ContentHasher one, other;
  one.AddField("ab");
  one.AddField("c");
  other.AddField("a");
  other.AddField("bc");
  EXPECT_NE(one.Finish(), other.Finish());
}

TEST(ContentHash, IsReadBackFromItsDigits) {
  const ContentHash hash = HashOf("abc");
  EXPECT_EQ(ContentHash::FromHex(hash.Hex()), hash);
}

TEST(ContentHash, OtherTextIsNone) {
  std::string text = HashOf("abc").Hex();
  EXPECT_EQ(ContentHash::FromHex(text + "0"), std::nullopt);
  EXPECT_EQ(ContentHash::FromHex(text.substr(1)), std::nullopt);
  EXPECT_EQ(ContentHash::FromHex(""), std::nullopt);
  text[5] = 'A';
  EXPECT_EQ(ContentHash::FromHex(text), std::nullopt);
}

}  // namespace
}  // namespace finder
