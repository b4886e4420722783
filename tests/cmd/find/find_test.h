// `finder find` on a fake machine.
#ifndef FINDER_TESTS_CMD_FIND_FIND_TEST_H_
#define FINDER_TESTS_CMD_FIND_FIND_TEST_H_

#include <string>
#include <utility>
#include <vector>

#include "cmd/exit_code.h"
#include "cmd/find/find_command.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"
#include "tests/cmd/command_test.h"

namespace finder {

class FindTest : public CommandTest {
 protected:
  // What is printed. code_ and err_ have the rest.
  std::string Find(std::vector<std::string> arguments) {
    Program program = NewProgram();
    return Run(program, std::move(arguments));
  }
  // The same with a cache.
  std::string FindWarm(std::vector<std::string> arguments) {
    Program program = NewProgramWithCache();
    return Run(program, std::move(arguments));
  }
  // What is said when it fails, without "finder: find: " and the newline.
  std::string Refusal(std::vector<std::string> arguments) {
    EXPECT_EQ(Find(std::move(arguments)), "");
    EXPECT_EQ(code_, ExitCode::kNo);
    const std::string begin = "finder: find: ";
    EXPECT_TRUE(err_.text.starts_with(begin)) << err_.text;
    EXPECT_EQ(err_.text.find('\n'), err_.text.size() - 1) << err_.text;
    return err_.text.substr(begin.size(), err_.text.size() - begin.size() - 1);
  }
  // A name for each letter, of the entries in /work/t.
  std::string Matches(std::vector<std::string> expression) {
    std::vector<std::string> arguments = {"t", "-mindepth", "1", "("};
    for (std::string& word : expression) arguments.push_back(std::move(word));
    arguments.emplace_back(")");
    std::string names;
    for (const char c : Find(std::move(arguments))) {
      if (c != 't' && c != '/') names += c == '\n' ? ' ' : c;
    }
    EXPECT_EQ(err_.text, "");
    return names;
  }

  ExitCode code_ = ExitCode::kDone;

 private:
  std::string Run(Program& program, std::vector<std::string> arguments) {
    CommandLine command;
    command.operands = std::move(arguments);
    code_ = RunFind(command, program);
    return out_.text;
  }
};

}  // namespace finder

#endif  // FINDER_TESTS_CMD_FIND_FIND_TEST_H_
