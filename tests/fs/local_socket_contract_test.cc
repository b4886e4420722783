// What every LocalSockets must do, run on the kernel's and on the fake ones.
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fs/fake/fake_local_socket.h"
#include "fs/local_socket.h"
#include "fs/posix/socket/posix_local_socket.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

template <typename T>
int ErrorOf(const Result<T>& result) {
  return result.ok() ? 0 : result.error().code();
}
int ErrorOf(const Outcome& outcome) {
  return outcome.ok() ? 0 : outcome.error().code();
}

// Long enough for any machine; nothing here takes it.
constexpr int64_t kLongMs = 60'000;

class LocalSocketContract : public testing::TestWithParam<const char*> {
 protected:
  LocalSocketContract() {
    if (is_fake()) {
      auto fake = std::make_unique<FakeLocalSockets>();
      fake->SetPeer({.user_id = geteuid(),
                     .group_id = getegid(),
                     .process_id = getpid()});
      fake_ = fake.get();
      sockets_ = std::move(fake);
    } else {
      sockets_ = std::make_unique<PosixLocalSockets>();
      // The name has to be short.
      directory_ = "/tmp/finder_socket_XXXXXX";
      EXPECT_NE(mkdtemp(directory_.data()), nullptr);
    }
    path_ = directory_ + "/s";
  }
  ~LocalSocketContract() override {
    if (is_fake()) return;
    unlink(path_.c_str());
    rmdir(directory_.c_str());
  }
  bool is_fake() const { return std::string_view(GetParam()) == "Fake"; }
  void Remove() {
    if (fake_ != nullptr) fake_->Remove(path_);
    unlink(path_.c_str());
  }

  struct Both {
    std::unique_ptr<LocalListener> listener;
    std::unique_ptr<LocalConnection> client;
    std::unique_ptr<LocalConnection> server;
  };
  Both Connected() {
    Both both;
    both.listener = sockets_->Listen(path_).value();
    both.client = sockets_->Connect(path_, kLongMs).value();
    both.server = both.listener->Accept(kLongMs).value();
    return both;
  }

  std::unique_ptr<LocalSockets> sockets_;
  FakeLocalSockets* fake_ = nullptr;
  std::string directory_;
  std::string path_;
};

TEST_P(LocalSocketContract, WhatIsSentArrivesInBothDirections) {
  Both both = Connected();
  EXPECT_EQ(ErrorOf(both.client->Send("question", nullptr, kLongMs)), 0);
  EXPECT_EQ(both.server->Receive(5, kLongMs).value(), "quest");
  EXPECT_EQ(both.server->Receive(3, kLongMs).value(), "ion");
  EXPECT_EQ(
      ErrorOf(both.server->Send(std::string("a\0b", 3), nullptr, kLongMs)), 0);
  EXPECT_EQ(both.client->Receive(3, kLongMs).value(), std::string("a\0b", 3));
}

TEST_P(LocalSocketContract, ThePeerIsKnown) {
  Both both = Connected();
  const LocalPeer own = {
      .user_id = geteuid(), .group_id = getegid(), .process_id = getpid()};
  EXPECT_EQ(both.server->Peer().value(), own);
}

TEST_P(LocalSocketContract, WhatDoesNotComeTimesOut) {
  Both both = Connected();
  EXPECT_EQ(ErrorOf(both.listener->Accept(0)), ETIMEDOUT);
  EXPECT_EQ(ErrorOf(both.server->Receive(1, 0)), ETIMEDOUT);
}

TEST_P(LocalSocketContract, AnEndIsNoticed) {
  Both both = Connected();
  EXPECT_EQ(ErrorOf(both.client->Send("abc", nullptr, kLongMs)), 0);
  both.client.reset();
  EXPECT_EQ(both.server->Receive(2, kLongMs).value(), "ab");
  EXPECT_EQ(ErrorOf(both.server->Receive(2, kLongMs)), ECONNRESET);
  EXPECT_EQ(ErrorOf(both.server->Send("x", nullptr, kLongMs)), EPIPE);
}

TEST_P(LocalSocketContract, NobodyListensTwiceAndANameStays) {
  EXPECT_EQ(ErrorOf(sockets_->Connect(path_, kLongMs)), ENOENT);
  auto listener = sockets_->Listen(path_);
  ASSERT_EQ(ErrorOf(listener), 0);
  EXPECT_EQ(ErrorOf(sockets_->Listen(path_)), EADDRINUSE);
  std::move(listener).value().reset();
  EXPECT_EQ(ErrorOf(sockets_->Connect(path_, kLongMs)), ECONNREFUSED);
  EXPECT_EQ(ErrorOf(sockets_->Listen(path_)), EADDRINUSE);
  Remove();
  EXPECT_EQ(ErrorOf(sockets_->Listen(path_)), 0);
}

TEST_P(LocalSocketContract, ALongNameIsRefused) {
  const std::string path = directory_ + "/" + std::string(110, 'x');
  EXPECT_EQ(ErrorOf(sockets_->Listen(path)), ENAMETOOLONG);
  EXPECT_EQ(ErrorOf(sockets_->Connect(path, kLongMs)), ENAMETOOLONG);
}

TEST_P(LocalSocketContract, SharedBytesComeWithTheOthers) {
  Both both = Connected();
  const std::string text(200'000, 'x');
  auto shared = sockets_->Share(text);
  ASSERT_EQ(ErrorOf(shared), 0);
  EXPECT_EQ(ErrorOf(both.server->TakeShared(text.size())), ENOENT);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ErrorOf(both.client->Send("with", shared.value().get(), kLongMs)),
              0);
    EXPECT_EQ(both.server->Receive(4, kLongMs).value(), "with");
    const auto taken = both.server->TakeShared(text.size());
    ASSERT_EQ(ErrorOf(taken), 0);
    EXPECT_EQ(taken.value()->bytes(), text);
  }
  EXPECT_EQ(ErrorOf(both.client->Send("with", shared.value().get(), kLongMs)),
            0);
  EXPECT_EQ(ErrorOf(both.server->Receive(4, kLongMs)), 0);
  EXPECT_EQ(ErrorOf(both.server->TakeShared(text.size() - 1)), EBADMSG);
}

TEST_P(LocalSocketContract, NoBytesCanBeShared) {
  Both both = Connected();
  auto shared = sockets_->Share("");
  ASSERT_EQ(ErrorOf(shared), 0);
  EXPECT_EQ(ErrorOf(both.client->Send("x", shared.value().get(), kLongMs)), 0);
  EXPECT_EQ(both.server->Receive(1, kLongMs).value(), "x");
  const auto taken = both.server->TakeShared(0);
  ASSERT_EQ(ErrorOf(taken), 0);
  EXPECT_EQ(taken.value()->bytes(), "");
}

INSTANTIATE_TEST_SUITE_P(Every, LocalSocketContract,
                         testing::Values("Posix", "Fake"),
                         [](const auto& info) { return info.param; });

class PosixLocalSocket : public testing::Test {
 protected:
  PosixLocalSocket() {
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
    path_ = directory_ + "/s";
    listener_ = sockets_.Listen(path_).value();
  }
  ~PosixLocalSocket() override {
    unlink(path_.c_str());
    rmdir(directory_.c_str());
  }

  PosixLocalSockets sockets_;
  std::string directory_ = "/tmp/finder_socket_XXXXXX";
  std::string path_;
  std::unique_ptr<LocalListener> listener_;
};

TEST_F(PosixLocalSocket, OnlyItsUserMayConnect) {
  struct stat found;
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(PosixLocalSocket, AReaderThatSleepsTimesOut) {
  const auto client = sockets_.Connect(path_, kLongMs).value();
  const std::string much(size_t{8} << 20, 'x');
  EXPECT_EQ(ErrorOf(client->Send(much, nullptr, 1)), ETIMEDOUT);
}

TEST_F(PosixLocalSocket, AFullBacklogTimesOut) {
  std::vector<std::unique_ptr<LocalConnection>> waiting;
  int code = 0;
  while (code == 0 && waiting.size() < 1000) {
    auto one = sockets_.Connect(path_, 1);
    code = ErrorOf(one);
    if (one.ok()) waiting.push_back(std::move(one).value());
  }
  EXPECT_EQ(code, ETIMEDOUT);
  EXPECT_GT(waiting.size(), 10u);
}

// Sends an open file as the kernel lets anybody.
void SendFile(const std::string& path, int file) {
  const int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path.data(), path.size());
  ASSERT_EQ(connect(socket_fd, reinterpret_cast<sockaddr*>(&address),
                    sizeof(address)),
            0);
  char byte = 'x';
  iovec part = {&byte, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* const head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(head), &file, sizeof(file));
  ASSERT_EQ(sendmsg(socket_fd, &message, 0), 1);
  close(socket_fd);
}

TEST_F(PosixLocalSocket, BytesThatTheSenderMayStillChangeAreRefused) {
  const int memory = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  const int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
  for (const int sent : {memory, file}) {
    SendFile(path_, sent);
    const auto server = listener_->Accept(kLongMs).value();
    EXPECT_EQ(server->Receive(1, kLongMs).value(), "x");
    EXPECT_EQ(ErrorOf(server->TakeShared(size_t{1} << 20)), EBADMSG);
  }
  close(memory);
  close(file);
}

}  // namespace
}  // namespace finder
