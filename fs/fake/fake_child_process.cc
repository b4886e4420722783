#include "fs/fake/fake_child_process.h"

#include <errno.h>
#include <string.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace finder {

class FakeChildProcesses::Child : public ChildProcess {
 public:
  Child(FakeChildProcesses& owner, FakeChild does)
      : owner_(owner), does_(std::move(does)) {}

  Outcome Write(std::string_view bytes) override {
    absl::MutexLock lock(&owner_.mutex_);
    owner_.input_ += bytes;
    return {};
  }
  void CloseInput() override {}

  Result<ChildRead> Read(char* buffer, size_t size,
                         std::optional<int64_t>) override {
    if (next_ == does_.writes.size()) {
      return ChildRead{ChildRead::From::kEnd, 0};
    }
    auto& [from, bytes] = does_.writes[next_];
    const size_t count = std::min(size, bytes.size());
    memcpy(buffer, bytes.data(), count);
    bytes.erase(0, count);
    const ChildRead read = {from, count};
    if (bytes.empty()) ++next_;
    return read;
  }

  Result<ExitStatus> Wait() override {
    ended_ = true;
    return does_.status;
  }
  Result<std::optional<ExitStatus>> HasEnded() override {
    ended_ = true;
    return std::optional<ExitStatus>(does_.status);
  }

  Outcome SendSignal(int signal_number) override {
    if (ended_) return SystemError(ESRCH);
    absl::MutexLock lock(&owner_.mutex_);
    owner_.signals_.push_back(signal_number);
    return {};
  }

 private:
  FakeChildProcesses& owner_;
  FakeChild does_;
  size_t next_ = 0;
  bool ended_ = false;
};

Result<std::unique_ptr<ChildProcess>> FakeChildProcesses::Start(
    const ChildCommand& command) {
  Behavior behavior;
  {
    absl::MutexLock lock(&mutex_);
    commands_.push_back(command);
    commands_.back().base = nullptr;
    behavior = behavior_;
  }
  FakeChild does = behavior ? behavior(command) : FakeChild();
  if (does.start_error.has_value()) return SystemError(*does.start_error);
  // Nobody reads what goes to another stream.
  std::erase_if(does.writes, [&](const auto& write) {
    const ChildStream stream =
        write.first == ChildRead::From::kError ? command.err : command.out;
    return stream != ChildStream::kPipe || write.second.empty();
  });
  return std::unique_ptr<ChildProcess>(
      std::make_unique<Child>(*this, std::move(does)));
}

}  // namespace finder
