// Shows how far a scan has come: one line on standard error that is rewritten
// in place and erased at the end of the scan, so that it never stands beside a
// message or an answer. Where a line cannot be rewritten, plain lines.
//
// Thread-safety: Update may be called by any thread; all else by one.
#ifndef FINDER_CMD_OUTPUT_PROGRESS_H_
#define FINDER_CMD_OUTPUT_PROGRESS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "cmd/options/command_line.h"
#include "fs/clock.h"
#include "fs/standard_streams.h"

namespace finder {

class Progress {
 public:
  // The scan begins now. `on_screen`: `err` is a terminal on which a line can
  // be rewritten. `err` and `clock` must outlive this.
  //
  // With kAuto the line comes up after a second, and only on a screen; with
  // kAlways at once. It is written at most ten times a second; plain lines once
  // a second at most, and once at the end.
  Progress(When when, bool on_screen, OutputStream& err, Clock& clock);
  ~Progress() { End(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether a line can ever come up; if not, Update need not be called.
  bool is_wanted() const { return style_ != Style::kNone; }

  // `total` is the expected number of directories, if known. Costs a look at
  // the clock, unless it is time to write. A thread never waits for another
  // that writes.
  void Update(uint64_t directories, std::optional<uint64_t> total);

  // The scan has ended: erases the line. Later updates write nothing.
  void End();

 private:
  enum class Style : uint8_t { kNone, kRewritten, kPlain };

  static Style StyleFor(When when, bool on_screen);
  void Write(std::string_view text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Show() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string Text() const;

  const Style style_;
  OutputStream& err_;
  Clock& clock_;
  std::atomic<int64_t> next_ns_;
  std::atomic<uint64_t> directories_ = 0;
  std::atomic<uint64_t> total_ = 0;  // 0: not known
  absl::Mutex mutex_;
  size_t width_ ABSL_GUARDED_BY(mutex_) = 0;  // of the line on the screen
  uint64_t shown_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_PROGRESS_H_
