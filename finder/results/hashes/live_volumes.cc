#include "finder/results/hashes/live_volumes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace finder {
namespace {

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool IsSame(const Volume& then, const Volume& now) {
  if (now.identity.empty() || then.trust != now.trust ||
      then.identity != now.identity) {
    return false;
  }
  return !IsBoundToMount(now.trust) ||
         (!now.mount.empty() && then.mount == now.mount);
}

}  // namespace

const LiveVolume* LiveVolumes::FindLocked(uint64_t number) const {
  const auto found = std::find_if(
      live_.begin(), live_.end(),
      [number](const LiveVolume& live) { return live.number == number; });
  return found == live_.end() ? nullptr : &*found;
}

const LiveVolume* LiveVolumes::Find(uint64_t number) const {
  absl::MutexLock lock(&mutex_);
  return FindLocked(number);
}

std::optional<uint32_t> LiveVolumes::FindStoredLocked(
    const Volume& volume) const {
  for (uint32_t i = 0; i < volumes_.size(); ++i) {
    // One that bears another number in this run is a copy of it.
    const bool is_taken =
        std::any_of(live_.begin(), live_.end(),
                    [i](const LiveVolume& live) { return live.index == i; });
    if (!is_taken && IsSame(volumes_[i], volume)) return i;
  }
  return std::nullopt;
}

const LiveVolume* LiveVolumes::Identify(const std::string& path,
                                        const FileStat& stat) {
  if (const LiveVolume* live = Find(stat.device)) return live;
  // Not under the lock: it may take a server's time.
  const Result<DirectoryHandle> directory =
      files_.OpenDirectory({}, DirectoryOf(path), SymlinkPolicy::kFollow);
  if (!directory.ok()) return nullptr;
  const Result<FileStat> above =
      files_.Stat(directory.value(), "", SymlinkPolicy::kFollow);
  if (!above.ok() || above->device != stat.device) return nullptr;
  const Volume volume = files_.IdentifyVolume(directory.value());
  absl::MutexLock lock(&mutex_);
  if (const LiveVolume* live = FindLocked(stat.device)) return live;
  std::optional<uint32_t> index = FindStoredLocked(volume);
  if (!index) {
    index = static_cast<uint32_t>(volumes_.size());
    volumes_.push_back(volume);
  }
  return &live_.emplace_back(LiveVolume{stat.device, volume, *index});
}

std::vector<Volume> LiveVolumes::volumes() const {
  absl::MutexLock lock(&mutex_);
  return volumes_;
}

}  // namespace finder
