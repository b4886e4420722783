// What happened to a cache, on its way to the statistics: counts that may be
// lost, and that nobody ever waits for.
#ifndef FINDER_FINDER_CACHE_DISK_EVENT_QUEUE_H_
#define FINDER_FINDER_CACHE_DISK_EVENT_QUEUE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace finder {

enum class CacheEvent : uint8_t {
  kHit,
  kMiss,
  kStored,
  kSkipped,   // a store that limits forbade, or that met another
  kEvicted,   // an entry removed by upkeep
  kPacked,    // an entry recompressed
  kUnpacked,  // one opened again
};
inline constexpr size_t kCacheEvents = 7;

using CacheEventCounts = std::array<uint64_t, kCacheEvents>;

// A bounded queue: when it is full, events are dropped. Lock-free; any thread.
class EventQueue {
 public:
  // A run makes two or three. A daemon flushes long before so many.
  static constexpr uint64_t kCapacity = 4096;

  // False if the event was dropped.
  bool Push(CacheEvent event);
  // Takes all events out.
  CacheEventCounts Take();

 private:
  std::atomic<uint64_t> queued_{0};
  std::array<std::atomic<uint64_t>, kCacheEvents> counts_{};
};

struct CacheStatistics {
  CacheEventCounts counts{};
  int64_t since_ns = 0;  // when counting began, since the epoch

  uint64_t Count(CacheEvent event) const {
    return counts[static_cast<size_t>(event)];
  }
};

// A line for `cache.events`, with newlines before and after, so that the torn
// line of a full disk spoils no other.
std::string EncodeEvents(const CacheEventCounts& counts);
// The line that stands for all before it.
std::string EncodeStatistics(const CacheStatistics& statistics);
// Adds up the lines of `cache.events`; malformed ones are skipped.
CacheStatistics DecodeStatistics(std::string_view text);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_EVENT_QUEUE_H_
