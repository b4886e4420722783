#include "cmd/cache/report_lines.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_format.h"
#include "cmd/output/printed_path.h"

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

}  // namespace

std::string Bytes(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return absl::StrFormat("%d B", bytes);
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

std::string Ago(int64_t then_ns, int64_t now_ns) {
  int64_t ns = now_ns - then_ns;
  // The clock of a file system may tick ahead of ours by a little.
  if (ns < -kSecond) return "in the future";
  ns = std::max<int64_t>(ns, 0);
  if (ns < kSecond) return "just now";
  if (ns < 2 * kMinute) return absl::StrFormat("%d s ago", ns / kSecond);
  if (ns < 2 * kHour) return absl::StrFormat("%d min ago", ns / kMinute);
  if (ns < 2 * kDay) return absl::StrFormat("%d h ago", ns / kHour);
  return absl::StrFormat("%d d ago", ns / kDay);
}

std::string Line(const std::string& name, const std::string& value) {
  return absl::StrFormat("%-12s %s\n", name, value);
}

std::string Safe(const std::string& bytes) {
  std::string out;
  AppendForTerminal(bytes, out);
  return out;
}

std::vector<const ListedEntry*> NewestFirst(const CacheListing& listing) {
  std::vector<const ListedEntry*> entries;
  for (const ListedEntry& entry : listing.entries) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(),
            [](const ListedEntry* a, const ListedEntry* b) {
              return std::tie(b->last_use_ns, a->key) <
                     std::tie(a->last_use_ns, b->key);
            });
  return entries;
}

}  // namespace finder
