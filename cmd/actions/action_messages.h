// What actions have to say on standard error, and whether it makes the command
// fail. Thread-compatible.
#ifndef FINDER_CMD_ACTIONS_ACTION_MESSAGES_H_
#define FINDER_CMD_ACTIONS_ACTION_MESSAGES_H_

#include <string_view>

#include "cmd/output/report.h"
#include "fs/standard_streams.h"

namespace finder {

class ActionMessages {
 public:
  // `err` must outlive this.
  explicit ActionMessages(OutputStream& err) : report_(err) {}

  // A line that leaves the exit code as it is.
  void Say(std::string_view message) { report_.Line(message); }
  // A line about something that has gone wrong.
  void Problem(std::string_view message) {
    report_.Line(message);
    had_problem_ = true;
  }
  // Something has gone wrong of which another has told.
  void Fail() { had_problem_ = true; }
  bool had_problem() const { return had_problem_; }

 private:
  Report report_;
  bool had_problem_ = false;
};

}  // namespace finder

#endif  // FINDER_CMD_ACTIONS_ACTION_MESSAGES_H_
