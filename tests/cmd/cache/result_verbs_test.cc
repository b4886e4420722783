// `finder cache` on kept results of commands.
#include <string>
#include <vector>

#include "cmd/dispatch.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"
#include "tests/cmd/fake_stream.h"
#include "tests/finder/results/result_world.h"
#include "tests/finder/results/sample_record.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class ResultVerbsTest : public ResultTest {
 protected:
  ResultVerbsTest() { ingredients_ = SampleIngredients(); }

  ExitCode Run(std::vector<std::string> arguments) {
    out_ = FakeStream();
    err_ = FakeStream();
    arguments.insert(arguments.begin(), "cache");
    arguments.insert(arguments.end(), {"--cache-dir", std::string(kCachePath)});
    process_->machine().SetWorkingDirectory("/home");
    Program program = ProgramOn(process_->machine().machine(), out_, err_);
    return Dispatch(arguments, program);
  }

  FakeStream out_;
  FakeStream err_;
};

TEST_F(ResultVerbsTest, ListOfAKindHasOnlyThat) {
  Put(MakeResult());
  Store(*cache_, "key", "facts");
  EXPECT_EQ(Run({"list", "--kind", "result"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("KEY           COMMAND\n"));
  EXPECT_THAT(out_.text, HasSubstr("aaaaaaaaaaaa  protoc a.proto\n"));
  EXPECT_EQ(Run({"list", "--kind", "result", "--json"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("\"kind\":\"result\""));
  EXPECT_THAT(out_.text, Not(HasSubstr("database\",")));
  EXPECT_EQ(Run({"list", "--kind", "database"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("ROOT\n"));
  EXPECT_EQ(Run({"list", "--long"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("command    protoc a.proto\n"));
}

TEST_F(ResultVerbsTest, ShowTellsAllOfOne) {
  SampleResult result;
  result.record = SampleRecord();
  result.payloads = {{.bytes = "one\nfailed\nno", .path = ""},
                     {.bytes = "bytes", .path = ""},
                     {}};
  Put(result, Key('5'));
  EXPECT_EQ(Run({"show", "5555"}), ExitCode::kDone);
  for (const std::string line :
       {"command      protoc --out caf?\n", "in           /home/me/src\n",
        "exit code    3\n", "printed      13 B\n", "uses         0, last ",
        "output       gen/\n", "output       gen/a??, 5 B\n",
        "output       gen/link -> ../a\n", "input        src/a.proto\n",
        "input        src/gone, absent\n", "env          CC\n",
        "env          LANG, not set\n", "option       output gen\n"}) {
    EXPECT_THAT(out_.text, HasSubstr(line));
  }
  EXPECT_EQ(Run({"show", "result-" + Key('5').digits, "--json"}),
            ExitCode::kDone);
  EXPECT_THAT(out_.text, StartsWith("{\"entry\":{\"key\":\"result-5555"));
  EXPECT_THAT(out_.text, HasSubstr(",\"record\":{\"key\":\"5555"));
  EXPECT_THAT(out_.text, HasSubstr(",\"ingredients\":{\"salt\":"));
}

TEST_F(ResultVerbsTest, ShowNeedsOneKey) {
  Put(MakeResult(), Key('a'));
  EXPECT_EQ(Run({"show"}), ExitCode::kFailed);
  EXPECT_EQ(Run({"show", "a", "b"}), ExitCode::kFailed);
  EXPECT_EQ(Run({"show", "b"}), ExitCode::kNo);
  EXPECT_THAT(err_.text, HasSubstr("show b: no such result"));
  Put(MakeResult(), ResultKey{"ab" + std::string(46, 'a')});
  EXPECT_EQ(Run({"show", "a"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("the keys of 2 results begin so"));
}

TEST_F(ResultVerbsTest, ClearOfAKindLeavesTheRest) {
  Put(MakeResult(), Key('a'));
  ASSERT_TRUE(store_.NoteLast(Key('c'), Key('a')).ok());
  ASSERT_TRUE(store_.AddDiscovered(Key('a'), {}).ok());
  ASSERT_TRUE(store_.WriteHashes("/src", "x").ok());
  Store(*cache_, "key", "facts");
  EXPECT_EQ(Run({"clear", "--kind", "result", "/other"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, StartsWith("0 removed"));
  EXPECT_EQ(Run({"clear", "--kind", "result"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, StartsWith("3 removed"));
  EXPECT_THAT(Keys(), ElementsAre(StartsWith("hashes-"), "key"));
  EXPECT_EQ(Run({"clear"}), ExitCode::kDone);
  EXPECT_THAT(Keys(), IsEmpty());
}

TEST_F(ResultVerbsTest, VerifyReadsEveryPayload) {
  ingredients_ = {};
  Put(MakeResult());
  ASSERT_TRUE(store_.NoteLast(Key('c'), Key('a')).ok());
  ASSERT_TRUE(store_.AddDiscovered(Key('a'), {}).ok());
  FileHashes hashes = NewHashes();
  ASSERT_TRUE(store_.WriteHashes("/src", hashes.Encode()).ok());
  EXPECT_EQ(Run({"verify"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "4 sound, 0 damaged\n");
  for (const std::string& file : FilesBelow(At("objects"))) {
    if (file.find("/data/") == file.npos) continue;
    const std::string bytes = tree_.ReadFile(file);
    std::string damaged = bytes;
    damaged[damaged.size() / 2] ^= 1;
    tree_.WriteFile(file, damaged);
    EXPECT_EQ(Run({"verify"}), ExitCode::kNo) << file;
    EXPECT_EQ(out_.text, "3 sound, 1 damaged\n") << file;
    tree_.WriteFile(file, bytes);
  }
  EXPECT_EQ(Run({"verify"}), ExitCode::kDone);
}

TEST_F(ResultVerbsTest, KindsAreThoseThatThereAre) {
  EXPECT_EQ(Run({"list", "--kind", "door"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("known are database, answer, result"));
  EXPECT_EQ(Run({"gc", "--kind", "result"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("--kind is for list and clear"));
}

}  // namespace
}  // namespace finder
