#include "cmd/search/check_command.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace finder {
namespace {

// Lists are written with '!' for NUL.
std::string Changes(std::string then, std::string now,
                    Reader reader = Reader::kProgram) {
  for (std::string* list : {&then, &now}) {
    for (char& c : *list) {
      if (c == '!') c = '\0';
    }
  }
  std::string out;
  AppendChanges(then, now, '\n', reader, out);
  return out;
}

TEST(AppendChanges, IsEmptyForEqualLists) {
  EXPECT_EQ(Changes("", ""), "");
  EXPECT_EQ(Changes("a!b!", "a!b!"), "");
}

TEST(AppendChanges, IsInTheOrderOfThePaths) {
  EXPECT_EQ(Changes("a!c!e!", "b!c!d!"), "D a\nA b\nA d\nD e\n");
  EXPECT_EQ(Changes("", "a!b!"), "A a\nA b\n");
  EXPECT_EQ(Changes("a!b!", ""), "D a\nD b\n");
}

TEST(AppendChanges, OrderIsThatOfBytes) {
  EXPECT_EQ(Changes("a/x!", "a-b!a/x!"), "A a-b\n");
  EXPECT_EQ(Changes("a!", "a!\xff!"), "A \xff\n");
  EXPECT_EQ(Changes("z!\xff!", "z!"), "D \xff\n");
}

TEST(AppendChanges, GivesATerminalNothingToObey) {
  EXPECT_EQ(Changes("", "a\x1b[31m!", Reader::kTerminal), "A a?[31m\n");
}

}  // namespace
}  // namespace finder
