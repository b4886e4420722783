#include "cmd/cache/cache_report.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cmd/cache/report_lines.h"
#include "cmd/output/printed_number.h"
#include "finder/cache/disk/cache_limits.h"
#include "finder/cache/disk/event_queue.h"
#include "finder/kept/entry_description.h"
#include "finder/kept/object_kinds.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

struct RootShare {
  uint64_t entries = 0;
  uint64_t bytes = 0;
};

// An entry of several roots counts for each.
std::map<std::string, RootShare> ByRoot(const CacheListing& listing) {
  std::map<std::string, RootShare> shares;
  for (const ListedEntry& entry : listing.entries) {
    const EntryDescription said = DecodeDescription(entry.info.description);
    for (const std::string& root : said.roots) {
      RootShare& share = shares[root];
      ++share.entries;
      share.bytes += entry.info.accounted_bytes;
    }
  }
  return shares;
}

std::string HitRate(const CacheStatistics& statistics, int64_t now_ns) {
  const uint64_t hits = statistics.Count(CacheEvent::kHit);
  const uint64_t all = hits + statistics.Count(CacheEvent::kMiss);
  if (all == 0) return "nothing was asked for yet";
  std::string text = absl::StrFormat(
      "%.1f %% of %s",
      100.0 * static_cast<double>(hits) / static_cast<double>(all),
      WithCommas(all));
  if (statistics.since_ns > 0) {
    text += ", counted since " + Ago(statistics.since_ns, now_ns);
  }
  return text;
}

// Members of a JSON object.
class Json {
 public:
  Json& Key(std::string_view key) {
    if (text_.size() > 1) text_ += ',';
    AppendJsonString(key, text_);
    text_ += ':';
    return *this;
  }
  void Raw(const std::string& value) { text_ += value; }
  void Number(std::string_view key, uint64_t value) {
    Key(key).Raw(std::to_string(value));
  }
  void Time(std::string_view key, int64_t value) {
    Key(key).Raw(std::to_string(value));
  }
  void String(std::string_view key, std::string_view value) {
    Key(key);
    AppendJsonString(value, text_);
  }
  void Strings(std::string_view key, const std::vector<std::string>& values) {
    Key(key);
    text_ += '[';
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text_ += ',';
      AppendJsonString(values[i], text_);
    }
    text_ += ']';
  }
  std::string Finish() { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

template <typename T>
std::string OrNull(const std::optional<T>& value) {
  return value ? std::to_string(*value) : "null";
}

std::string RootsJson(const CacheListing& listing) {
  std::string text = "[";
  for (const auto& [root, share] : ByRoot(listing)) {
    if (text.size() > 1) text += ',';
    Json json;
    json.String("root", root);
    json.Number("entries", share.entries);
    json.Number("bytes", share.bytes);
    text += json.Finish();
  }
  return text + "]";
}

std::string NotEntries(const CacheListing& listing) {
  std::string text;
  const auto add = [&text](const char* what,
                           const std::vector<std::string>& names) {
    if (!names.empty()) text += Line(what, WithCommas(names.size()));
  };
  add("incomplete", listing.incomplete);
  add("staged", listing.staged);
  return text + UnknownText(listing.unknown);
}

}  // namespace

std::string UnknownText(const std::vector<std::string>& unknown) {
  std::string text;
  for (const std::string& path : unknown) {
    text += Line("unknown", Safe(path));
  }
  return text;
}

std::string InfoText(const CacheOverview& overview) {
  const CacheInfo& info = overview.info;
  const CacheSummary& summary = overview.summary;
  const int64_t now = overview.now_ns;
  std::string text = Line("cache", Safe(overview.path));
  text += Line("size", Bytes(summary.bytes) + " of " +
                           FormatSize(info.limits.max_bytes) +
                           (summary.counted ? "" : ", not counted yet"));
  text += Line("entries", WithCommas(overview.listing.entries.size()) + " of " +
                              FormatCount(info.limits.max_entries));
  text += Line("max age", FormatAge(info.limits.max_age_ns));
  text += Line("shared with",
               info.sharing == CacheSharing::kGroup ? "its group" : "nobody");
  text += Line("hit rate", HitRate(summary.statistics, now));
  text += Line("created", Ago(info.created_ns, now));
  text += Line("upkeep", Ago(summary.last_upkeep_ns, now));
  text += NotEntries(overview.listing);
  for (const auto& [root, share] : ByRoot(overview.listing)) {
    text += Line("root", absl::StrFormat("%s: %d, %s", Safe(root),
                                         share.entries, Bytes(share.bytes)));
  }
  return text;
}

std::string InfoJson(const CacheOverview& overview) {
  const CacheInfo& info = overview.info;
  const CacheSummary& summary = overview.summary;
  const CacheStatistics& events = summary.statistics;
  Json json;
  json.String("path", overview.path);
  json.Number("bytes", summary.bytes);
  json.Number("entries", overview.listing.entries.size());
  json.Key("counted").Raw(summary.counted ? "true" : "false");
  json.Key("max_bytes").Raw(OrNull(info.limits.max_bytes));
  json.Key("max_entries").Raw(OrNull(info.limits.max_entries));
  json.Key("max_age_ns").Raw(OrNull(info.limits.max_age_ns));
  json.String("sharing",
              info.sharing == CacheSharing::kGroup ? "group" : "private");
  json.Number("hits", events.Count(CacheEvent::kHit));
  json.Number("misses", events.Count(CacheEvent::kMiss));
  json.Number("stored", events.Count(CacheEvent::kStored));
  json.Number("skipped", events.Count(CacheEvent::kSkipped));
  json.Number("evicted", events.Count(CacheEvent::kEvicted));
  json.Number("packed", events.Count(CacheEvent::kPacked));
  json.Number("unpacked", events.Count(CacheEvent::kUnpacked));
  json.Time("since_ns", events.since_ns);
  json.Time("created_ns", info.created_ns);
  json.Time("last_upkeep_ns", summary.last_upkeep_ns);
  json.Strings("incomplete", overview.listing.incomplete);
  json.Strings("staged", overview.listing.staged);
  json.Strings("unknown", overview.listing.unknown);
  json.Key("roots").Raw(RootsJson(overview.listing));
  return json.Finish() + "\n";
}

std::string ListText(const CacheListing& listing, int64_t now_ns) {
  if (listing.entries.empty()) return "";
  const auto line = [](const std::string& last_use, const std::string& size,
                       const std::string& uses, const std::string& roots) {
    return absl::StrFormat("%-12s %10s %6s  %s\n", last_use, size, uses, roots);
  };
  std::string text = line("LAST USE", "SIZE", "USES", "ROOT");
  for (const ListedEntry* entry : NewestFirst(listing)) {
    const EntryDescription said = DecodeDescription(entry->info.description);
    text += line(Ago(entry->last_use_ns, now_ns),
                 Bytes(entry->info.accounted_bytes), WithCommas(entry->uses),
                 Safe(absl::StrJoin(said.roots, ", ")));
  }
  return text;
}

std::string LongListText(const CacheListing& listing, int64_t now_ns) {
  std::string text;
  for (const ListedEntry* listed : NewestFirst(listing)) {
    const ListedEntry& entry = *listed;
    const EntryDescription said = DecodeDescription(entry.info.description);
    text += entry.key + "\n";
    if (entry.kind.name != kDatabaseObject.name) {
      text += Line("  kind", std::string(entry.kind.name));
    }
    const bool is_result = entry.kind.name == kResultObject.name;
    for (const std::string& root : said.roots) {
      text += Line(is_result ? "  in" : "  root", Safe(root));
    }
    if (!said.view.empty()) {
      text += Line(is_result ? "  command" : "  view", Safe(said.view));
    }
    if (!said.view_id.empty()) text += Line("  whose", Safe(said.view_id));
    text += Line("  size",
                 Bytes(entry.info.accounted_bytes) +
                     (entry.info.packing == Packing::kZstd ? ", packed" : ""));
    text +=
        Line("  uses", absl::StrFormat("%s, last %s", WithCommas(entry.uses),
                                       Ago(entry.last_use_ns, now_ns)));
  }
  return text;
}

std::string EntryJson(const ListedEntry& entry) {
  const EntryDescription said = DecodeDescription(entry.info.description);
  Json json;
  json.String("key", entry.key);
  json.Strings("roots", said.roots);
  json.String("view", said.view);
  json.String("view_id", said.view_id);
  json.String("writer", said.writer);
  json.String("kind", entry.kind.name);
  json.Number("bytes", entry.info.accounted_bytes);
  json.Number("database_bytes", entry.info.data_bytes);
  json.Key("packed").Raw(entry.info.packing == Packing::kZstd ? "true"
                                                              : "false");
  json.Number("directories", said.directories);
  json.Number("files", said.files);
  json.Number("uses", entry.uses);
  json.Time("created_ns", entry.info.created_ns);
  json.Time("last_use_ns", entry.last_use_ns);
  return json.Finish();
}

std::string ListJson(const CacheListing& listing) {
  std::string text;
  for (const ListedEntry& entry : listing.entries) {
    text += EntryJson(entry) + "\n";
  }
  return text;
}

std::string UpkeepText(const UpkeepReport& report) {
  if (report.skipped) return "another upkeep is running; nothing was done\n";
  const auto count = [](const char* name, uint64_t number) {
    return Line(name, WithCommas(number));
  };
  std::string text = Line("size", Bytes(report.bytes_before) + " before, " +
                                      Bytes(report.bytes_after) + " now");
  text += count("entries", report.entries_after);
  text += count("over age", report.evicted_by_age);
  text += count("over limit", report.evicted_by_size);
  text += count("in use", report.kept_in_use);
  text += count("leftovers", report.leftovers_swept);
  text += Line("packed", WithCommas(report.packed) + ", " +
                             Bytes(report.packed_bytes_saved) + " saved");
  return text + UnknownText(report.unknown);
}

}  // namespace finder
