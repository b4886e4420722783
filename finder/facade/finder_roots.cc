// Roots that are no directories: files, and what is missing.
#include <fmt/core.h>

#include <cerrno>
#include <string>
#include <utility>

#include "finder/facade/finder_impl.h"
#include "finder/tree/listing.h"

namespace finder {
namespace {

// "src" of "src/a.c", "." of "a.c", "/" of "/a".
std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return path.substr(0, slash == 0 ? 1 : slash);
}

bool IsDirectory(FileSystem& files, const std::string& path) {
  const Result<FileStat> stat = files.Stat({}, path, SymlinkPolicy::kFollow);
  return stat.ok() && stat->kind == EntryKind::kDirectory;
}

}  // namespace

// Whether a root that is no directory is an entry. A symlink is one only if it
// leads to something: one that lost its directory is missed as before.
std::optional<EntryKind> Finder::Impl::KindOfEntry(const std::string& path,
                                                   uint64_t& stat_calls) const {
  FileSystem& files = *environment_.files;
  ++stat_calls;
  const Result<FileStat> stat = files.Stat({}, path, SymlinkPolicy::kNoFollow);
  if (!stat.ok()) return std::nullopt;
  switch (stat->kind) {
    case EntryKind::kFile:
    case EntryKind::kOther:
      return stat->kind;
    case EntryKind::kDirectory:
      return std::nullopt;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      break;
  }
  ++stat_calls;
  const Result<FileStat> target = files.Stat({}, path, SymlinkPolicy::kFollow);
  if (!target.ok() || target->kind == EntryKind::kDirectory)
    return std::nullopt;
  return EntryKind::kSymlink;
}

bool Finder::Impl::LeavesOut(const Root& root, SystemError error) {
  OtherRoot other = {root, std::nullopt, error};
  if (options_.entry_roots == EntryRoots::kAnswers && error.code() == ENOTDIR) {
    other.kind = KindOfEntry(root.absolute, other.stat_calls);
  }
  if (!other.kind.has_value() &&
      options_.missing_roots == MissingRoots::kRefused) {
    return false;
  }
  other_roots_.push_back(std::move(other));
  return true;
}

// Without any root at all there is no answer.
absl::Status Finder::Impl::CheckOtherRoots() const {
  if (!tree_->roots.empty()) return absl::OkStatus();
  for (const OtherRoot& other : other_roots_) {
    if (other.kind.has_value()) return absl::OkStatus();
  }
  const OtherRoot& first = other_roots_.front();
  return absl::NotFoundError(
      fmt::format("{}: {}", first.root.path, first.error.Message()));
}

// Gives the answers what the scan has nothing to do with. What is missing is
// put in, too, as a root that shows nothing: whoever asks what the answer
// depends on learns where it may appear.
void Finder::Impl::PlaceOtherRoots() {
  for (OtherRoot& other : other_roots_) {
    metrics_.stat_calls += other.stat_calls;
    Root root = std::move(other.root);
    root.kind = RootKind::kEntry;
    Arena& arena = tree_->NewArena();
    root.directory = arena.NewArray<Directory>(1);
    root.directory->name_bytes = "";
    root.directory->view_root = true;
    root.directory->knowledge = Knowledge::kListed;
    root.directory->verified = true;
    ListingBuilder listing;
    if (other.kind.has_value()) {
      listing.Add(root.path.substr(root.path.rfind('/') + 1), *other.kind);
    } else {
      diagnostics_.Add(root.path, other.error.Message());
      ++metrics_.unreadable;
    }
    char* const bytes = arena.AllocateBytes(listing.size_bytes());
    listing.Write(bytes);
    root.directory->set_listing({bytes, listing.size_bytes()});
    root.directory->has_special = listing.has_special();
    do {
      root.path = DirectoryOf(root.path);
      root.absolute = DirectoryOf(root.absolute);
    } while (!other.kind.has_value() && root.path != "." && root.path != "/" &&
             !IsDirectory(*environment_.files, root.absolute));
    tree_->roots.push_back(std::move(root));
  }
}

}  // namespace finder
