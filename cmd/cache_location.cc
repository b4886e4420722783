#include "cmd/cache_location.h"

#include <errno.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/cache_place.h"
#include "finder/cache/cache_environment.h"
#include "finder/cache/cache_listing.h"
#include "finder/database_key.h"
#include "fs/file_system.h"

namespace finder {
namespace {

// A wider entry is read whole for the sake of a part. This much, of half a
// million directories, is read in the time it takes to walk some ten thousand.
constexpr uint64_t kMostWiderBytes = uint64_t{64} << 20;

// The entry of a view in a cache, as one run looks for it.
class EntrySearch {
 public:
  EntrySearch(const View& view, const Session& session, CacheLocation& location)
      : session_(session),
        id_(location.view_id.empty() ? DefaultViewId(session.host)
                                     : location.view_id),
        location_(location) {
    Choose(view);
  }

  // Whether the entry chosen is there: one call, for every run makes it.
  bool IsThere() const {
    const std::string info = absl::StrCat(
        location_.cache->layout().Entry(location_.key), "/",
        absl::string_view(kEntryInfoName.data(), kEntryInfoName.size()));
    return session_.files->Stat({}, info, SymlinkPolicy::kNoFollow).ok();
  }

  bool FindLegacy() {
    std::string path = location_.cache->layout().Of(location_.key + ".db");
    const Result<FileStat> stat =
        session_.files->Stat({}, path, SymlinkPolicy::kNoFollow);
    if (!stat.ok() || stat->kind != FileKind::kFile) return false;
    location_.database = std::move(path);
    location_.imported = location_.legacy = true;
    return true;
  }

  bool FindWider(const View& view) {
    if (view.roots.size() > 1) return false;
    View wider = view;
    std::string at =
        AbsolutePath(view.roots.empty() ? std::string(".") : view.roots[0],
                     session_.working_directory);
    while (true) {
      wider.roots = {at};
      for (const bool all_names : {false, true}) {
        wider.keep = all_names ? KeepRules() : view.keep;
        Choose(wider);
        if (IsUsefulAsWider()) return location_.wider = true;
      }
      if (at == "/") break;
      at.resize(std::max<size_t>(at.rfind('/'), 1));
    }
    Choose(view);
    return false;
  }

 private:
  bool IsUsefulAsWider() const {
    const absl::StatusOr<ListedEntry> entry =
        ListEntry(*location_.cache, location_.key);
    return entry.ok() && entry->info.database_bytes <= kMostWiderBytes;
  }

  void Choose(const View& view) {
    location_.facts = view;
    location_.key = DatabaseKey(view, session_.working_directory, id_);
    location_.database = absl::StrCat(
        location_.cache->layout().Entry(location_.key), "/",
        absl::string_view(kDatabaseName.data(), kDatabaseName.size()));
  }

  const Session& session_;
  const std::string id_;
  CacheLocation& location_;
};

CacheLocation NoCache(CacheLocation location, std::string problem,
                      Severity severity) {
  location.use = CacheUse::kNone;
  location.database.clear();
  location.problem = std::move(problem);
  location.severity = severity;
  return location;
}

CacheLocation LocateNamedDatabase(const std::string& path,
                                  CacheLocation location,
                                  const Session& session) {
  const Result<FileStat> stat =
      session.files->Stat({}, path, SymlinkPolicy::kFollow);
  if (stat.ok() && stat->kind != FileKind::kFile) {
    // Writing replaces what is there, which must not happen to a device.
    const std::string reason = stat->kind == FileKind::kDirectory
                                   ? SystemError(EISDIR).Message()
                                   : "Not a regular file";
    return NoCache(std::move(location), absl::StrCat(path, ": ", reason),
                   Severity::kWarning);
  }
  location.database = path;
  return location;
}

}  // namespace

CacheLocation LocateCache(const CacheOptions& options, const View& view,
                          const Session& session) {
  CacheLocation location;
  location.view_id =
      options.view_id.value_or(session.variables.finder_view_id.value_or(""));
  if (options.mode == CacheMode::kNone) return location;
  location.use =
      options.mode == CacheMode::kRefresh ? CacheUse::kRefresh : CacheUse::kUse;
  if (options.database) {
    return LocateNamedDatabase(*options.database, std::move(location), session);
  }

  const std::optional<ChosenPlace> chosen = ChooseCachePlace(options, session);
  if (!chosen) {
    return NoCache(std::move(location), kNoCachePlace, Severity::kRemark);
  }
  if (options.import) {
    const auto file =
        session.files->OpenFile(*options.import, SymlinkPolicy::kNoFollow);
    if (!file.ok()) {
      return NoCache(std::move(location),
                     absl::StrCat(*options.import, ": cannot be imported: ",
                                  file.error().Message()),
                     Severity::kWarning);
    }
  }
  location.severity = chosen->choice == PlaceChoice::kAsked ? Severity::kWarning
                                                            : Severity::kRemark;
  absl::StatusOr<std::unique_ptr<CacheDirectory>> cache =
      CacheDirectory::Open(CacheEnvironmentOf(session), chosen->place);
  if (!cache.ok()) {
    const Severity severity = location.severity;
    return NoCache(std::move(location), std::string(cache.status().message()),
                   severity);
  }
  location.cache = *std::move(cache);
  EntrySearch search(view, session, location);
  if (search.IsThere() || search.FindLegacy() ||
      location.use != CacheUse::kUse) {
    return location;
  }
  if (options.import) {
    location.database = *options.import;
    location.imported = true;
  } else {
    search.FindWider(view);
  }
  return location;
}

}  // namespace finder
