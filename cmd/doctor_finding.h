// The findings of `finder doctor` in words, one a line, each by a function of
// its own in the table of cmd/doctor_finding.cc. Add a new one there, and its
// input to Examined.
//
// Pure; any thread.
#ifndef FINDER_CMD_DOCTOR_FINDING_H_
#define FINDER_CMD_DOCTOR_FINDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/volume.h"

namespace finder {

// How the stamps of a directory behave on that file system.
struct MeasuredStamps {
  bool create = false;  // moves the stamp
  bool remove = false;
  bool rename = false;
  // None: the stamp moved less than twice while it was watched.
  std::optional<int64_t> granularity_ns;
  bool finer = true;     // every change moved it, so steps may be finer still
  int64_t ahead_ns = 0;  // of our clock; negative: behind
};

// In ns. The kernel's coarse clock may be behind by a tick, and a stamp ahead
// by one.
inline constexpr int64_t kTickNs = 20'000'000;
// How long stamps are watched, in ns: FAT, the coarsest in use, has steps of 2
// s.
inline constexpr int64_t kLongestWatchNs = 4'500'000'000;

// All that `finder doctor` found out.
struct Examined {
  std::string mount_type;                // empty: not known
  Volume volume;                         // of ROOT
  bool is_listed_always = false;         // the stamp of ROOT may lie
  std::optional<MeasuredStamps> stamps;  // none: not measured
  uint64_t max_open_files = 0;
  std::optional<uint64_t> inotify_watches;
};

struct Finding {
  std::string_view name;
  // A sentence without a dot. If it is not good it says what to do.
  std::string text;
};

// One for each line, the verdict last.
std::vector<Finding> FindingsOf(const Examined& examined);

// Why a cache is no gain there, or not safe; empty if it is a gain and safe.
std::string Objection(const Examined& examined);

}  // namespace finder

#endif  // FINDER_CMD_DOCTOR_FINDING_H_
