#include "cmd/search/verify.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace finder {
namespace {

using Answers = std::vector<AnswerList::Answer>;

constexpr EntryKind kFile = EntryKind::kFile;
constexpr EntryKind kSymlink = EntryKind::kSymlink;

std::string Differences(const Answers& answered, const Answers& walked) {
  std::string out;
  const uint64_t count =
      AppendDifferences(answered, walked, Reader::kProgram, out);
  return std::to_string(count) + "\n" + out;
}

TEST(Verify, EqualListsDoNotDiffer) {
  EXPECT_EQ(Differences({}, {}), "0\n");
  EXPECT_EQ(
      Differences({{"a", kFile}, {"b", kFile}}, {{"a", kFile}, {"b", kFile}}),
      "0\n");
}

TEST(Verify, SaysWhatEitherSideLacks) {
  EXPECT_EQ(Differences({{"a", kFile}, {"c", kFile}, {"d", kFile}},
                        {{"b", kFile}, {"c", kFile}, {"e", kFile}}),
            "4\n- a\n+ b\n- d\n+ e\n");
  EXPECT_EQ(Differences({}, {{"a", kFile}}), "1\n+ a\n");
  EXPECT_EQ(Differences({{"a", kFile}}, {}), "1\n- a\n");
}

TEST(Verify, AnotherTypeIsADifference) {
  EXPECT_EQ(Differences({{"a", kFile}}, {{"a", kSymlink}}), "2\n- a\n+ a\n");
}

}  // namespace
}  // namespace finder
