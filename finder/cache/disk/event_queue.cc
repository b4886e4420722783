#include "finder/cache/disk/event_queue.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace finder {
namespace {

// Takes the number at the start of `text`, and the space after it.
template <typename T>
bool TakeNumber(std::string_view& text, T& number) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(rest - text.data()));
  if (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  return true;
}

void AppendCounts(const CacheEventCounts& counts, std::string& out) {
  for (size_t event = 0; event < kCacheEvents; ++event) {
    if (event > 0) out += ' ';
    out += std::to_string(counts[event]);
  }
}

bool TakeCounts(std::string_view text, CacheEventCounts& counts) {
  for (uint64_t& count : counts) {
    if (!TakeNumber(text, count)) return false;
  }
  return text.empty();
}

}  // namespace

bool EventQueue::Push(CacheEvent event) {
  if (queued_.fetch_add(1, std::memory_order_relaxed) >= kCapacity) {
    queued_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  counts_[static_cast<size_t>(event)].fetch_add(1, std::memory_order_relaxed);
  return true;
}

CacheEventCounts EventQueue::Take() {
  CacheEventCounts taken{};
  for (size_t event = 0; event < kCacheEvents; ++event) {
    taken[event] = counts_[event].exchange(0, std::memory_order_relaxed);
    queued_.fetch_sub(taken[event], std::memory_order_relaxed);
  }
  return taken;
}

std::string EncodeEvents(const CacheEventCounts& counts) {
  std::string line = "\n";
  AppendCounts(counts, line);
  return line += '\n';
}

std::string EncodeStatistics(const CacheStatistics& statistics) {
  std::string line = "=" + std::to_string(statistics.since_ns) + ' ';
  AppendCounts(statistics.counts, line);
  return line += '\n';
}

CacheStatistics DecodeStatistics(std::string_view text) {
  CacheStatistics statistics;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    int64_t since_ns = 0;
    if (line[0] == '=') {
      line.remove_prefix(1);
      if (!TakeNumber(line, since_ns)) continue;
    }
    CacheEventCounts counts;
    if (!TakeCounts(line, counts)) continue;
    if (since_ns != 0) statistics.since_ns = since_ns;
    for (size_t event = 0; event < kCacheEvents; ++event) {
      statistics.counts[event] += counts[event];
    }
  }
  return statistics;
}

}  // namespace finder
