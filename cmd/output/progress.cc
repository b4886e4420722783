#include "cmd/output/progress.h"

#include <algorithm>

#include "cmd/output/printed_number.h"

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kRewriteNs = kSecond / 10;
constexpr int64_t kPlainNs = kSecond;

}  // namespace

Progress::Progress(When when, bool on_screen, OutputStream& err, Clock& clock)
    : style_(StyleFor(when, on_screen)), err_(err), clock_(clock), next_ns_(0) {
  if (!is_wanted()) return;
  const bool at_once = when == When::kAlways && style_ == Style::kRewritten;
  next_ns_ = clock.BoottimeNs() + (at_once ? 0 : kSecond);
}

Progress::Style Progress::StyleFor(When when, bool on_screen) {
  if (when == When::kNever) return Style::kNone;
  if (on_screen) return Style::kRewritten;
  return when == When::kAlways ? Style::kPlain : Style::kNone;
}

void Progress::Update(uint64_t directories, std::optional<uint64_t> total) {
  if (!is_wanted() || directories == 0) return;
  // Threads may come in another order than they counted in.
  uint64_t most = directories_.load(std::memory_order_relaxed);
  while (most < directories &&
         !directories_.compare_exchange_weak(most, directories)) {
  }
  total_.store(total.value_or(0), std::memory_order_relaxed);
  const int64_t now_ns = clock_.BoottimeNs();
  if (now_ns < next_ns_.load(std::memory_order_relaxed)) return;
  if (!mutex_.TryLock()) return;
  if (!ended_ && now_ns >= next_ns_.load(std::memory_order_relaxed)) {
    Show();
    // From now on, lest a slow terminal be written to all the time.
    next_ns_ =
        clock_.BoottimeNs() + (style_ == Style::kPlain ? kPlainNs : kRewriteNs);
  }
  mutex_.Unlock();
}

void Progress::End() {
  absl::MutexLock lock(&mutex_);
  if (ended_) return;
  ended_ = true;
  if (style_ == Style::kPlain && shown_ != directories_) Show();
  if (width_ > 0) Write('\r' + std::string(width_, ' ') + '\r');
}

void Progress::Show() {
  shown_ = directories_;
  const std::string text = Text();
  if (style_ == Style::kPlain) return Write(text + '\n');
  // Spaces instead of an escape: every terminal knows them.
  std::string line = '\r' + text;
  if (text.size() < width_) line.append(width_ - text.size(), ' ');
  width_ = text.size();
  Write(line);
}

void Progress::Write(std::string_view text) {
  // There is nowhere to complain.
  static_cast<void>(err_.Write(text));
}

std::string Progress::Text() const {
  const uint64_t done = directories_;
  const uint64_t total = total_;
  std::string text = "finder: " + WithCommas(done);
  // A tree that has grown is no longer known.
  if (total > 0 && done <= total) text += " of about " + WithCommas(total);
  text += std::max(done, total) == 1 ? " directory" : " directories";
  return text;
}

}  // namespace finder
