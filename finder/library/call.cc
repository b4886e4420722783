#include "finder/library/call.h"

#include <memory>
#include <string>

#include "finder/text/abseil_view.h"

struct finder_error {
  finder_code code;
  std::string message;
};

namespace finder {
namespace {

finder_code CodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return FINDER_OK;
    case absl::StatusCode::kInvalidArgument:
      return FINDER_INVALID_ARGUMENT;
    case absl::StatusCode::kNotFound:
      return FINDER_NOT_FOUND;
    case absl::StatusCode::kPermissionDenied:
      return FINDER_PERMISSION_DENIED;
    case absl::StatusCode::kFailedPrecondition:
      return FINDER_FAILED_PRECONDITION;
    case absl::StatusCode::kCancelled:
      return FINDER_CANCELLED;
    default:
      return FINDER_FAILED;
  }
}

}  // namespace

finder_code Report(finder_code code, std::string_view message,
                   finder_error** error) noexcept {
  if (error == nullptr) return code;
  *error = nullptr;
  if (code == FINDER_OK) return code;
  try {
    *error = new finder_error{code, std::string(message)};
  } catch (const std::bad_alloc&) {
    // The code must do.
  }
  return code;
}

finder_code Report(const absl::Status& status, finder_error** error) noexcept {
  return Report(CodeOf(status.code()), Std(status.message()), error);
}

}  // namespace finder

finder_code finder_error_code(const finder_error* error) { return error->code; }

const char* finder_error_message(const finder_error* error) {
  return error->message.c_str();
}

void finder_error_free(finder_error* error) { delete error; }
