// The words of the text of a record, for who writes and who reads it.
// doc/result_format.md.
//
// Pure; any thread.
#ifndef FINDER_FINDER_RESULTS_RESULT_TEXT_H_
#define FINDER_FINDER_RESULTS_RESULT_TEXT_H_

#include <cstddef>
#include <string_view>

#include "finder/results/hashes/file_hashes.h"
#include "finder/results/result_record.h"

namespace finder {

// The first line is kResultMagic, the version, kSumKey, a sum of all that
// follows the line, and `"}`.
inline constexpr std::string_view kResultMagic =
    "{\"finder\":\"result\",\"version\":";
// The same of sets of inputs.
inline constexpr std::string_view kInputSetsMagic =
    "{\"finder\":\"inputs\",\"version\":";
inline constexpr std::string_view kSumKey = ",\"sum\":\"";
inline constexpr size_t kResultSumDigits = 32;

constexpr std::string_view NameOf(PrintedStream stream) {
  return stream == PrintedStream::kStdout ? "out" : "err";
}

constexpr std::string_view NameOf(OutputKind kind) {
  switch (kind) {
    case OutputKind::kFile:
      return "file";
    case OutputKind::kDirectory:
      return "directory";
    case OutputKind::kSymlink:
      return "symlink";
  }
  return "";
}

constexpr std::string_view NameOf(FileKind kind, bool executable) {
  switch (kind) {
    case FileKind::kAbsent:
      return "absent";
    case FileKind::kFile:
      return executable ? "program" : "file";
    case FileKind::kDirectory:
      return "directory";
    case FileKind::kSymlink:
      return executable ? "link to program" : "link";
    case FileKind::kOther:
      return "other";
    case FileKind::kUnreadable:
      return "unreadable";
  }
  return "";
}

// Whether something of this kind has a hash.
constexpr bool HasHash(FileKind kind) {
  return kind == FileKind::kFile || kind == FileKind::kSymlink;
}

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_RESULT_TEXT_H_
