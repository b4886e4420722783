// How a cache is opened, trusted and created.
#include <errno.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/size_log.h"
#include "finder/cache/disk/stage_area.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr uint32_t kPrivate = 0700;
constexpr uint32_t kWritableByOthers = 0002;
constexpr uint32_t kRootUser = 0;

// The signature is that of https://bford.info/cachedir/, by which programs that
// make backups know that they need not copy this.
constexpr size_t kSignatureBytes = 44;
constexpr std::string_view kTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This directory was made by finder, and may be removed at any time.\n"
    "# finder's doc/cache_directory.md says what is in it.\n";

absl::Status Refuse(absl::StatusCode code, const std::string& path,
                    std::string_view reason) {
  return absl::Status(code, absl::StrCat(path, ": ", Abseil(reason)));
}

absl::Status SystemRefusal(const std::string& path, SystemError error) {
  const bool forbidden = error.code() == EACCES || error.code() == EPERM;
  return Refuse(forbidden ? absl::StatusCode::kPermissionDenied
                          : absl::StatusCode::kUnavailable,
                path, error.Message());
}

bool Contains(const std::vector<uint32_t>& ids, uint32_t id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// A directory as it is found.
enum class Folder : uint8_t {
  kEmpty,
  kBegun,    // empty but for a part of our tag: its maker is at it, or has died
  kOurs,     // has our tag
  kForeign,  // anything else
};

// Each is another process that has just begun to make the same cache.
constexpr int kMaxAttempts = 8;

class Opening {
 public:
  Opening(const CacheEnvironment& environment, const CachePlace& place)
      : environment_(environment), place_(place), layout_{place.path} {}

  absl::StatusOr<CacheInfo> Open() {
    absl::StatusOr<FileStat> stat = FindDirectory();
    if (!stat.ok()) return stat.status();
    if ((stat->permissions & kWritableByOthers) != 0) {
      return Refuse(absl::StatusCode::kPermissionDenied, layout_.path,
                    "everybody may write to it");
    }
    const bool own = stat->owner == environment_.host.user_id;
    const bool own_group = Contains(environment_.host.group_ids, stat->group);
    if (!own && !own_group) return BelongsToAnother();
    absl::StatusOr<std::optional<CacheInfo>> info = ReadInfo();
    if (!info.ok()) return info.status();
    if (!own && (!*info || (*info)->sharing != CacheSharing::kGroup)) {
      return BelongsToAnother();
    }
    if (*info) return **std::move(info);
    if (place_.if_no_cache == IfNoCache::kFail) return NoCache();
    return Create();
  }

 private:
  absl::Status BelongsToAnother() const {
    return Refuse(absl::StatusCode::kPermissionDenied, layout_.path,
                  "belongs to another user");
  }
  absl::Status NoCache() const {
    return Refuse(absl::StatusCode::kNotFound, layout_.path, "no cache there");
  }

  Outcome MakeDirectories(const std::string& path) {
    const Outcome made = environment_.files->MakeDirectory(path, kPrivate);
    if (made.ok() || made.error().code() != ENOENT) return made;
    const size_t slash = path.rfind('/');
    if (!place_.make_parents_below || slash == std::string::npos ||
        slash == 0 || slash <= place_.make_parents_below->size()) {
      return made;
    }
    const Outcome parent = MakeDirectories(path.substr(0, slash));
    if (!parent.ok() && parent.error().code() != EEXIST) return parent;
    return environment_.files->MakeDirectory(path, kPrivate);
  }

  // The stat of the directory itself, made if it is missing.
  absl::StatusOr<FileStat> FindDirectory() {
    const std::string& path = layout_.path;
    Result<FileStat> stat = Stat(SymlinkPolicy::kNoFollow);
    if (!stat.ok() && stat.error().code() == ENOENT) {
      if (place_.if_no_cache == IfNoCache::kFail) return NoCache();
      const Outcome made = MakeDirectories(path);
      if (!made.ok() && made.error().code() != EEXIST) {
        return SystemRefusal(path, made.error());
      }
      stat = Stat(SymlinkPolicy::kNoFollow);
    }
    if (stat.ok() && stat->kind == EntryKind::kSymlink) {
      // One's own leads to another disk; another's, to where they like.
      if (stat->owner != environment_.host.user_id &&
          stat->owner != kRootUser) {
        return Refuse(absl::StatusCode::kPermissionDenied, path,
                      "a symlink of another user's");
      }
      stat = Stat(SymlinkPolicy::kFollow);
    }
    if (!stat.ok()) return SystemRefusal(path, stat.error());
    if (stat->kind != EntryKind::kDirectory) {
      return Refuse(absl::StatusCode::kFailedPrecondition, path,
                    SystemError(ENOTDIR).Message());
    }
    return stat.value();
  }
  Result<FileStat> Stat(SymlinkPolicy symlinks) {
    return environment_.files->Stat({}, layout_.path, symlinks);
  }

  // None if there is no cache, or its info is damaged, which a power cut may
  // have done.
  absl::StatusOr<std::optional<CacheInfo>> ReadInfo() {
    const std::string path = layout_.Of(kInfoName);
    const Result<std::string> text =
        environment_.shared_files->Read({}, path, kMaxInfoBytes);
    if (!text.ok() && text.error().code() == ENOENT) {
      return std::optional<CacheInfo>();
    }
    if (!text.ok()) return SystemRefusal(path, text.error());
    std::optional<CacheInfo> info = DecodeCacheInfo(text.value());
    if (info && info->format > kCacheFormat) {
      return Refuse(
          absl::StatusCode::kUnimplemented, layout_.path,
          absl::StrCat("format ", info->format,
                       " of a newer version; this one knows ", kCacheFormat));
    }
    damaged_ = !info;
    return info;
  }

  // Lists before it reads the tag: who has made anything beside the tag has
  // made that before.
  absl::StatusOr<Folder> Examine() {
    Result<DirectoryHandle> directory = environment_.files->OpenDirectory(
        {}, layout_.path, SymlinkPolicy::kFollow);
    if (!directory.ok()) return SystemRefusal(layout_.path, directory.error());
    bool empty = true;
    const Outcome listed = environment_.files->List(
        directory.value(), [&](std::string_view name, EntryKind) {
          empty = empty && (name == kTagName || name == "lost+found");
        });
    if (!listed.ok()) return SystemRefusal(layout_.path, listed.error());
    const Result<std::string> tag = environment_.shared_files->Read(
        {}, layout_.Of(kTagName), kMaxInfoBytes);
    if (tag.ok() && tag->starts_with(kTag)) return Folder::kOurs;
    if (!tag.ok() && tag.error().code() != ENOENT) {
      return SystemRefusal(layout_.Of(kTagName), tag.error());
    }
    if (!tag.ok()) return empty ? Folder::kEmpty : Folder::kForeign;
    // The signature alone may be another program's.
    const bool is_part = kTag.starts_with(tag.value()) &&
                         tag->size() != kSignatureBytes &&
                         tag->size() != kSignatureBytes - 1;
    return empty && is_part ? Folder::kBegun : Folder::kForeign;
  }

  // Puts our tag into a folder that is empty, before anything else. It is whole
  // and on the disk when this is done, so that whatever happens later, the
  // folder is known as ours.
  absl::Status Mark() {
    const std::string path = layout_.Of(kTagName);
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      const absl::StatusOr<Folder> folder = Examine();
      if (!folder.ok()) return folder.status();
      if (*folder == Folder::kForeign) {
        return Refuse(absl::StatusCode::kFailedPrecondition, layout_.path,
                      "neither empty nor a cache of finder");
      }
      Outcome made;
      if (*folder == Folder::kEmpty) {
        made = environment_.shared_files->Create(
            path, kTag, FilePermissions(CacheSharing::kPrivate));
        // Of another who was faster: what is it?
        if (!made.ok() && made.error().code() == EEXIST) continue;
      }
      // Whoever else does this now writes the same.
      if (made.ok()) made = environment_.shared_files->WriteOver(path, kTag);
      if (made.ok()) return absl::OkStatus();
      // Removed just now by somebody who wants no cache there.
      if (made.error().code() != ENOENT)
        return SystemRefusal(path, made.error());
    }
    return SystemRefusal(path, SystemError(EAGAIN));
  }

  // Each step is one that others may do at the same time. The tag comes first,
  // cache.info last: who sees it sees all.
  absl::StatusOr<CacheInfo> Create() {
    if (absl::Status marked = Mark(); !marked.ok()) return marked;
    CacheInfo info;
    info.boot_id = environment_.host.boot_id;
    info.created_ns = environment_.clock->RealtimeNs();
    for (const std::string_view name : {kObjectsName, kStageName}) {
      const std::string path = layout_.Of(name);
      const Outcome made =
          MakeSharedDirectory(environment_, path, CacheSharing::kPrivate);
      if (!made.ok() && made.error().code() != EEXIST) {
        return SystemRefusal(path, made.error());
      }
    }
    const std::pair<std::string_view, std::string> files[] = {
        {kTaskLockName, ""},
        {kSizeLogName, SizeBase({})},
        {kEventLogName, EncodeStatistics({.since_ns = info.created_ns})}};
    for (const auto& [name, text] : files) {
      const std::string path = layout_.Of(name);
      const Outcome made = environment_.shared_files->Create(
          path, text, FilePermissions(CacheSharing::kPrivate));
      if (!made.ok() && made.error().code() != EEXIST) {
        return SystemRefusal(path, made.error());
      }
    }
    return PlaceInfo(info);
  }

  absl::StatusOr<CacheInfo> PlaceInfo(const CacheInfo& info) {
    const auto place = damaged_ ? ReplaceFile : CreateWholeFile;
    const Outcome placed = place(environment_, layout_, CacheSharing::kPrivate,
                                 kInfoName, EncodeCacheInfo(info));
    if (placed.ok()) return info;
    if (placed.error().code() != EEXIST) {
      return SystemRefusal(layout_.Of(kInfoName), placed.error());
    }
    absl::StatusOr<std::optional<CacheInfo>> theirs = ReadInfo();
    if (!theirs.ok()) return theirs.status();
    return theirs->value_or(info);
  }

  const CacheEnvironment& environment_;
  const CachePlace& place_;
  const CacheLayout layout_;
  bool damaged_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CacheDirectory>> CacheDirectory::Open(
    const CacheEnvironment& environment, const CachePlace& place) {
  absl::StatusOr<CacheInfo> info = Opening(environment, place).Open();
  if (!info.ok()) return info.status();
  return std::unique_ptr<CacheDirectory>(
      new CacheDirectory(environment, {place.path}, *std::move(info)));
}

}  // namespace finder
