#include "finder/results/hashes/file_hashes.h"

#include <errno.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/results/hashes/kept_hashes.h"
#include "finder/results/hashes/live_volumes.h"
#include "finder/results/hashes/work_share.h"
#include "finder/tree/stamp.h"

namespace finder {
namespace {

// At a time; a stat takes some two microseconds.
constexpr size_t kStatsAtATime = 64;
// Large enough that the calls do not count beside the hashing.
constexpr size_t kReadBytes = size_t{256} << 10;

bool HasSameStamp(const FileStat& a, const FileStat& b) {
  return a.kind == b.kind && a.device == b.device && a.inode == b.inode &&
         a.size_bytes == b.size_bytes && a.modified_ns == b.modified_ns &&
         a.change_ns == b.change_ns && a.permissions == b.permissions;
}

ScanTime Now(Clock& clock) {
  return {.realtime_ns = clock.RealtimeNs(), .boottime_ns = clock.BoottimeNs()};
}

}  // namespace

class FileHashes::State {
 public:
  State(FileSystem& files, Clock& clock, const Host& host, ThreadPool& pool,
        std::string_view kept)
      : files_(files),
        clock_(clock),
        pool_(pool),
        began_(Now(clock)),
        boot_id_(host.boot_id),
        kept_(DecodeHashes(kept).value_or(KeptHashes())),
        volumes_(files, kept_.volumes) {
    const bool same_boot = !boot_id_.empty() && kept_.boot_id == boot_id_;
    believed_before_ns_ = DistrustedFromNs(kept_.time, began_, same_boot);
  }

  void Look(std::span<const std::string> paths, std::span<FileFact> facts);
  void LookAtStamp(const std::string& path, FileFact& fact);
  bool HasChanged(const std::string& path, const FileFact& fact);

  void Note(const FileStat& stat, const ContentHash& hash);

  bool has_news() const {
    absl::MutexLock lock(&mutex_);
    return !fresh_.empty();
  }
  FileHashCounts counts() const {
    absl::MutexLock lock(&mutex_);
    return counts_;
  }
  ThreadPool& pool() { return pool_; }
  std::string Encode() const;

 private:
  // The first step of a look: all but the contents. False: they are to be read.
  bool LookWithoutReading(const std::string& path, FileFact& fact);
  bool LookAtFile(const std::string& path, FileFact& fact);
  void LookAtLink(const std::string& path, FileFact& fact);
  // The second step. `fact` has the stamp.
  void Read(const std::string& path, FileFact& fact);

  std::optional<ContentHash> FindHash(const FileStat& stat,
                                      const LiveVolume& volume) const;
  void KeepLocked(const FileStat& stat, const LiveVolume& volume,
                  const ContentHash& hash)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Of a file that is looked at now.
  bool Proves(const FileStat& stat, const LiveVolume* volume) const {
    return volume != nullptr &&
           StampIsTrusted(stat.change_ns, began_.realtime_ns,
                          volume->volume.trust, std::nullopt);
  }

  FileSystem& files_;
  Clock& clock_;
  ThreadPool& pool_;
  const ScanTime began_;
  const std::string boot_id_;
  // Since the clock was set back; what was kept with later times counts not.
  int64_t believed_before_ns_ = std::numeric_limits<int64_t>::max();
  const KeptHashes kept_;
  LiveVolumes volumes_;

  mutable absl::Mutex mutex_;
  std::map<std::tuple<uint32_t, uint64_t>, KeptHash> fresh_
      ABSL_GUARDED_BY(mutex_);
  FileHashCounts counts_ ABSL_GUARDED_BY(mutex_);
};

std::optional<ContentHash> FileHashes::State::FindHash(
    const FileStat& stat, const LiveVolume& volume) const {
  const auto is_it = [&](const KeptHash& kept) {
    return kept.size_bytes == stat.size_bytes &&
           kept.modified_ns == stat.modified_ns &&
           kept.change_ns == stat.change_ns;
  };
  const std::tuple<uint32_t, uint64_t> file = {volume.index, stat.inode};
  const auto found = std::lower_bound(
      kept_.files.begin(), kept_.files.end(), file,
      [](const KeptHash& kept, const auto& key) { return kept.file() < key; });
  if (found != kept_.files.end() && found->file() == file && is_it(*found) &&
      found->change_ns < believed_before_ns_) {
    return found->hash;
  }
  absl::MutexLock lock(&mutex_);
  const auto fresh = fresh_.find(file);
  if (fresh != fresh_.end() && is_it(fresh->second)) return fresh->second.hash;
  return std::nullopt;
}

bool FileHashes::State::LookAtFile(const std::string& path, FileFact& fact) {
  fact.kind = FileKind::kFile;
  fact.executable = (fact.stat.permissions & 0100) != 0;
  const LiveVolume* volume = volumes_.Identify(path, fact.stat);
  if (volume != nullptr && volume->volume.trust == StampTrust::kServer) {
    // The stamp is current only when the file is opened.
    const auto opened = files_.OpenFile(path, SymlinkPolicy::kFollow);
    if (!opened.ok()) return false;
    const Result<FileStat> stat = opened.value()->Stat();
    if (!stat.ok()) return false;
    fact.stat = stat.value();
  }
  fact.proven = Proves(fact.stat, volume);
  if (volume == nullptr || !fact.proven) return false;
  const std::optional<ContentHash> hash = FindHash(fact.stat, *volume);
  if (!hash) return false;
  fact.hash = *hash;
  absl::MutexLock lock(&mutex_);
  ++counts_.known;
  return true;
}

void FileHashes::State::Read(const std::string& path, FileFact& fact) {
  const auto opened = files_.OpenFile(path, SymlinkPolicy::kFollow);
  // As it is when opened: it may have been replaced since.
  const Result<FileStat> stat =
      opened.ok() ? opened.value()->Stat() : Result<FileStat>(opened.error());
  if (!stat.ok()) {
    fact = {};
    const bool is_absent = stat.error().code() == ENOENT;
    fact.kind = is_absent ? FileKind::kAbsent : FileKind::kUnreadable;
    return;
  }
  fact.stat = stat.value();
  fact.executable = (fact.stat.permissions & 0100) != 0;
  ContentHasher hasher;
  std::string buffer(kReadBytes, '\0');
  int64_t offset = 0;
  // Up to the size of the stamp, as the file may be growing; to the end where
  // that is not told (proc).
  const auto is_over = [&] {
    return fact.stat.size_bytes > 0 && offset >= fact.stat.size_bytes;
  };
  for (size_t got = kReadBytes; got == kReadBytes && !is_over();) {
    const Result<size_t> piece =
        opened.value()->ReadAt(offset, buffer.data(), buffer.size());
    if (!piece.ok()) {
      fact.kind = FileKind::kUnreadable;
      fact.proven = false;
      return;
    }
    got = piece.value();
    hasher.Add(std::string_view(buffer).substr(0, got));
    offset += static_cast<int64_t>(got);
  }
  fact.hash = hasher.Finish();
  const LiveVolume* volume = volumes_.Identify(path, fact.stat);
  fact.proven = Proves(fact.stat, volume);
  absl::MutexLock lock(&mutex_);
  ++counts_.read;
  counts_.read_bytes += static_cast<uint64_t>(offset);
  if (!fact.proven) return;
  KeepLocked(fact.stat, *volume, fact.hash);
}

void FileHashes::State::KeepLocked(const FileStat& stat,
                                   const LiveVolume& volume,
                                   const ContentHash& hash) {
  fresh_[{volume.index, stat.inode}] = {.inode = stat.inode,
                                        .size_bytes = stat.size_bytes,
                                        .modified_ns = stat.modified_ns,
                                        .change_ns = stat.change_ns,
                                        .hash = hash,
                                        .volume = volume.index};
}

void FileHashes::State::Note(const FileStat& stat, const ContentHash& hash) {
  const LiveVolume* volume = volumes_.Find(stat.device);
  absl::MutexLock lock(&mutex_);
  if (Proves(stat, volume)) KeepLocked(stat, *volume, hash);
}

void FileHashes::State::LookAtLink(const std::string& path, FileFact& fact) {
  ContentHasher hasher;
  const Result<std::string> text = files_.ReadLink({}, path);
  if (!text.ok()) {
    fact.kind = text.error().code() == ENOENT ? FileKind::kAbsent
                                              : FileKind::kUnreadable;
    return;
  }
  hasher.AddField(text.value());
  const Result<FileStat> target = files_.Stat({}, path, SymlinkPolicy::kFollow);
  FileFact led;
  if (target.ok() && target->kind == EntryKind::kFile) {
    led.stat = fact.stat = target.value();
    if (!LookAtFile(path, led)) Read(path, led);
    fact.executable = led.executable;
  }
  hasher.AddNumber(static_cast<uint64_t>(led.kind));
  hasher.Add(led.hash.Hex());
  fact.kind = FileKind::kSymlink;
  fact.hash = hasher.Finish();
}

bool FileHashes::State::LookWithoutReading(const std::string& path,
                                           FileFact& fact) {
  const Result<FileStat> stat = files_.Stat({}, path, SymlinkPolicy::kNoFollow);
  if (!stat.ok()) {
    const int code = stat.error().code();
    fact.kind = code == ENOENT || code == ENOTDIR ? FileKind::kAbsent
                                                  : FileKind::kUnreadable;
    return true;
  }
  fact.stat = stat.value();
  switch (fact.stat.kind) {
    case EntryKind::kFile:
      return LookAtFile(path, fact);
    case EntryKind::kDirectory:
      fact.kind = FileKind::kDirectory;
      return true;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      LookAtLink(path, fact);
      return true;
    case EntryKind::kOther:
      fact.kind = FileKind::kOther;
      return true;
  }
  return true;
}

void FileHashes::State::Look(std::span<const std::string> paths,
                             std::span<FileFact> facts) {
  std::vector<uint8_t> to_read(paths.size());
  WorkShare stats(paths.size(), kStatsAtATime);
  pool_.Run(stats.WorkersFor(pool_), [&](unsigned) {
    for (size_t i = 0, end = 0; stats.Next(i, end);) {
      for (; i < end; ++i) to_read[i] = !LookWithoutReading(paths[i], facts[i]);
    }
  });
  std::vector<size_t> unread;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (to_read[i] != 0) unread.push_back(i);
  }
  if (unread.empty()) return;
  WorkShare reads(unread.size(), 1);
  pool_.Run(reads.WorkersFor(pool_), [&](unsigned) {
    for (size_t at = 0, end = 0; reads.Next(at, end);) {
      Read(paths[unread[at]], facts[unread[at]]);
    }
  });
}

void FileHashes::State::LookAtStamp(const std::string& path, FileFact& fact) {
  const Result<FileStat> stat = files_.Stat({}, path, SymlinkPolicy::kFollow);
  if (!stat.ok()) return;
  fact.stat = stat.value();
  if (fact.stat.kind != EntryKind::kFile) {
    fact.kind = fact.stat.kind == EntryKind::kDirectory ? FileKind::kDirectory
                                                        : FileKind::kOther;
    return;
  }
  fact.kind = FileKind::kFile;
  fact.executable = (fact.stat.permissions & 0100) != 0;
  fact.proven = true;
  ContentHasher hasher;
  hasher.AddNumber(static_cast<uint64_t>(fact.stat.size_bytes));
  hasher.AddNumber(static_cast<uint64_t>(fact.stat.modified_ns));
  fact.hash = hasher.Finish();
}

bool FileHashes::State::HasChanged(const std::string& path,
                                   const FileFact& fact) {
  if (fact.kind == FileKind::kFile) {
    const Result<FileStat> stat = files_.Stat({}, path, SymlinkPolicy::kFollow);
    if (!stat.ok() || !HasSameStamp(stat.value(), fact.stat)) return true;
    if (fact.proven) return false;
  }
  FileFact now;
  if (!LookWithoutReading(path, now)) Read(path, now);
  return !(now == fact);
}

std::string FileHashes::State::Encode() const {
  KeptHashes hashes;
  hashes.boot_id = boot_id_;
  hashes.time = Now(clock_);
  // The clock may have been set back while this ran.
  const int64_t before_ns = std::min(
      believed_before_ns_, DistrustedFromNs(began_, hashes.time, true));
  hashes.volumes = volumes_.volumes();
  absl::MutexLock lock(&mutex_);
  for (const auto& [file, fresh] : fresh_) {
    if (hashes.files.size() >= kMaxKeptHashes) break;
    if (fresh.change_ns < before_ns) hashes.files.push_back(fresh);
  }
  for (const KeptHash& kept : kept_.files) {
    if (hashes.files.size() >= kMaxKeptHashes) break;
    if (kept.change_ns < before_ns && !fresh_.contains(kept.file())) {
      hashes.files.push_back(kept);
    }
  }
  std::sort(
      hashes.files.begin(), hashes.files.end(),
      [](const KeptHash& a, const KeptHash& b) { return a.file() < b.file(); });
  return EncodeHashes(hashes);
}

FileHashes::FileHashes(FileSystem& files, Clock& clock, const Host& host,
                       ThreadPool& pool, std::string_view kept)
    : state_(std::make_unique<State>(files, clock, host, pool, kept)) {}
FileHashes::~FileHashes() = default;

std::vector<FileFact> FileHashes::Look(std::span<const std::string> paths) {
  std::vector<FileFact> facts(paths.size());
  state_->Look(paths, facts);
  return facts;
}

std::vector<FileFact> FileHashes::LookAtStamps(
    std::span<const std::string> paths) {
  std::vector<FileFact> facts(paths.size());
  WorkShare share(paths.size(), kStatsAtATime);
  state_->pool().Run(share.WorkersFor(state_->pool()), [&](unsigned) {
    for (size_t i = 0, end = 0; share.Next(i, end);) {
      for (; i < end; ++i) state_->LookAtStamp(paths[i], facts[i]);
    }
  });
  return facts;
}

std::vector<size_t> FileHashes::Changed(std::span<const std::string> paths,
                                        std::span<const FileFact> facts) {
  std::vector<uint8_t> changed(paths.size());
  WorkShare share(paths.size(), kStatsAtATime);
  state_->pool().Run(share.WorkersFor(state_->pool()), [&](unsigned) {
    for (size_t i = 0, end = 0; share.Next(i, end);) {
      for (; i < end; ++i) changed[i] = state_->HasChanged(paths[i], facts[i]);
    }
  });
  std::vector<size_t> indexes;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (changed[i] != 0) indexes.push_back(i);
  }
  return indexes;
}

void FileHashes::Note(const FileStat& stat, const ContentHash& hash) {
  state_->Note(stat, hash);
}

bool FileHashes::has_news() const { return state_->has_news(); }
std::string FileHashes::Encode() const { return state_->Encode(); }
FileHashCounts FileHashes::counts() const { return state_->counts(); }

}  // namespace finder
