// What a run did, for --stats and for the tests that hold its cost. A value:
// filled by the facade from the counts of its parts. No thread touches it while
// another does.
#ifndef FINDER_FINDER_METRICS_H_
#define FINDER_FINDER_METRICS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace finder {

enum class CacheState : uint8_t {
  kCold,  // no usable database
  kWarm,  // started from one
};

struct PhaseTime {
  std::string_view name;  // "load", "verify", "scan", "query", "save"
  int64_t duration_ns = 0;
};

// Why a directory was listed.
struct ListReasons {
  uint64_t unknown = 0;     // the database did not have it
  uint64_t moved = 0;       // its stamp differs
  uint64_t untrusted = 0;   // its stamp proved nothing yet
  uint64_t named = 0;       // it was said to have changed; its stamp is equal
  uint64_t unreadable = 0;  // none of these: it could not be listed
  // Those that were known.
  uint64_t again() const { return moved + untrusted + named; }
};

// One directory of the database that was listed again, for --stats and -v.
struct Relisted {
  std::string path;  // as printed
  // The field of the stamp that moved ("device", "inode", "change time"), or
  // why an equal one proves nothing ("untrusted stamp", "clock set back").
  std::string_view reason;
};

struct Metrics {
  uint64_t directories = 0;  // visible, the roots included
  uint64_t files = 0;        // visible entries that are no directories
  uint64_t stat_calls = 0;   // of directories and of symlinks' targets
  uint64_t list_calls = 0;
  uint64_t unreadable = 0;
  uint64_t matches = 0;
  uint64_t entries_asked = 0;  // for their sizes and times
  ListReasons listed;
  std::vector<Relisted> relisted;  // the first 20 by path
  uint64_t blocks_read = 0;
  uint64_t blocks_copied = 0;
  uint64_t blocks_encoded = 0;
  uint64_t bytes_read = 0;
  uint64_t bytes_written = 0;
  unsigned threads = 1;
  CacheState cache = CacheState::kCold;
  std::string cache_reason;  // e.g. "database is damaged: ..."; "ok" when warm
  bool database_written = false;
  std::vector<PhaseTime> phases;
};

}  // namespace finder

#endif  // FINDER_FINDER_METRICS_H_
