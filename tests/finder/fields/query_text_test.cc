#include "finder/fields/query_text.h"

#include "gtest/gtest.h"

namespace finder {
namespace {

TEST(QueryText, IsTheSameForTheSameAnswers) {
  Query a;
  a.globs = {"b", "a", "a"};
  a.extensions = {".c"};
  a.at = {"x/./y/"};
  Query b;
  b.globs = {"a", "b"};
  b.extensions = {"c"};
  b.at = {"x/y"};
  EXPECT_EQ(CanonicalText(a), CanonicalText(b));
  b.min_depth = 1;
  EXPECT_NE(CanonicalText(a), CanonicalText(b));
}

TEST(QueryText, TellsListsApart) {
  Query a;
  a.names = {"a b", "\n"};
  Query b;
  b.names = {"a", "b", "\n"};
  EXPECT_NE(CanonicalText(a), CanonicalText(b));
  EXPECT_EQ(CanonicalText(a), "finder query 1\nname \"\\x0a\" \"a b\"\n");
}

}  // namespace
}  // namespace finder
