// What the two halves of CommandOutputs share. Not used elsewhere.
#ifndef FINDER_FINDER_RESULTS_OUTPUT_PATH_H_
#define FINDER_FINDER_RESULTS_OUTPUT_PATH_H_

#include <errno.h>

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/results/result_record.h"
#include "finder/text/abseil_view.h"
#include "fs/result.h"

namespace finder {

// A file that is put back for one user may have been made by another, whose
// set-user-ID program it must not become.
inline constexpr uint32_t kRestoredBits = 0777;

inline absl::Status OutputFailure(std::string_view path,
                                  std::string_view reason) {
  return absl::UnavailableError(
      absl::StrCat(Abseil(path), ": ", Abseil(reason)));
}

inline absl::Status OutputFailure(std::string_view path, SystemError error) {
  if (error.code() == ENOENT) {
    return absl::NotFoundError(absl::StrCat(Abseil(path), ": missing"));
  }
  if (error.code() == ELOOP) {
    return OutputFailure(path, "is reached through a symlink");
  }
  return OutputFailure(path, error.Message());
}

inline bool IsFile(const RecordedOutput& output) {
  return output.kind == OutputKind::kFile;
}

// Of a cleaned path; "." if it has no '/'.
inline std::string_view DirectoryOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_OUTPUT_PATH_H_
