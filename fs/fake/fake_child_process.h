// A ChildProcesses that starts nothing: a test says what each command does.
// Thread-safe.
#ifndef FINDER_FS_FAKE_FAKE_CHILD_PROCESS_H_
#define FINDER_FS_FAKE_FAKE_CHILD_PROCESS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fs/child_process.h"
#include "fs/result.h"

namespace finder {

// What a command does.
struct FakeChild {
  std::optional<int> start_error = std::nullopt;  // errno: it does not start
  ExitStatus status = {};
  // What it writes where the streams are pipes, in order.
  std::vector<std::pair<ChildRead::From, std::string>> writes = {};
};

class FakeChildProcesses : public ChildProcesses {
 public:
  using Behavior = std::function<FakeChild(const ChildCommand& command)>;

  // By default every command succeeds and writes nothing.
  void Behave(Behavior behavior) {
    absl::MutexLock lock(&mutex_);
    behavior_ = std::move(behavior);
  }
  void SetMaxArgumentBytes(size_t max_bytes) {
    absl::MutexLock lock(&mutex_);
    max_argument_bytes_ = max_bytes;
  }

  // The commands that were started, or could not be, in order. `base` is null
  // in all of them, for it may be closed.
  std::vector<ChildCommand> commands() const {
    absl::MutexLock lock(&mutex_);
    return commands_;
  }
  // What was written to the children's standard input, all together.
  std::string input() const {
    absl::MutexLock lock(&mutex_);
    return input_;
  }
  std::vector<int> signals() const {
    absl::MutexLock lock(&mutex_);
    return signals_;
  }

  Result<std::unique_ptr<ChildProcess>> Start(
      const ChildCommand& command) override;
  size_t MaxArgumentBytes() override {
    absl::MutexLock lock(&mutex_);
    return max_argument_bytes_;
  }

 private:
  class Child;

  mutable absl::Mutex mutex_;
  Behavior behavior_ ABSL_GUARDED_BY(mutex_);
  size_t max_argument_bytes_ ABSL_GUARDED_BY(mutex_) = size_t{2} << 20;
  std::vector<ChildCommand> commands_ ABSL_GUARDED_BY(mutex_);
  std::string input_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> signals_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_CHILD_PROCESS_H_
