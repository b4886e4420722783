#include "cmd/find/find_expression.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace finder {
namespace {

FindRequest Parse(const std::vector<std::string>& arguments) {
  absl::StatusOr<FindRequest> request = FindRequest::Parse(arguments);
  EXPECT_TRUE(request.ok()) << request.status();
  return request.ok() ? *std::move(request) : FindRequest();
}

std::string Refusal(const std::vector<std::string>& arguments) {
  return std::string(FindRequest::Parse(arguments).status().message());
}

// What is printed for "./a/b.c", a file.
std::string Printed(const std::vector<std::string>& arguments) {
  const std::string path = "./a/b.c";
  std::string out;
  Parse(arguments).Ask({.path = path, .name = "b.c", .kind = EntryKind::kFile},
                       [&out](char end) { out += end == '\n' ? 'n' : '0'; });
  return out;
}

TEST(FindExpressionTest, PathsStandBeforeTheExpression) {
  EXPECT_EQ(Parse({}).paths, std::vector<std::string>({"."}));
  EXPECT_EQ(Parse({"a/", "", "-", "-true"}).paths,
            std::vector<std::string>({"a/", "", "-"}));
  EXPECT_EQ(Parse({"-P", "-L", "a"}).view.links, LinkPolicy::kFollow);
  EXPECT_EQ(Parse({"-L", "-P", "--", "a"}).view.links, LinkPolicy::kNoFollow);
}

TEST(FindExpressionTest, DepthsAreOfTheWholeCommand) {
  const FindRequest request =
      Parse({"-mindepth", "1", "-o", "!", "-maxdepth", "3"});
  EXPECT_EQ(request.query.min_depth, 1u);
  EXPECT_EQ(request.query.max_depth, 3u);
}

TEST(FindExpressionTest, AndBindsTighterThanOrThanComma) {
  EXPECT_EQ(Printed({"-true", "-o", "-true", "-false"}), "n");
  EXPECT_EQ(Printed({"(", "-true", "-o", "-true", ")", "-false"}), "");
  EXPECT_EQ(Printed({"!", "-false", "-false"}), "");
  EXPECT_EQ(Printed({"-print", ",", "-false", "-o", "-print0"}), "n0");
  EXPECT_EQ(Printed({"-not", "!", "-true", "-and", "-true"}), "n");
}

TEST(FindExpressionTest, PrintIsImpliedUnlessThereIsAnAction) {
  EXPECT_EQ(Printed({}), "n");
  EXPECT_EQ(Printed({"-prune"}), "n");
  EXPECT_EQ(Printed({"-quit"}), "");
  EXPECT_EQ(Printed({"-false", "-o", "-print0"}), "0");
  EXPECT_EQ(Printed({"-print", "-print0"}), "n0");
  EXPECT_EQ(Printed({"-false", "-print"}), "");
}

TEST(FindExpressionTest, NothingIsAskedAfterQuit) {
  EXPECT_EQ(Printed({"-print", "-quit", "-print"}), "n");
  EXPECT_EQ(Printed({"!", "-quit", "-o", "-print"}), "");
}

TEST(FindExpressionTest, PatternsAreThoseOfTheShell) {
  EXPECT_EQ(Printed({"-name", "*.c"}), "n");
  EXPECT_EQ(Printed({"-name", "B.C"}), "");
  EXPECT_EQ(Printed({"-iname", "B.C"}), "n");
  EXPECT_EQ(Printed({"-name", "[!a]\\.[[:lower:]]"}), "n");
  EXPECT_EQ(Printed({"-path", "*b*"}), "n");
  EXPECT_EQ(Printed({"-path", "a/*"}), "");
  EXPECT_EQ(Printed({"-ipath", "./A?b.c"}), "n");
  EXPECT_EQ(Printed({"-type", "d,f"}), "n");
  EXPECT_EQ(Printed({"-type", "d"}), "");
}

TEST(FindExpressionTest, RefusesWithTheReason) {
  EXPECT_EQ(Refusal({"-size", "1"}), "find: -size is not supported");
  EXPECT_EQ(Refusal({"-name"}), "find: -name needs a value");
  EXPECT_EQ(Refusal({"-and", "-true"}), "find: nothing before '-and'");
  EXPECT_EQ(Refusal({"!"}), "find: the expression ends too early");
  EXPECT_EQ(Refusal({"-type", "f,"}), "find: -type 'f,': no such type");
  EXPECT_EQ(Refusal({"-type", "fd"}), "find: -type 'fd': no such type");
  EXPECT_EQ(Refusal({"-maxdepth", "99999999999"}),
            "find: -maxdepth '99999999999': not a whole number");
  EXPECT_EQ(Refusal(std::vector<std::string>(9999, "(")),
            "find: too many parentheses inside one another");
}

}  // namespace
}  // namespace finder
