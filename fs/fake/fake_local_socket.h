// Sockets in memory, by name, with no file system behind them. Whoever connects
// is the peer that the test says.
//
// Nothing waits: what is not there times out at once, so that a test runs both
// sides by turns on one thread.
//
// Thread-safe.
#ifndef FINDER_FS_FAKE_FAKE_LOCAL_SOCKET_H_
#define FINDER_FS_FAKE_FAKE_LOCAL_SOCKET_H_

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fs/local_socket.h"
#include "fs/result.h"

namespace finder {

class FakeLocalSockets : public LocalSockets {
 public:
  Result<std::unique_ptr<LocalListener>> Listen(
      const std::string& path) override;
  Result<std::unique_ptr<LocalConnection>> Connect(const std::string& path,
                                                   int64_t timeout_ms) override;
  Result<std::unique_ptr<SharedBytes>> Share(std::string_view bytes) override;

  // Who connects from now on.
  void SetPeer(const LocalPeer& peer) {
    absl::MutexLock lock(&mutex_);
    peer_ = peer;
  }
  // As when the name of a socket is removed.
  void Remove(const std::string& path) {
    absl::MutexLock lock(&mutex_);
    bound_.erase(path);
  }

 private:
  friend class FakeLocalListener;
  struct Backlog {
    absl::Mutex mutex;
    bool listens ABSL_GUARDED_BY(mutex) = true;
    std::deque<std::unique_ptr<LocalConnection>> waiting ABSL_GUARDED_BY(mutex);
  };

  absl::Mutex mutex_;
  LocalPeer peer_ ABSL_GUARDED_BY(mutex_) = {
      .user_id = 1000, .group_id = 0, .process_id = 42};
  std::map<std::string, std::shared_ptr<Backlog>> bound_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_LOCAL_SOCKET_H_
