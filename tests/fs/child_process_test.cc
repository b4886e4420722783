// PosixChildProcesses with real commands, and what FakeChildProcesses tells.
#include "fs/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fs/fake/fake_child_process.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/process/posix_child_process.h"
#include "gtest/gtest.h"
#include "tests/fs/child_process.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

using How = ExitStatus::How;
using From = ChildRead::From;

// Prints for a shell which of the signals are ignored.
constexpr char kPrintIgnored[] =
    "while read name value; do test $name = SigIgn: && echo $value; done "
    "</proc/self/status";

struct Ran {
  int error = 0;
  std::string out = {};
  std::string err = {};
  ExitStatus status = {};
};

Ran ReadAll(ChildProcess& child) {
  Ran ran;
  char buffer[4096];
  for (;;) {
    const Result<ChildRead> read = child.Read(buffer, sizeof(buffer));
    EXPECT_TRUE(read.ok());
    if (!read.ok() || read->from == From::kEnd) break;
    (read->from == From::kError ? ran.err : ran.out)
        .append(buffer, read->size_bytes);
  }
  const Result<ExitStatus> status = child.Wait();
  EXPECT_TRUE(status.ok());
  if (status.ok()) ran.status = status.value();
  return ran;
}

Ran RunCommand(ChildProcesses& children, ChildCommand command) {
  command.in = ChildStream::kNull;
  command.out = ChildStream::kPipe;
  command.err = ChildStream::kPipe;
  Result<std::unique_ptr<ChildProcess>> child = children.Start(command);
  if (!child.ok()) return {.error = child.error().code()};
  return ReadAll(*child.value());
}

ChildCommand Shell(const std::string& script) {
  ChildCommand command;
  command.arguments = {"sh", "-c", script};
  return command;
}

Ran RunShell(const std::string& script) {
  PosixChildProcesses children;
  return RunCommand(children, Shell(script));
}

void WriteProgram(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  ASSERT_EQ(chmod(path.c_str(), 0755), 0);
}

TEST(ChildProcess, TellsTheExitCodeAndBothStreams) {
  const Ran ran = RunShell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(ran.out, "out\n");
  EXPECT_EQ(ran.err, "err\n");
  EXPECT_EQ(ran.status, (ExitStatus{How::kExited, 7}));
  EXPECT_FALSE(ran.status.succeeded());
}

TEST(ChildProcess, TellsTheSignalThatEndedIt) {
  EXPECT_EQ(RunShell("kill -9 $$").status, (ExitStatus{How::kSignalled, 9}));
}

TEST(ChildProcess, AMissingProgramFailsToStart) {
  PosixChildProcesses children;
  ChildCommand command;
  command.arguments = {"/nowhere/program"};
  EXPECT_EQ(RunCommand(children, command).error, ENOENT);
  command.arguments = {"no-such-program-anywhere"};
  EXPECT_EQ(RunCommand(children, command).error, ENOENT);
  command.arguments = {"/etc/passwd"};
  EXPECT_EQ(RunCommand(children, command).error, EACCES);
  command.arguments = {"true", std::string(size_t{4} << 20, 'x')};
  EXPECT_EQ(RunCommand(children, command).error, E2BIG);
}

TEST(ChildProcess, AMissingDirectoryFailsToStart) {
  PosixChildProcesses children;
  ChildCommand command = Shell("pwd");
  command.directory = "/nowhere";
  EXPECT_EQ(RunCommand(children, command).error, ENOENT);
  command.directory = "/etc/passwd";
  EXPECT_EQ(RunCommand(children, command).error, ENOTDIR);
}

TEST(ChildProcess, StartsWhereItIsTold) {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path() + "/sub");
  PosixChildProcesses children;
  ChildCommand command = Shell("pwd");
  command.directory = directory.path();
  EXPECT_EQ(RunCommand(children, command).out, directory.path() + "\n");
  PosixFileSystem files;
  const auto base = files.OpenDirectory(DirectoryHandle(), directory.path(),
                                        SymlinkPolicy::kFollow);
  ASSERT_TRUE(base.ok());
  command.base = &base.value();
  command.directory = "";
  EXPECT_EQ(RunCommand(children, command).out, directory.path() + "\n");
  command.directory = "sub";
  EXPECT_EQ(RunCommand(children, command).out, directory.path() + "/sub\n");
}

TEST(ChildProcess, StartsInADirectoryBeyondPathMax) {
  const TemporaryDirectory directory;
  PosixFileSystem files;
  std::string path = directory.path();
  while (path.size() < 2 * PATH_MAX) {
    path += "/" + std::string(200, 'd');
    ASSERT_TRUE(files.MakeDirectory(path, 0700).ok());
  }
  PosixChildProcesses children;
  ChildCommand command = Shell("echo x >made");
  command.directory = path;
  EXPECT_TRUE(RunCommand(children, command).status.succeeded());
  EXPECT_TRUE(
      files.Stat(DirectoryHandle(), path + "/made", SymlinkPolicy::kNoFollow)
          .ok());
}

TEST(ChildProcess, LooksAProgramUpInPathFromWhereItStarts) {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path() + "/bin");
  WriteProgram(directory.path() + "/bin/own-program", "#!/bin/sh\necho own\n");
  // No "#!": the kernel refuses it, and a shell runs it.
  WriteProgram(directory.path() + "/bin/bare-script", "echo \"$0 $1\"\n");
  const int status = ExitStatusOf([&] {
    setenv("PATH", "/nowhere:bin:/bin", 1);
    PosixChildProcesses children;
    ChildCommand command;
    command.directory = directory.path();
    command.arguments = {"own-program"};
    if (RunCommand(children, command).out != "own\n") return 1;
    command.arguments = {"bare-script", "argument"};
    if (RunCommand(children, command).out != "bin/bare-script argument\n")
      return 2;
    return 0;
  });
  EXPECT_EQ(status, 0);
}

TEST(ChildProcess, GetsTheEnvironmentItIsGiven) {
  PosixChildProcesses children;
  ChildCommand command;
  command.arguments = {"/usr/bin/env"};
  command.environment = {"A=1", "B=two"};
  EXPECT_EQ(RunCommand(children, command).out, "A=1\nB=two\n");
  command.environment.emplace();
  EXPECT_EQ(RunCommand(children, command).out, "");
}

TEST(ChildProcess, GetsNoDescriptorThatThisProcessHasOpened) {
  const int status = ExitStatusOf([] {
    const int inherited = dup2(STDERR_FILENO, 100);
    const int own = open("/", O_RDONLY | O_CLOEXEC);
    if (inherited != 100 || own < 0) return 1;
    const std::string script =
        "for i in 100 " + std::to_string(own) +
        "; do test -e /proc/self/fd/$i && echo open || echo closed; done";
    PosixChildProcesses children;
    ChildCommand command = Shell(script);
    if (RunCommand(children, command).out != "closed\nclosed\n") return 2;
    command.inherit_descriptors = true;
    if (RunCommand(children, command).out != "open\nclosed\n") return 3;
    return 0;
  });
  EXPECT_EQ(status, 0);
}

TEST(ChildProcess, IgnoresNoSignalThatThisProcessHasIgnoredSince) {
  const int status = ExitStatusOf([] {
    signal(SIGUSR1, SIG_IGN);
    PosixChildProcesses children;
    const std::string before = RunCommand(children, Shell(kPrintIgnored)).out;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (RunCommand(children, Shell(kPrintIgnored)).out != before) return 1;
    // Who ignored it before goes on doing so.
    PosixChildProcesses ignoring;
    if (RunCommand(ignoring, Shell(kPrintIgnored)).out == before) return 2;
    return 0;
  });
  EXPECT_EQ(status, 0);
}

TEST(ChildProcess, HasTheSignalMaskOfTheStart) {
  const int status = ExitStatusOf([] {
    PosixChildProcesses children;
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, nullptr);
    return RunCommand(children, Shell("kill -TERM $$")).status ==
                   ExitStatus{How::kSignalled, SIGTERM}
               ? 0
               : 1;
  });
  EXPECT_EQ(status, 0);
}

TEST(ChildProcess, IsWaitedForEvenIfChildrenWereIgnored) {
  const int status = ExitStatusOf([] {
    signal(SIGCHLD, SIG_IGN);
    PosixChildProcesses children;
    return RunCommand(children, Shell("exit 3")).status.number;
  });
  EXPECT_EQ(status, 3);
}

TEST(ChildProcess, TakesInputAndSeesItsEnd) {
  PosixChildProcesses children;
  ChildCommand command;
  command.arguments = {"cat"};
  command.in = ChildStream::kPipe;
  command.out = ChildStream::kPipe;
  auto child = children.Start(command);
  ASSERT_TRUE(child.ok());
  EXPECT_TRUE(child.value()->Write("some bytes").ok());
  child.value()->CloseInput();
  EXPECT_EQ(ReadAll(*child.value()).out, "some bytes");
}

TEST(ChildProcess, ReadsStreamsInTheOrderOfTheirWrites) {
  PosixChildProcesses children;
  // Each write waits until the one before has been read.
  ChildCommand command =
      Shell("echo 1; read x; echo 2 >&2; read x; echo 3; read x; echo 4 >&2");
  command.in = command.out = command.err = ChildStream::kPipe;
  auto child = children.Start(command);
  ASSERT_TRUE(child.ok());
  std::string order;
  char buffer[16];
  for (;;) {
    const Result<ChildRead> read = child.value()->Read(buffer, sizeof(buffer));
    ASSERT_TRUE(read.ok());
    if (read->from == From::kEnd) break;
    order += read->from == From::kError ? 'e' : 'o';
    order.append(buffer, read->size_bytes);
    static_cast<void>(child.value()->Write("\n").ok());
  }
  EXPECT_EQ(order, "o1\ne2\no3\ne4\n");
}

TEST(ChildProcess, TheStreamThatGotSomethingFirstIsReadFirst) {
  PosixChildProcesses children;
  for (const bool error_first : {false, true}) {
    ChildCommand command;
    command.arguments = {
        "sh", "-c",
        error_first ? "echo err >&2; echo out" : "echo out; echo err >&2"};
    command.out = command.err = ChildStream::kPipe;
    auto child = children.Start(command);
    ASSERT_TRUE(child.ok());
    ASSERT_TRUE(child.value()->Wait().ok());
    char buffer[100];
    const Result<ChildRead> first = child.value()->Read(buffer, sizeof(buffer));
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->from, error_first ? From::kError : From::kOutput);
    EXPECT_EQ(first->size_bytes, 4u);
    const Result<ChildRead> second =
        child.value()->Read(buffer, sizeof(buffer));
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(second->from, error_first ? From::kOutput : From::kError);
    const Result<ChildRead> end = child.value()->Read(buffer, sizeof(buffer));
    ASSERT_TRUE(end.ok());
    EXPECT_EQ(end->from, From::kEnd);
  }
}

TEST(ChildProcess, ASilentChildIsNoticedInTime) {
  PosixChildProcesses children;
  ChildCommand command = Shell("read x; echo done");
  command.in = command.out = ChildStream::kPipe;
  auto child = children.Start(command);
  ASSERT_TRUE(child.ok());
  char buffer[16];
  const Result<ChildRead> read = child.value()->Read(buffer, sizeof(buffer), 0);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->from, From::kTimeout);
  EXPECT_FALSE(child.value()->HasEnded().value().has_value());
  child.value()->CloseInput();
  EXPECT_EQ(ReadAll(*child.value()).out, "done\n");
  EXPECT_TRUE(child.value()->HasEnded().value().has_value());
}

TEST(ChildProcess, ASignalReachesTheWholeGroup) {
  PosixChildProcesses children;
  // The inner shell holds the pipe open, too.
  ChildCommand command = Shell("sh -c 'echo ready; read x' & wait");
  command.in = command.out = ChildStream::kPipe;
  command.own_group = true;
  auto child = children.Start(command);
  ASSERT_TRUE(child.ok());
  char buffer[16];
  ASSERT_TRUE(child.value()->Read(buffer, sizeof(buffer)).ok());
  EXPECT_TRUE(child.value()->SendSignal(SIGKILL).ok());
  EXPECT_EQ(ReadAll(*child.value()).status,
            (ExitStatus{How::kSignalled, SIGKILL}));
  EXPECT_EQ(child.value()->SendSignal(SIGKILL).error().code(), ESRCH);
}

TEST(ChildProcess, ManyThreadsWorthOfChildrenRunAtOnce) {
  PosixChildProcesses children;
  std::vector<std::unique_ptr<ChildProcess>> running;
  for (int i = 0; i < 20; ++i) {
    ChildCommand command = Shell("read x; exit " + std::to_string(i));
    command.in = ChildStream::kPipe;
    auto child = children.Start(command);
    ASSERT_TRUE(child.ok());
    running.push_back(std::move(child).value());
  }
  // The first child's input ends although later children were started.
  for (size_t i = 0; i < running.size(); ++i) {
    running[i]->CloseInput();
    EXPECT_EQ(running[i]->Wait()->number, static_cast<int>(i));
  }
}

TEST(ChildProcess, ArgumentsUpToTheLimitFit) {
  PosixChildProcesses children;
  ChildCommand command;
  command.arguments = {"true"};
  size_t left = children.MaxArgumentBytes() - BytesOfArgument("true");
  EXPECT_GE(left, size_t{4096});
  // Short ones take most of their room by their pointers.
  while (left >= BytesOfArgument("xy")) {
    command.arguments.emplace_back("xy");
    left -= BytesOfArgument("xy");
  }
  EXPECT_TRUE(RunCommand(children, command).status.succeeded());
}

TEST(ChildProcess, TheEnvironmentTakesRoomFromTheArguments) {
  PosixChildProcesses children;
  const size_t before = children.MaxArgumentBytes();
  ASSERT_EQ(setenv("FINDER_TEST_BIG", std::string(1000, 'x').c_str(), 1), 0);
  EXPECT_EQ(before - children.MaxArgumentBytes(),
            BytesOfArgument("FINDER_TEST_BIG=" + std::string(1000, 'x')));
  unsetenv("FINDER_TEST_BIG");
}

TEST(FakeChildProcess, DoesWhatTheTestSays) {
  FakeChildProcesses children;
  children.Behave([](const ChildCommand& command) -> FakeChild {
    if (command.arguments[0] == "missing") return {.start_error = ENOENT};
    return {.status = {How::kExited, 5},
            .writes = {{From::kOutput, "a"}, {From::kError, "b"}}};
  });
  ChildCommand command;
  command.arguments = {"missing"};
  EXPECT_EQ(RunCommand(children, command).error, ENOENT);
  command.arguments = {"there"};
  const Ran ran = RunCommand(children, command);
  EXPECT_EQ(ran.out + ran.err, "ab");
  EXPECT_EQ(ran.status.number, 5);
  ASSERT_EQ(children.commands().size(), 2u);
  EXPECT_EQ(children.commands()[1].arguments[0], "there");
}

}  // namespace
}  // namespace finder
