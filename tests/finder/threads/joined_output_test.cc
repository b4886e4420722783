#include "finder/threads/joined_output.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace finder {
namespace {

using Writes = std::vector<std::string>;

class JoinedOutputTest : public testing::Test {
 protected:
  Writes writes_;
  size_t wanted_ = 100;
  JoinedOutput output_{4, [this](std::string_view text) {
                         writes_.emplace_back(text);
                         return writes_.size() < wanted_;
                       }};
};

TEST_F(JoinedOutputTest, SmallPiecesAreOneWrite) {
  for (const char* piece : {"a", "", "bc"}) EXPECT_TRUE(output_.Add(piece));
  EXPECT_EQ(writes_, Writes());
  EXPECT_TRUE(output_.Add("d"));
  EXPECT_EQ(writes_, (Writes{"abcd"}));
  EXPECT_TRUE(output_.Add("e"));
  EXPECT_TRUE(output_.Flush());
  EXPECT_EQ(writes_, (Writes{"abcd", "e"}));
}

TEST_F(JoinedOutputTest, NothingIsNoWrite) {
  EXPECT_TRUE(output_.Add(""));
  EXPECT_TRUE(output_.Flush());
  EXPECT_EQ(writes_, Writes());
}

TEST_F(JoinedOutputTest, OrderIsKeptAroundALargePiece) {
  EXPECT_TRUE(output_.Add("large"));
  EXPECT_TRUE(output_.Add("s"));
  EXPECT_TRUE(output_.Add("large"));
  EXPECT_TRUE(output_.Flush());
  EXPECT_EQ(writes_, (Writes{"large", "s", "large"}));
}

TEST_F(JoinedOutputTest, WhoeverWantsNoMoreGetsNoMore) {
  wanted_ = 1;
  EXPECT_FALSE(output_.Add("first"));
  EXPECT_FALSE(output_.Add("second"));
  EXPECT_FALSE(output_.Add("s"));
  EXPECT_FALSE(output_.Flush());
  EXPECT_EQ(writes_, (Writes{"first"}));
}

}  // namespace
}  // namespace finder
