#include "cmd/actions/execution.h"

#include <errno.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmd/actions/action_messages.h"
#include "cmd/actions/action_target.h"
#include "cmd/actions/command_template.h"
#include "fs/child_process.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_child_process.h"
#include "fs/fake/fake_clock.h"
#include "fs/standard_streams.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using How = ExitStatus::How;
using Words = std::vector<std::string>;

class Answers final : public InputStream {
 public:
  Result<std::string> ReadAll(size_t) override { return std::string(); }
  Result<std::optional<std::string>> ReadLine() override {
    if (next == lines.size()) return std::optional<std::string>();
    return std::optional<std::string>(lines[next++]);
  }

  Words lines;
  size_t next = 0;
};

class ExecutionTest : public testing::Test {
 protected:
  ExecutionTest() {
    tree_.AddTree("f t/a/x\nf t/a/y\nf t/b/z\n", "/w");
    files_.SetWorkingDirectory("/w");
  }

  Execution Make(std::string_view action, const Words& words) {
    return {ParseCommand(action, words)->command,
            {&children_, &files_, &answers_, &err_, &messages_,
             [this] { ++flushes_; }}};
  }
  static ActionTarget Target(std::string_view path, uint32_t depth = 2) {
    return {.path = path, .start = "t", .depth = depth};
  }
  // The commands so far, a line each.
  std::string Commands() const {
    std::string lines;
    for (const ChildCommand& command : children_.commands()) {
      for (const std::string& word : command.arguments) lines += word + " ";
      lines.back() = '\n';
    }
    return lines;
  }
  void Exit(ExitStatus status) {
    children_.Behave(
        [=](const ChildCommand&) -> FakeChild { return {.status = status}; });
  }
  void FailToStart(int error) {
    children_.Behave([=](const ChildCommand&) -> FakeChild {
      return {.start_error = error};
    });
  }

  FakeClock clock_;
  FakeTree tree_{&clock_};
  FakeFileSystem files_{&tree_};
  FakeChildProcesses children_;
  Answers answers_;
  FakeStream err_;
  ActionMessages messages_{err_};
  int flushes_ = 0;
};

TEST_F(ExecutionTest, ACommandRunsForEachEntryAfterWhatWasPrinted) {
  Execution echo = Make("-exec", {"echo", "<{}>", ";"});
  EXPECT_TRUE(echo.Take(Target("t/a/x")));
  EXPECT_TRUE(echo.Take(Target("t/b/z")));
  EXPECT_EQ(Commands(), "echo <t/a/x>\necho <t/b/z>\n");
  EXPECT_EQ(flushes_, 2);
  EXPECT_EQ(children_.commands()[0].in, ChildStream::kInherit);
  EXPECT_TRUE(children_.commands()[0].inherit_descriptors);
}

TEST_F(ExecutionTest, AFailureIsAnAnswerAndNoProblem) {
  Execution command = Make("-exec", {"false", ";"});
  Exit({How::kExited, 1});
  EXPECT_FALSE(command.Take(Target("t/a/x")));
  EXPECT_EQ(err_.text, "");
  Exit({How::kSignalled, 9});
  EXPECT_FALSE(command.Take(Target("t/a/x")));
  EXPECT_EQ(err_.text, "finder: false: ended by signal 9\n");
  EXPECT_FALSE(messages_.had_problem());
}

TEST_F(ExecutionTest, AMissingProgramIsNamed) {
  Execution command = Make("-exec", {"nosuch", "{}", ";"});
  FailToStart(ENOENT);
  EXPECT_FALSE(command.Take(Target("t/a/x")));
  EXPECT_EQ(err_.text, "finder: nosuch: No such file or directory\n");
  EXPECT_FALSE(messages_.had_problem());
}

TEST_F(ExecutionTest, AMachineThatStartsNoProcessIsAProblem) {
  Execution command = Make("-exec", {"echo", ";"});
  FailToStart(EAGAIN);
  EXPECT_FALSE(command.Take(Target("t/a/x")));
  EXPECT_TRUE(messages_.had_problem());
}

TEST_F(ExecutionTest, ABatchRunsInTheEnd) {
  Execution echo = Make("-exec", {"echo", "{}", "+"});
  EXPECT_TRUE(echo.Take(Target("t/a/x")));
  EXPECT_TRUE(echo.Take(Target("t/a/y")));
  EXPECT_EQ(Commands(), "");
  echo.Finish();
  echo.Finish();
  EXPECT_EQ(Commands(), "echo t/a/x t/a/y\n");
}

TEST_F(ExecutionTest, AFailureOfABatchIsAProblem) {
  Exit({How::kExited, 3});
  Execution command = Make("-exec", {"false", "{}", "+"});
  EXPECT_TRUE(command.Take(Target("t/a/x")));
  command.Finish();
  EXPECT_EQ(err_.text, "");
  EXPECT_TRUE(messages_.had_problem());
}

TEST_F(ExecutionTest, ABatchOfAMissingProgramIsAProblem) {
  FailToStart(ENOENT);
  Execution command = Make("-exec", {"nosuch", "{}", "+"});
  EXPECT_TRUE(command.Take(Target("t/a/x")));
  command.Finish();
  EXPECT_EQ(err_.text, "finder: nosuch: No such file or directory\n");
  EXPECT_TRUE(messages_.had_problem());
}

TEST_F(ExecutionTest, ABatchHoldsAsMuchAsThatOfFind) {
  Execution echo = Make("-exec", {"./count.sh", "{}", "+"});
  const std::string path = "t/" + std::string(124, 'x');
  for (int i = 0; i < 2500; ++i) echo.Take(Target(path, 1));
  echo.Finish();
  // 126 bytes and a NUL each, 11 for the command, 131,072 in all.
  ASSERT_EQ(children_.commands().size(), 3u);
  EXPECT_EQ(children_.commands()[0].arguments.size(), 1032u);
  EXPECT_EQ(children_.commands()[1].arguments.size(), 1032u);
  EXPECT_EQ(children_.commands()[2].arguments.size(), 439u);
}

TEST_F(ExecutionTest, ABatchIsSmallerWhereTheEnvironmentTakesTheRoom) {
  children_.SetMaxArgumentBytes(4 * BytesOfArgument("t/a/x"));
  Execution echo = Make("-exec", {"echo", "{}", "+"});
  for (int i = 0; i < 4; ++i) echo.Take(Target("t/a/x"));
  echo.Finish();
  EXPECT_EQ(Commands(), "echo t/a/x t/a/x t/a/x\necho t/a/x\n");
}

TEST_F(ExecutionTest, ABatchThatTheKernelRefusesIsHalved) {
  children_.Behave([](const ChildCommand& command) -> FakeChild {
    if (command.arguments.size() > 3) return {.start_error = E2BIG};
    return {};
  });
  Execution echo = Make("-exec", {"e", "{}", "+"});
  for (int i = 0; i < 5; ++i) echo.Take(Target("t/a/x"));
  echo.Finish();
  size_t ran = 0;
  for (const ChildCommand& command : children_.commands()) {
    if (command.arguments.size() <= 3) ran += command.arguments.size() - 1;
  }
  EXPECT_EQ(ran, 5u);
  EXPECT_FALSE(messages_.had_problem());
}

TEST_F(ExecutionTest, APathThatNeverFitsIsToldOf) {
  FailToStart(E2BIG);
  Execution batch = Make("-exec", {"e", "{}", "+"});
  batch.Take(Target("t/a/x"));
  batch.Finish();
  EXPECT_EQ(err_.text, "finder: e: Argument list too long\n");
  EXPECT_TRUE(messages_.had_problem());
}

TEST_F(ExecutionTest, InDirectoriesNamesBeginWithADot) {
  std::vector<std::string> directories;
  children_.Behave([&](const ChildCommand& command) -> FakeChild {
    directories.push_back(command.base != nullptr ? "opened"
                                                  : command.directory);
    return {};
  });
  Execution echo = Make("-execdir", {"echo", "{}", ";"});
  EXPECT_TRUE(echo.Take(Target("t/a/x")));
  EXPECT_TRUE(echo.Take(Target("t", 0)));
  ActionTarget top = {.path = "/", .start = "/"};
  EXPECT_TRUE(echo.Take(top));
  EXPECT_EQ(Commands(), "echo ./x\necho ./t\necho /\n");
  EXPECT_EQ(directories, (Words{"opened", ".", "/"}));
}

TEST_F(ExecutionTest, ABatchInADirectoryEndsWithIt) {
  Execution echo = Make("-execdir", {"echo", "{}", "+"});
  echo.Take(Target("t/a/x"));
  echo.Take(Target("t/a/y"));
  echo.Take(Target("t/b/z"));
  EXPECT_EQ(Commands(), "echo ./x ./y\n");
  echo.Finish();
  EXPECT_EQ(Commands(), "echo ./x ./y\necho ./z\n");
}

TEST_F(ExecutionTest, ADirectoryThatIsGoneIsAProblem) {
  tree_.RemoveAll("/w/t/a");
  Execution echo = Make("-execdir", {"echo", "{}", ";"});
  EXPECT_FALSE(echo.Take(Target("t/a/x")));
  EXPECT_EQ(err_.text, "finder: t/a/x: No such file or directory\n");
  EXPECT_TRUE(messages_.had_problem());
}

TEST_F(ExecutionTest, ConsentIsAskedForEachEntry) {
  answers_.lines = {"y", "no", "Yes, please", ""};
  Execution echo = Make("-ok", {"echo", "a", "{}", ";"});
  EXPECT_TRUE(echo.Take(Target("t/a/x")));
  EXPECT_FALSE(echo.Take(Target("t/a/y")));
  EXPECT_TRUE(echo.Take(Target("t/b/z")));
  EXPECT_FALSE(echo.Take(Target("t/b/z")));
  EXPECT_EQ(Commands(), "echo a t/a/x\necho a t/b/z\n");
  EXPECT_TRUE(err_.text.starts_with("< echo ... t/a/x > ? < echo ... t/a/y"));
  EXPECT_EQ(children_.commands()[0].in, ChildStream::kNull);
}

TEST_F(ExecutionTest, ClosedInputIsNoConsent) {
  Execution echo = Make("-okdir", {"echo", "{}", ";"});
  EXPECT_FALSE(echo.Take(Target("t/a/x")));
  EXPECT_EQ(err_.text, "< echo ... t/a/x > ? ");
  EXPECT_EQ(Commands(), "");
}

}  // namespace
}  // namespace finder
