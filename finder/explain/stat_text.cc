#include "finder/explain/stat_text.h"

#include <chrono>
#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace finder {
namespace {

std::string_view KindName(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile:
      return "regular file";
    case EntryKind::kDirectory:
      return "directory";
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return "symlink";
    case EntryKind::kOther:
      break;
  }
  return "other";
}

// "2026-11-25 09:43:58.123456789 UTC"
std::string TimeText(int64_t ns) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> time{
      std::chrono::nanoseconds(ns)};
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return absl::StrFormat(
      "%04d-%02d-%02d %02d:%02d:%02d.%09d UTC", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
      clock.subseconds().count());
}

}  // namespace

std::string StatText(const FileStat& stat) {
  std::string text = "lstat: ";
  text += KindName(stat.kind);
  absl::StrAppend(&text, ", ", stat.size_bytes, " bytes, mode ");
  for (int shift = 9; shift >= 0; shift -= 3) {
    text += static_cast<char>('0' + ((stat.permissions >> shift) & 7));
  }
  absl::StrAppend(&text, ", owner ", stat.owner, ", device ", stat.device,
                  ", inode ", stat.inode, ", changed at ",
                  TimeText(stat.change_ns));
  return text;
}

}  // namespace finder
