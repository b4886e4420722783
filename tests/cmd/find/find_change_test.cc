// `finder find` where the tree changes: by its own actions, and by those who
// come after it within the same second.

#include <string>

#include "fs/fake/fake_child_process.h"
#include "gtest/gtest.h"
#include "tests/cmd/find/find_test.h"

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

class FindChangeTest : public FindTest,
                       public testing::WithParamInterface<bool> {
 protected:
  FindChangeTest() {
    tree_.AddTree("f t/a.o\nf t/b.c\nf t/d/c.o\nf t/d/e.c\nd t/e\n", "/work");
    tree_.Chown("/work", FakeUser().id);
    for (const char* path : {"/work/t", "/work/t/d", "/work/t/e"}) {
      tree_.Chown(path, FakeUser().id);
    }
    if (GetParam()) {
      tree_.SetStampRule("/", {.granularity_ns = kSecond});
    }
    clock_.Advance(10 * kSecond);
    EXPECT_EQ(FindWarm({"t", "-name", "*.o"}), "t/a.o\nt/d/c.o\n");
    // Of the next run all is trusted.
    EXPECT_EQ(FindWarm({"t", "-name", "*.o"}), "t/a.o\nt/d/c.o\n");
  }
};

INSTANTIATE_TEST_SUITE_P(Stamps, FindChangeTest, testing::Bool());

TEST_P(FindChangeTest, TheRunAfterADeletionIsRightWithinTheSameSecond) {
  EXPECT_EQ(FindWarm({"t", "-name", "*.o", "-delete"}), "");
  EXPECT_EQ(code_, ExitCode::kDone) << err_.text;
  EXPECT_EQ(FindWarm({"t"}), "t\nt/b.c\nt/d\nt/d/e.c\nt/e\n");
  EXPECT_EQ(FindWarm({"t", "-type", "f", "-delete"}), "");
  EXPECT_EQ(FindWarm({"t"}), "t\nt/d\nt/e\n");
  tree_.WriteFile("/work/t/e/new");
  EXPECT_EQ(FindWarm({"t"}), "t\nt/d\nt/e\nt/e/new\n");
}

TEST_P(FindChangeTest, DirectoriesThatAreEmptiedByTheRunAreEmpty) {
  tree_.RemoveAll("/work/t/d/e.c");
  EXPECT_EQ(FindWarm({"t", "-mindepth", "1", "(", "-name", "*.o", "-o", "-type",
                      "d", "-empty", ")", "-print", "-delete"}),
            "t/a.o\nt/d/c.o\nt/d\nt/e\n");
  EXPECT_EQ(FindWarm({"t"}), "t\nt/b.c\n");
}

TEST_P(FindChangeTest, ACommandThatRemovesADirectoryIsNoticed) {
  machine_.children().Behave([this](const ChildCommand& command) {
    tree_.RemoveAll("/work/" + command.arguments.back());
    return FakeChild();
  });
  FindWarm({"t", "-name", "d", "-exec", "rm", "-r", "{}", ";", "-o", "-print"});
  EXPECT_EQ(out_.text, "t\nt/a.o\nt/b.c\nt/e\n");
  EXPECT_EQ(err_.text, "finder: t/d: No such file or directory\n");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(FindWarm({"t"}), "t\nt/a.o\nt/b.c\nt/e\n");
}

TEST_P(FindChangeTest, WhatACommandMakesInADirectoryAheadIsFound) {
  machine_.children().Behave([this](const ChildCommand&) {
    tree_.AddTree("f t/e/n/new\n", "/work");
    return FakeChild();
  });
  EXPECT_EQ(FindWarm({"t", "-name", "a.o", "-exec", "make", ";", "-o", "-name",
                      "new", "-print"}),
            "t/e/n/new\n");
  EXPECT_EQ(FindWarm({"t/e"}), "t/e\nt/e/n\nt/e/n/new\n");
}

TEST_P(FindChangeTest, WhatACommandDoesToTheNextFileIsSeenByItsTest) {
  machine_.children().Behave([this](const ChildCommand&) {
    tree_.WriteFile("/work/t/b.c", "longer");
    return FakeChild();
  });
  EXPECT_EQ(FindWarm({"t", "-maxdepth", "1", "-type", "f", "-size", "0",
                      "-exec", "make", ";", "-print"}),
            "t/a.o\n");
}

TEST_P(FindChangeTest, DirectoriesThatStayedAreNotListedAgain) {
  files().calls().Reset();
  FindWarm({"t", "-name", "b.c", "-exec", "true", ";"});
  EXPECT_EQ(files().calls().counters().list, 0);
}

}  // namespace
}  // namespace finder
