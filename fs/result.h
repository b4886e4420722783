// The outcome of one operating-system call: a value, or the errno that says
// why there is none. Small enough for the hot path of a scan, where an absent
// path is a normal answer and absl::Status (which allocates) would be waste.
//
// Layers above fs/ turn it into absl::Status or a diagnostic, adding verb and
// path. Plain values; any thread.
#ifndef FINDER_FS_RESULT_H_
#define FINDER_FS_RESULT_H_

#include <optional>
#include <string>
#include <utility>

namespace finder {

// An errno value (never 0).
class SystemError {
 public:
  explicit constexpr SystemError(int code) : code_(code) {}

  constexpr int code() const { return code_; }
  // The text of strerror(3) in the C locale, e.g. "Permission denied".
  std::string Message() const;

  friend constexpr bool operator==(SystemError a, SystemError b) = default;

 private:
  int code_;
};

// Either a T or a SystemError. `value` requires ok(), `error` requires !ok().
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT: implicit by intent
  Result(SystemError error) : error_(error) {}   // NOLINT: implicit by intent

  bool ok() const { return value_.has_value(); }
  const T& value() const& { return *value_; }
  T& value() & { return *value_; }
  T&& value() && { return *std::move(value_); }
  const T* operator->() const { return &*value_; }
  T* operator->() { return &*value_; }
  SystemError error() const { return error_; }

 private:
  std::optional<T> value_;
  SystemError error_{1};
};

// Success, or the errno of the call that failed.
class [[nodiscard]] Outcome {
 public:
  constexpr Outcome() : error_(0) {}
  constexpr Outcome(SystemError error) : error_(error) {}  // NOLINT: implicit

  constexpr bool ok() const { return error_.code() == 0; }
  constexpr SystemError error() const { return error_; }

 private:
  SystemError error_;
};

}  // namespace finder

#endif  // FINDER_FS_RESULT_H_
