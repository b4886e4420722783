#include "finder/inode/inode_filter.h"

#include <errno.h>

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "finder/inode/time_text.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr SymlinkPolicy kFollow = SymlinkPolicy::kFollow;
constexpr SymlinkPolicy kNoFollow = SymlinkPolicy::kNoFollow;

// Bounds the memory of a run that asks much and finds nothing.
constexpr size_t kMostRemembered = 100'000;

absl::Status Named(std::string_view option, const absl::Status& status) {
  return absl::InvalidArgumentError(
      absl::StrCat(Abseil(option), ": ", status.message()));
}

// Appends the moments that `texts` mean.
absl::Status AppendTimes(std::string_view option,
                         const std::vector<std::string>& texts, Clock& clock,
                         std::vector<int64_t>& to) {
  for (const std::string& text : texts) {
    const absl::StatusOr<TimeText> time = ParseTime(text);
    if (!time.ok()) return Named(option, time.status());
    to.push_back(InEpochNs(
        *time, clock.RealtimeNs(),
        [&clock](int64_t seconds) { return clock.UtcOffset(seconds); }));
  }
  return absl::OkStatus();
}

// The same for texts that may be files.
absl::Status AppendFileTimes(const std::vector<std::string>& texts,
                             FileSystem& files, Clock& clock,
                             std::vector<int64_t>& to) {
  for (const std::string& text : texts) {
    if (ParseTime(text).ok()) {
      if (absl::Status s = AppendTimes("--newer", {text}, clock, to); !s.ok()) {
        return s;
      }
      continue;
    }
    const Result<FileStat> stat = files.Stat({}, text, kFollow);
    if (!stat.ok()) {
      return absl::NotFoundError(absl::StrCat(
          "--newer: '", text,
          "' is no time, and as a file: ", stat.error().Message()));
    }
    to.push_back(stat->modified_ns);
  }
  return absl::OkStatus();
}

Result<FileStat> StatFollowing(FileSystem& files, const DirectoryHandle& base,
                               std::string_view path) {
  Result<FileStat> stat = files.Stat(base, path, kFollow);
  if (stat.ok()) return stat;
  const int code = stat.error().code();
  // A symlink to nothing is itself all that there is.
  const bool dangles = code == ENOENT || code == ELOOP || code == ENOTDIR;
  return dangles ? files.Stat(base, path, kNoFollow) : stat;
}

}  // namespace

absl::StatusOr<InodeRules> InodeRules::Of(const Query& query, FileSystem& files,
                                          Clock& clock) {
  InodeRules rules;
  for (const std::string& text : query.sizes) {
    const absl::StatusOr<SizeBound> bound = ParseSizeBound(text);
    if (!bound.ok()) return Named("--size", bound.status());
    rules.sizes.push_back(*bound);
  }
  absl::Status status =
      AppendFileTimes(query.newer, files, clock, rules.modified_after);
  if (status.ok()) {
    status = AppendTimes("--changed-within", query.changed_within, clock,
                         rules.modified_after);
  }
  if (status.ok()) {
    status = AppendTimes("--changed-before", query.changed_before, clock,
                         rules.modified_before);
  }
  if (!status.ok()) return status;
  return rules;
}

Result<bool> InodeRules::Hold(FileSystem& files, const DirectoryHandle& base,
                              std::string_view path, EntryKind kind,
                              LinkPolicy links) const {
  const bool follows = links == LinkPolicy::kFollow;
  if (!sizes.empty() && kind != EntryKind::kFile &&
      !(follows && IsLink(kind))) {
    return false;
  }
  const Result<FileStat> stat = follows ? StatFollowing(files, base, path)
                                        : files.Stat(base, path, kNoFollow);
  if (!stat.ok()) return stat.error();
  const int64_t modified_ns = stat->modified_ns;
  const uint64_t size_bytes = static_cast<uint64_t>(stat->size_bytes);
  return (sizes.empty() || stat->kind == EntryKind::kFile) &&
         std::all_of(modified_after.begin(), modified_after.end(),
                     [=](int64_t ns) { return modified_ns > ns; }) &&
         std::all_of(modified_before.begin(), modified_before.end(),
                     [=](int64_t ns) { return modified_ns < ns; }) &&
         std::all_of(sizes.begin(), sizes.end(), [=](const SizeBound& size) {
           return size.Holds(size_bytes);
         });
}

// Entries of one directory come one after the other: from the second on they
// are asked by their bare names, which spares the kernel the way to them.
class InodeFilter::Probe final : public EntryProbe {
 public:
  explicit Probe(const InodeFilter& filter) : filter_(filter) {}

  bool Accepts(const Match& match) override;

 private:
  bool Ask(const Match& match);

  const InodeFilter& filter_;
  std::string directory_;  // of the entry before
  bool opened_ = false;    // or tried to
  DirectoryHandle handle_;
  std::string path_;
};

bool InodeFilter::Probe::Ask(const Match& match) {
  if (match.directory != directory_) {
    directory_ = match.directory;
    handle_.Close();
    opened_ = false;
  } else if (!opened_ && !directory_.empty()) {
    opened_ = true;
    Result<DirectoryHandle> handle =
        filter_.files_.OpenDirectory({}, directory_, kFollow);
    if (handle.ok()) handle_ = std::move(handle).value();
  }
  if (handle_.is_open()) return filter_.Ask(handle_, match.name, match);
  path_ = match.directory;
  path_ += match.name;
  return filter_.Ask({}, path_, match);
}

bool InodeFilter::Probe::Accepts(const Match& match) {
  if (!filter_.remembers_) return Ask(match);
  path_ = match.directory;
  path_ += match.name;
  {
    absl::MutexLock lock(&filter_.mutex_);
    const auto known = filter_.remembered_.find(path_);
    if (known != filter_.remembered_.end()) return known->second;
  }
  const std::string path = path_;
  const bool accepted = Ask(match);
  absl::MutexLock lock(&filter_.mutex_);
  if (filter_.remembered_.size() < kMostRemembered) {
    filter_.remembered_.emplace(path, accepted);
  }
  return accepted;
}

std::unique_ptr<EntryProbe> InodeFilter::NewProbe() const {
  return std::make_unique<Probe>(*this);
}

bool InodeFilter::Ask(const DirectoryHandle& base,
                      std::string_view path_from_base,
                      const Match& match) const {
  asked_.fetch_add(1, std::memory_order_relaxed);
  const Result<bool> holds =
      rules_.Hold(files_, base, path_from_base, match.kind, links_);
  if (holds.ok()) return holds.value();
  const int code = holds.error().code();
  // Gone since its directory was listed: no answer any more.
  if (code != ENOENT && code != ENOTDIR) {
    diagnostics_.Add(absl::StrCat(Abseil(match.directory), Abseil(match.name)),
                     holds.error().Message());
  }
  return false;
}

}  // namespace finder
