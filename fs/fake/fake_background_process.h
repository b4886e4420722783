// A BackgroundProcesses that starts nothing and remembers its calls.
// Thread-compatible.
#ifndef FINDER_FS_FAKE_FAKE_BACKGROUND_PROCESS_H_
#define FINDER_FS_FAKE_FAKE_BACKGROUND_PROCESS_H_

#include <optional>
#include <string>
#include <vector>

#include "fs/background_process.h"
#include "fs/result.h"

namespace finder {

class FakeBackgroundProcesses : public BackgroundProcesses {
 public:
  Outcome StartSelf(const std::vector<std::string>& arguments) override {
    if (error_) return *error_;
    started_.push_back(arguments);
    return {};
  }

  void LowerOwnPriority() override { lowered_ = true; }

  void Fail(int error_code) { error_ = SystemError(error_code); }
  // The arguments of each process, in order.
  const std::vector<std::vector<std::string>>& started() const {
    return started_;
  }
  bool lowered() const { return lowered_; }

 private:
  bool lowered_ = false;
  std::optional<SystemError> error_;
  std::vector<std::vector<std::string>> started_;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_BACKGROUND_PROCESS_H_
