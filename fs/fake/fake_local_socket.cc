#include "fs/fake/fake_local_socket.h"

#include <errno.h>

#include <cstddef>
#include <utility>

namespace finder {
namespace {

// Of the kernel's, unix(7).
constexpr size_t kMaxPathBytes = 107;

class FakeSharedBytes : public SharedBytes {
 public:
  explicit FakeSharedBytes(std::shared_ptr<const std::string> bytes)
      : bytes_(std::move(bytes)) {}
  std::string_view bytes() const override { return *bytes_; }
  const std::shared_ptr<const std::string>& held() const { return bytes_; }

 private:
  const std::shared_ptr<const std::string> bytes_;
};

// What one side has sent and the other has not received.
struct Stream {
  std::string bytes;
  std::deque<std::shared_ptr<const std::string>> shared;
  bool is_open = true;  // on the receiving side
  bool ended = false;   // by the sending side
};

// Both directions, for both sides.
struct Pair {
  absl::Mutex mutex;
  Stream streams[2] ABSL_GUARDED_BY(mutex);
};

class FakeLocalConnection : public LocalConnection {
 public:
  FakeLocalConnection(std::shared_ptr<Pair> pair, int side, LocalPeer peer)
      : pair_(std::move(pair)), side_(side), peer_(peer) {}
  ~FakeLocalConnection() override {
    absl::MutexLock lock(&pair_->mutex);
    pair_->streams[side_].is_open = false;
    pair_->streams[1 - side_].ended = true;
  }

  Result<LocalPeer> Peer() override { return peer_; }

  Outcome Send(std::string_view bytes, const SharedBytes* shared,
               int64_t) override {
    absl::MutexLock lock(&pair_->mutex);
    Stream& stream = pair_->streams[1 - side_];
    if (!stream.is_open) return SystemError(EPIPE);
    stream.bytes += bytes;
    if (shared != nullptr) {
      stream.shared.push_back(
          static_cast<const FakeSharedBytes*>(shared)->held());
    }
    return {};
  }

  Result<std::string> Receive(size_t size, int64_t) override {
    absl::MutexLock lock(&pair_->mutex);
    Stream& stream = pair_->streams[side_];
    if (stream.bytes.size() < size) {
      return SystemError(stream.ended ? ECONNRESET : ETIMEDOUT);
    }
    std::string bytes = stream.bytes.substr(0, size);
    stream.bytes.erase(0, size);
    return bytes;
  }

  Result<std::unique_ptr<SharedBytes>> TakeShared(size_t max_bytes) override {
    absl::MutexLock lock(&pair_->mutex);
    Stream& stream = pair_->streams[side_];
    if (stream.shared.empty()) return SystemError(ENOENT);
    auto shared = std::move(stream.shared.front());
    stream.shared.pop_front();
    if (shared->size() > max_bytes) return SystemError(EBADMSG);
    return std::unique_ptr<SharedBytes>(
        std::make_unique<FakeSharedBytes>(std::move(shared)));
  }

 private:
  const std::shared_ptr<Pair> pair_;
  const int side_;
  const LocalPeer peer_;
};

}  // namespace

class FakeLocalListener : public LocalListener {
 public:
  explicit FakeLocalListener(std::shared_ptr<FakeLocalSockets::Backlog> backlog)
      : backlog_(std::move(backlog)) {}
  ~FakeLocalListener() override {
    absl::MutexLock lock(&backlog_->mutex);
    backlog_->listens = false;
    backlog_->waiting.clear();
  }

  Result<std::unique_ptr<LocalConnection>> Accept(int64_t) override {
    absl::MutexLock lock(&backlog_->mutex);
    if (backlog_->waiting.empty()) return SystemError(ETIMEDOUT);
    std::unique_ptr<LocalConnection> next =
        std::move(backlog_->waiting.front());
    backlog_->waiting.pop_front();
    return next;
  }

 private:
  const std::shared_ptr<FakeLocalSockets::Backlog> backlog_;
};

Result<std::unique_ptr<LocalListener>> FakeLocalSockets::Listen(
    const std::string& path) {
  if (path.empty() || path.size() > kMaxPathBytes) {
    return SystemError(ENAMETOOLONG);
  }
  absl::MutexLock lock(&mutex_);
  const auto [at, is_new] = bound_.emplace(path, nullptr);
  if (!is_new) return SystemError(EADDRINUSE);
  at->second = std::make_shared<Backlog>();
  return std::unique_ptr<LocalListener>(
      std::make_unique<FakeLocalListener>(at->second));
}

Result<std::unique_ptr<LocalConnection>> FakeLocalSockets::Connect(
    const std::string& path, int64_t) {
  if (path.empty() || path.size() > kMaxPathBytes) {
    return SystemError(ENAMETOOLONG);
  }
  absl::MutexLock lock(&mutex_);
  const auto found = bound_.find(path);
  if (found == bound_.end()) return SystemError(ENOENT);
  Backlog& backlog = *found->second;
  absl::MutexLock backlog_lock(&backlog.mutex);
  if (!backlog.listens) return SystemError(ECONNREFUSED);
  const auto pair = std::make_shared<Pair>();
  backlog.waiting.push_back(
      std::make_unique<FakeLocalConnection>(pair, 0, peer_));
  return std::unique_ptr<LocalConnection>(
      std::make_unique<FakeLocalConnection>(pair, 1, peer_));
}

Result<std::unique_ptr<SharedBytes>> FakeLocalSockets::Share(
    std::string_view bytes) {
  return std::unique_ptr<SharedBytes>(std::make_unique<FakeSharedBytes>(
      std::make_shared<const std::string>(bytes)));
}

}  // namespace finder
