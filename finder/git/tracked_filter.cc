#include "finder/git/tracked_filter.h"

#include <errno.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "finder/tree/tree_walk.h"
#include "fs/path.h"

namespace finder {
namespace {

constexpr SymlinkPolicy kFollow = SymlinkPolicy::kFollow;
// Far more than an index has; less than what would fill the memory.
constexpr int64_t kMostBytes = int64_t{4} << 30;

bool Exists(FileSystem& files, const std::string& path) {
  return files.Stat({}, path, SymlinkPolicy::kNoFollow).ok();
}

absl::Status Failure(const std::string& path, SystemError error) {
  return absl::UnavailableError(absl::StrCat(path, ": ", error.Message()));
}

}  // namespace

TrackedFilter::TrackedFilter(FileSystem& files, const View& view,
                             std::string working_directory,
                             Diagnostics& diagnostics)
    : files_(files),
      tree_tells_(view.keep.keeps_all()),
      working_directory_(std::move(working_directory)),
      diagnostics_(diagnostics) {}

Result<std::string> TrackedFilter::ReadFile(const std::string& path) const {
  const auto file = files_.OpenFile(path, kFollow);
  if (!file.ok()) return file.error();
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok()) return stat.error();
  if (stat->size_bytes > kMostBytes) return SystemError(EFBIG);
  std::string bytes(static_cast<size_t>(stat->size_bytes), '\0');
  const Result<size_t> read =
      file.value()->ReadAt(0, bytes.data(), bytes.size());
  if (!read.ok()) return read.error();
  bytes.resize(read.value());
  return bytes;
}

absl::StatusOr<GitIndex> TrackedFilter::ReadIndex(
    const std::string& git_directory) const {
  const auto parse =
      [this](const std::string& path) -> absl::StatusOr<GitIndex> {
    const Result<std::string> bytes = ReadFile(path);
    if (!bytes.ok()) return Failure(path, bytes.error());
    absl::StatusOr<GitIndex> index = GitIndex::Parse(bytes.value());
    if (index.ok()) return index;
    return absl::DataLossError(
        absl::StrCat(path, ": ", index.status().message()));
  };
  const std::string path = git_directory + "/index";
  // A new repository has none.
  if (const auto stat = files_.Stat({}, path, kFollow);
      !stat.ok() && stat.error().code() == ENOENT) {
    return GitIndex();
  }
  absl::StatusOr<GitIndex> index = parse(path);
  if (!index.ok() || !index->shared_hash().has_value()) return index;
  const absl::StatusOr<GitIndex> shared = parse(
      absl::StrCat(git_directory, "/sharedindex.", *index->shared_hash()));
  if (!shared.ok()) return shared.status();
  if (absl::Status status = index->Join(*shared); !status.ok()) {
    return absl::DataLossError(absl::StrCat(path, ": ", status.message()));
  }
  return index;
}

// `.git` is the repository, or a file that says where that is.
absl::StatusOr<GitIndex> TrackedFilter::ReadRepository(
    const std::string& path) const {
  std::string git_directory = path + ".git";
  const Result<FileStat> stat = files_.Stat({}, git_directory, kFollow);
  if (!stat.ok()) return Failure(git_directory, stat.error());
  if (stat->kind == EntryKind::kFile) {
    const Result<std::string> text = ReadFile(git_directory);
    if (!text.ok()) return Failure(git_directory, text.error());
    constexpr std::string_view kKey = "gitdir: ";
    std::string_view target = text.value();
    if (!target.starts_with(kKey)) return absl::NotFoundError("");
    target.remove_prefix(kKey.size());
    target = target.substr(0, target.find_last_not_of("\r\n") + 1);
    git_directory = (target.starts_with('/') ? "" : path) + std::string(target);
  }
  // A directory that is only called so.
  if (!Exists(files_, git_directory + "/HEAD")) return absl::NotFoundError("");
  return ReadIndex(git_directory);
}

const GitIndex* TrackedFilter::RepositoryAt(const std::string& path) const {
  absl::MutexLock lock(&mutex_);
  const auto known = repositories_.find(path);
  if (known != repositories_.end()) return known->second.get();
  absl::StatusOr<GitIndex> index = ReadRepository(path);
  std::unique_ptr<const GitIndex>& place = repositories_[path];
  if (index.ok()) {
    place = std::make_unique<const GitIndex>(*std::move(index));
  } else if (!absl::IsNotFound(index.status())) {
    const std::string message(index.status().message());
    const size_t colon = message.find(": ");
    diagnostics_.Add(message.substr(0, colon), message.substr(colon + 2));
    // What lies there is in no other repository.
    place = std::make_unique<const GitIndex>();
  }
  return place.get();
}

TrackedFilter::Place TrackedFilter::FindPlace(const std::string& path) const {
  const std::string root = path.empty() ? "." : path;
  if (Exists(files_, path + ".git")) {
    const GitIndex* const index = RepositoryAt(path);
    if (index != nullptr) return {index, path.size(), ""};
  }
  std::string above = AbsolutePath(root, working_directory_);
  std::string below;
  while (above != "/") {
    const size_t slash = above.rfind('/');
    below = above.substr(slash + 1) + "/" + below;
    above.resize(slash == 0 ? 1 : slash);
    const std::string top = above == "/" ? above : above + "/";
    if (!Exists(files_, top + ".git")) continue;
    const GitIndex* const index = RepositoryAt(top);
    if (index != nullptr) return {index, path.size(), below};
  }
  return {};
}

bool TrackedFilter::IsTracked(const Place& place, std::string_view directory,
                              std::string_view name, EntryKind kind) {
  if (place.index == nullptr) return false;
  std::string path = place.prepend;
  path += directory.substr(place.strip);
  path += name;
  if (place.index->Has(path)) return true;
  return kind == EntryKind::kDirectory && place.index->HasBelow(path);
}

bool TrackedFilter::Accepts(std::string_view directory, std::string_view name,
                            EntryKind kind) const {
  const Place place = FindPlace(std::string(directory));
  return IsTracked(place, directory, name, kind);
}

// Remembers the places of the directories of its walk.
class TrackedFilter::Probe final : public EntryProbe {
 public:
  explicit Probe(const TrackedFilter& filter) : filter_(filter) {}

  bool Accepts(const Match& match) override {
    return IsTracked(PlaceOf(*match.parent, match.directory), match.directory,
                     match.name, match.kind);
  }

 private:
  const Place& PlaceOf(const Directory& directory, std::string_view printed);
  bool MayBeTop(const Directory& directory, std::string_view printed) const;

  const TrackedFilter& filter_;
  absl::flat_hash_map<const Directory*, Place> places_;
};

// `printed` ends in '/', or is empty.
bool TrackedFilter::Probe::MayBeTop(const Directory& directory,
                                    std::string_view printed) const {
  constexpr std::string_view kGit = ".git";
  if (!filter_.tree_tells_) {
    return Exists(filter_.files_, absl::StrCat(std::string(printed), ".git"));
  }
  return FindChild(directory, kGit) != nullptr ||
         directory.listing().Contains(kGit);
}

const TrackedFilter::Place& TrackedFilter::Probe::PlaceOf(
    const Directory& directory, std::string_view printed) {
  // Up to one that is known, and down again.
  struct Level {
    const Directory* directory;
    std::string_view printed;
  };
  std::vector<Level> unknown;
  const Directory* at = &directory;
  Place place;
  while (true) {
    const auto known = places_.find(at);
    if (known != places_.end()) {
      place = known->second;
      break;
    }
    if (at->view_root) {
      place = filter_.FindPlace(std::string(printed));
      places_[at] = place;
      break;
    }
    unknown.push_back({at, printed});
    printed.remove_suffix(at->name().size() + 1);
    at = at->parent;
  }
  for (; !unknown.empty(); unknown.pop_back()) {
    const Level& level = unknown.back();
    if (MayBeTop(*level.directory, level.printed)) {
      const std::string top(level.printed);
      const GitIndex* const index = filter_.RepositoryAt(top);
      if (index != nullptr) place = {index, top.size(), ""};
    }
    places_[level.directory] = place;
  }
  return places_[&directory];
}

std::unique_ptr<EntryProbe> TrackedFilter::NewProbe() const {
  return std::make_unique<Probe>(*this);
}

}  // namespace finder
