#include "finder/session/entry_choice.h"

#include <errno.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/cache_environment.h"
#include "finder/database/database_ownership.h"
#include "finder/facade/database_key.h"
#include "finder/session/cache_choice.h"
#include "finder/text/abseil_view.h"
#include "fs/file_system.h"
#include "fs/path.h"

namespace finder {
namespace {

// A wider entry is read whole for the sake of a part. This much, of half a
// million directories, is read in the time it takes to walk some ten thousand.
constexpr uint64_t kMostWiderBytes = uint64_t{64} << 20;

// Whether there is something that is no directory.
bool IsEntry(FileSystem& files, const std::string& path) {
  const Result<FileStat> stat = files.Stat({}, path, SymlinkPolicy::kFollow);
  return stat.ok() && stat->kind != EntryKind::kDirectory;
}

// The entry of a view in a cache, as one run looks for it.
class EntrySearch {
 public:
  EntrySearch(const View& view, const Machine& machine, EntryChoice& location)
      : machine_(machine),
        id_(ViewIdOf(location, machine)),
        location_(location) {
    Choose(view);
  }

  // Whether the entry chosen is there: one call, for every run makes it.
  bool IsThere() const {
    const std::string info =
        absl::StrCat(location_.cache->layout().Entry(location_.key), "/",
                     Abseil(kEntryInfoName));
    return machine_.files->Stat({}, info, SymlinkPolicy::kNoFollow).ok();
  }

  bool FindWider(const View& view) {
    if (view.roots.size() > 1) return false;
    View wider = view;
    std::string at =
        AbsolutePath(view.roots.empty() ? std::string(".") : view.roots[0],
                     machine_.working_directory);
    while (true) {
      wider.roots = {at};
      for (const bool all_names : {false, true}) {
        wider.keep = all_names ? KeepRules() : view.keep;
        Choose(wider);
        if (!IsUsefulAsWider()) continue;
        // Of a root that is a file nothing is known anywhere.
        if (view.roots.empty() || !IsEntry(*machine_.files, view.roots[0])) {
          return location_.wider = true;
        }
        Choose(view);
        return false;
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
    return entry.ok() && entry->info.data_bytes <= kMostWiderBytes;
  }

  void Choose(const View& view) {
    location_.facts = view;
    location_.key = DatabaseKey(view, machine_.working_directory, id_);
    location_.database = location_.cache->DataPath(location_.key);
  }

  const Machine& machine_;
  const std::string id_;
  EntryChoice& location_;
};

EntryChoice NoCache(EntryChoice location, std::string problem,
                    Severity severity) {
  location.use = CacheUse::kNone;
  location.database.clear();
  location.problem = std::move(problem);
  location.severity = severity;
  return location;
}

// Whether a file that may be replaced by a database is one. What cannot be read
// counts: it is as likely one that another user has made.
bool IsDatabase(const std::string& path, const Machine& machine) {
  const auto file = machine.files->OpenFile(path, SymlinkPolicy::kFollow);
  if (!file.ok()) return true;
  char head[kOwnershipBytes];
  const Result<size_t> size = file.value()->ReadAt(0, head, sizeof(head));
  return !size.ok() || IsDatabaseOrEmpty({head, size.value()});
}

// Has the run start from --import. Nothing is imported twice, so that its file
// may be gone by now.
bool FindImport(const std::string& path, const Machine& machine,
                EntryChoice& location) {
  const auto file = machine.files->OpenFile(path, SymlinkPolicy::kNoFollow);
  if (file.ok()) {
    location.database = path;
    return location.imported = true;
  }
  location.import_problem =
      absl::StrCat(path, ": cannot be imported: ", file.error().Message());
  location.import_severity =
      file.error().code() == ENOENT ? Severity::kRemark : Severity::kWarning;
  return false;
}

EntryChoice LocateNamedDatabase(const std::string& path, EntryChoice location,
                                const Machine& machine) {
  const Result<FileStat> stat =
      machine.files->Stat({}, path, SymlinkPolicy::kFollow);
  if (stat.ok() && stat->kind != EntryKind::kFile) {
    // Writing replaces what is there, which must not happen to a device.
    const std::string reason = stat->kind == EntryKind::kDirectory
                                   ? SystemError(EISDIR).Message()
                                   : "Not a regular file";
    return NoCache(std::move(location), absl::StrCat(path, ": ", reason),
                   Severity::kWarning);
  }
  if (stat.ok() && stat->size_bytes > 0 && !IsDatabase(path, machine)) {
    return NoCache(std::move(location),
                   absl::StrCat(path, ": is no database, and is not replaced"),
                   Severity::kWarning);
  }
  location.database = path;
  return location;
}

}  // namespace

EntryChoice ChooseEntry(const CacheSettings& options, const View& view,
                        const CacheVariables& variables,
                        const Machine& machine) {
  EntryChoice location;
  location.view_id =
      options.view_id.value_or(variables.finder_view_id.value_or(""));
  if (options.mode == CacheMode::kNone) return location;
  location.use =
      options.mode == CacheMode::kRefresh ? CacheUse::kRefresh : CacheUse::kUse;
  if (options.database) {
    return LocateNamedDatabase(*options.database, std::move(location), machine);
  }

  const absl::StatusOr<ChosenPlace> chosen =
      ChooseCachePlace(options, variables, machine);
  if (!chosen.ok()) {
    return NoCache(std::move(location), std::string(chosen.status().message()),
                   Severity::kRemark);
  }
  location.severity = chosen->choice == PlaceChoice::kAsked ? Severity::kWarning
                                                            : Severity::kRemark;
  absl::StatusOr<std::unique_ptr<CacheDirectory>> cache =
      CacheDirectory::Open(CacheEnvironmentOf(machine), chosen->place);
  if (!cache.ok()) {
    const Severity severity = location.severity;
    return NoCache(std::move(location), std::string(cache.status().message()),
                   severity);
  }
  location.cache = *std::move(cache);
  EntrySearch search(view, machine, location);
  if (search.IsThere() || location.use != CacheUse::kUse) return location;
  if (!options.import || !FindImport(*options.import, machine, location)) {
    search.FindWider(view);
  }
  return location;
}

std::string ViewIdOf(const EntryChoice& choice, const Machine& machine) {
  return choice.view_id.empty() ? DefaultViewId(machine.host) : choice.view_id;
}

View WithoutEntryRoots(const View& view, FileSystem& files) {
  if (view.roots.size() < 2) return view;
  View rest = view;
  std::erase_if(rest.roots, [&files](const std::string& root) {
    return IsEntry(files, root);
  });
  return rest.roots.empty() ? view : rest;
}

}  // namespace finder
