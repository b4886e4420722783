#include "fs/posix/process/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fs/file_system.h"
#include "fs/posix/files/posix_file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/child_process.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

using NamesOf = std::vector<std::string>;

class Interrupt : public testing::Test {
 protected:
  std::string At(const std::string& name) {
    return directory_.path() + "/" + name;
  }
  NamesOf Names() {
    PosixWorld world(std::make_unique<PosixFileSystem>());
    return world.Names(directory_.path());
  }
  std::unique_ptr<PendingFile> Create(FileSystem& fs) {
    return std::move(fs.CreateFile(At("file"), 0600)).value();
  }

  TemporaryDirectory directory_;
  PosixFileSystem nameless_;
  NamedTemporariesFileSystem named_;
};

TEST_F(Interrupt, EndsTheProcessAtOnceWhenNoFileIsPending) {
  for (const int signal_number : {SIGHUP, SIGINT, SIGTERM}) {
    EXPECT_EQ(SignalThatEnded([&] {
                InstallInterruptHandlers();
                raise(signal_number);
                return 0;
              }),
              signal_number);
  }
}

TEST_F(Interrupt, HandsSignalsToWhoStandsInForTheProcess) {
  for (const int signal_number : {SIGHUP, SIGINT, SIGTERM}) {
    EXPECT_EQ(ExitStatusOf([&] {
                const pid_t receiver = fork();
                if (receiver == 0) {
                  for (;;) pause();
                }
                InstallInterruptHandlers();
                HandSignalsTo(receiver);
                raise(signal_number);
                const int status = WaitFor(receiver);
                HandSignalsTo(0);
                return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
              }),
              signal_number);
  }
}

TEST_F(Interrupt, HoldsSignalsUntilItIsKnownWhoGetsThem) {
  EXPECT_EQ(SignalThatEnded([&] {
              InstallInterruptHandlers();
              HoldSignals();
              raise(SIGTERM);
              HandSignalsTo(0);
              return 0;
            }),
            SIGTERM);
  EXPECT_EQ(ExitStatusOf([&] {
              const pid_t receiver = fork();
              if (receiver == 0) {
                for (;;) pause();
              }
              InstallInterruptHandlers();
              HoldSignals();
              raise(SIGTERM);
              HandSignalsTo(receiver);
              const int status = WaitFor(receiver);
              HandSignalsTo(0);
              return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
            }),
            SIGTERM);
}

TEST_F(Interrupt, WaitsUntilANamedFileIsCommitted) {
  EXPECT_EQ(SignalThatEnded([&] {
              InstallInterruptHandlers();
              std::unique_ptr<PendingFile> file = Create(named_);
              raise(SIGINT);
              if (!file->Append("whole").ok()) return 1;
              (void)file->Commit();
              return 0;
            }),
            SIGINT);
  EXPECT_EQ(Names(), NamesOf{"file"});
}

TEST_F(Interrupt, WaitsUntilANamedFileIsRemoved) {
  EXPECT_EQ(SignalThatEnded([&] {
              InstallInterruptHandlers();
              std::unique_ptr<PendingFile> file = Create(named_);
              raise(SIGTERM);
              if (access(directory_.path().c_str(), F_OK) != 0) return 1;
              file.reset();
              return 0;
            }),
            SIGTERM);
  EXPECT_EQ(Names(), NamesOf());
}

TEST_F(Interrupt, WaitsForTheLastOfSeveral) {
  EXPECT_EQ(SignalThatEnded([&] {
              InstallInterruptHandlers();
              std::unique_ptr<PendingFile> first = Create(named_);
              std::unique_ptr<PendingFile> second = Create(named_);
              raise(SIGTERM);
              raise(SIGINT);
              first.reset();
              std::unique_ptr<PendingFile> third = Create(named_);
              second.reset();
              third.reset();
              return 0;
            }),
            SIGTERM);
  EXPECT_EQ(Names(), NamesOf());
}

TEST_F(Interrupt, DoesNotWaitForANamelessFile) {
  EXPECT_EQ(SignalThatEnded([&] {
              InstallInterruptHandlers();
              std::unique_ptr<PendingFile> file = Create(nameless_);
              if (!file->Append("x").ok()) return 1;
              if (!Names().empty()) return 0;  // no O_TMPFILE here
              raise(SIGINT);
              return 0;
            }),
            SIGINT);
  EXPECT_EQ(Names(), NamesOf());
}

TEST_F(Interrupt, AFailedCreateOrCommitIsNotWaitedFor) {
  EXPECT_EQ(SignalThatEnded([&] {
              InstallInterruptHandlers();
              if (named_.CreateFile(At("missing/x"), 0600).ok()) return 1;
              auto file = named_.CreateFile(At("."), 0600);
              if (file.ok()) return 1;
              if (!nameless_.MakeDirectory(At("file"), 0700).ok()) return 1;
              if (Create(named_)->Commit().ok()) return 1;
              if (Create(nameless_)->Commit().ok()) return 1;
              raise(SIGINT);
              return 0;
            }),
            SIGINT);
  EXPECT_EQ(Names(), NamesOf{"file"});
}

TEST_F(Interrupt, AnIgnoredSignalStaysIgnored) {
  EXPECT_EQ(ExitStatusOf([&] {
              signal(SIGINT, SIG_IGN);
              InstallInterruptHandlers();
              raise(SIGINT);
              return 7;
            }),
            7);
}

TEST_F(Interrupt, ABlockedSignalIsNoObstacle) {
  EXPECT_EQ(SignalThatEnded([&] {
              InstallInterruptHandlers();
              std::unique_ptr<PendingFile> file = Create(named_);
              raise(SIGINT);
              sigset_t all;
              sigfillset(&all);
              pthread_sigmask(SIG_BLOCK, &all, nullptr);
              file.reset();
              return 0;
            }),
            SIGINT);
}

// Writers in two threads are hit at any moment; a byte on a pipe tells when to
// strike.
TEST_F(Interrupt, LeavesNoTemporaryFileWheneverItComes) {
  for (int round = 0; round < 40; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
    const pid_t child = StartChild([&] {
      InstallInterruptHandlers();
      const auto write_forever = [&](FileSystem* fs) {
        for (;;) {
          std::unique_ptr<PendingFile> file = Create(*fs);
          (void)file->Append("whole");
          (void)file->Commit();
          if (write(pipe_ends[1], "x", 1) != 1) return;
        }
      };
      std::thread other(write_forever, &named_);
      write_forever(&nameless_);
      return 1;
    });
    for (int i = 0; i <= round % 10; ++i) {
      char byte;
      ASSERT_EQ(read(pipe_ends[0], &byte, 1), 1);
    }
    kill(child, round % 2 == 0 ? SIGINT : SIGTERM);
    const int status = WaitFor(child);
    EXPECT_TRUE(WIFSIGNALED(status));
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    ASSERT_EQ(Names(), NamesOf{"file"}) << "round " << round;
  }
}

}  // namespace
}  // namespace finder
