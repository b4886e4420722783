// Commands on a fake machine: what goes out, what is said, what is left.
#ifndef FINDER_TESTS_CMD_COMMAND_TEST_H_
#define FINDER_TESTS_CMD_COMMAND_TEST_H_

#include <string>
#include <string_view>

#include "cmd/program.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/fake/fake_machine.h"
#include "fs/machine.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"

namespace finder {

inline constexpr std::string_view kCommandDirectory = "/work";

// A program on `machine`, without variables.
inline Program ProgramOn(const Machine& machine, FakeStream& out,
                         FakeStream& err) {
  Program program;
  static_cast<Machine&>(program) = machine;
  program.out = &out;
  program.err = &err;
  return program;
}

// One user who works in /work and may keep a cache in /cache.
class CommandTest : public testing::Test {
 protected:
  CommandTest() : tree_(&clock_), machine_(&tree_, &clock_) {
    tree_.MakeDirectories(kCommandDirectory);
    machine_.SetWorkingDirectory(kCommandDirectory);
    tree_.MakeDirectories("/cache");
    tree_.Chown("/cache", FakeUser().id);
  }

  // The next program, before which nothing was said. Without a cache.
  Program NewProgram() {
    out_ = FakeStream();
    err_ = FakeStream();
    return ProgramOn(machine_.machine(), out_, err_);
  }
  // The same with its cache in /cache.
  Program NewProgramWithCache() {
    Program program = NewProgram();
    program.variables.cache.finder_cache_dir = "/cache";
    return program;
  }
  FakeFileSystem& files() { return machine_.files(); }

  FakeClock clock_;
  FakeTree tree_;
  FakeMachine machine_;
  FakeStream out_;
  FakeStream err_;
};

}  // namespace finder

#endif  // FINDER_TESTS_CMD_COMMAND_TEST_H_
