#include "cmd/search/scan_moment.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Between two looks at the clock: at first shorter than any tick.
constexpr int64_t kFirstPauseNs = 500'000;
constexpr int64_t kLongestPauseNs = 16'000'000;
// For each tick. FAT's is 2 s; a clock that takes longer has been set back.
constexpr int64_t kMostNs = 3'000'000'000;
// All clocks of file systems that stamp more coarsely (exFAT, HFS+, ext3, FAT)
// move in steps of a multiple of this.
constexpr int64_t kCoarseStepNs = 10'000'000;

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::optional<int64_t> TimeOf(PendingFile& file) {
  const Result<FileStat> stat = file.Stat();
  if (!stat.ok()) return std::nullopt;
  return stat->modified_ns;
}

std::optional<int64_t> Now(PendingFile& file) {
  if (!file.Touch().ok()) return std::nullopt;
  return TimeOf(file);
}

// What the file system's clock shows when it has moved on from `then_ns`.
std::optional<int64_t> AwaitTick(PendingFile& file, Clock& clock,
                                 int64_t then_ns) {
  int64_t waited_ns = 0;
  for (int64_t i = 0; waited_ns < kMostNs; ++i) {
    // Eight looks at each length, for a tick of 1 to 10 ms.
    const int64_t pause_ns =
        std::min(kFirstPauseNs << std::min<int64_t>(i / 8, 5), kLongestPauseNs);
    clock.SleepNs(pause_ns);
    waited_ns += pause_ns;
    const std::optional<int64_t> now_ns = Now(file);
    if (!now_ns.has_value() || *now_ns < then_ns) return std::nullopt;
    if (*now_ns > then_ns) return now_ns;
  }
  return std::nullopt;
}

// A time between what is stamped now and what is stamped on return.
std::optional<int64_t> Separate(PendingFile& file, Clock& clock) {
  const std::optional<int64_t> before_ns = Now(file);
  if (!before_ns.has_value()) return std::nullopt;
  const std::optional<int64_t> tick_ns = AwaitTick(file, clock, *before_ns);
  if (!tick_ns.has_value()) return std::nullopt;
  if (!file.SetModifiedTime(*before_ns + (*tick_ns - *before_ns) / 2).ok()) {
    return std::nullopt;
  }
  const std::optional<int64_t> between_ns = TimeOf(file);
  if (between_ns > before_ns && between_ns < tick_ns) return between_ns;
  // Nothing can be stored between two ticks, so it is the one between three.
  return AwaitTick(file, clock, *tick_ns).has_value() ? tick_ns : std::nullopt;
}

// Whether this kernel's clock stamps what changes on a file system.
bool IsStampedHere(StampTrust trust) {
  return trust == StampTrust::kLocal || trust == StampTrust::kLayers;
}

bool IsStampedHere(FileSystem& files, std::string_view directory) {
  const Result<DirectoryHandle> opened =
      files.OpenDirectory({}, directory, SymlinkPolicy::kFollow);
  // One that cannot be opened tells nothing of its clock.
  return opened.ok() &&
         IsStampedHere(files.IdentifyVolume(opened.value()).trust);
}

// What is known of a device that holds directories of a tree.
struct DeviceClock {
  bool is_seen = false;
  bool is_fine = false;  // one bears a stamp that no coarse clock shows
};

void LookAt(const Root& root, std::vector<DeviceClock>& devices) {
  VisitTree(std::as_const(*root.directory), [&](const Directory& d) {
    const bool seen = &d == root.directory || (d.visible() && !d.foreign);
    if (seen && d.verified && d.knowledge == Knowledge::kListed) {
      DeviceClock& device =
          devices[std::min<size_t>(d.device, devices.size() - 1)];
      device.is_seen = true;
      device.is_fine |= d.change_ns % kCoarseStepNs != 0;
    }
    return seen && d.open() ? Descent::kInside : Descent::kOver;
  });
}

}  // namespace

ScanMoment ScanMoment::Await(FileSystem& files, Clock& clock,
                             const std::string& path) {
  ScanMoment moment;
  const std::string directory = DirectoryOf(path);
  const Result<FileStat> stat =
      files.Stat({}, directory, SymlinkPolicy::kFollow);
  if (!stat.ok()) return moment;
  moment.device_ = stat->device;
  moment.stamped_here_ = IsStampedHere(files, directory);
  Result<std::unique_ptr<PendingFile>> file = files.CreateFile(path, 0600);
  // If it matters, the output cannot be written either.
  if (file.ok()) moment.time_ns_ = Separate(*file.value(), clock);
  return moment;
}

std::optional<int64_t> ScanMoment::TimeFor(const DirectoryTree& tree) const {
  if (!time_ns_.has_value()) return std::nullopt;
  // The last one is for all devices that a tree has no number for.
  const size_t count = tree.devices.size();
  std::vector<DeviceClock> devices(count + 1);
  for (const Root& root : tree.roots) LookAt(root, devices);
  if (devices[count].is_seen) return std::nullopt;
  for (size_t i = 0; i < count; ++i) {
    if (!devices[i].is_seen) continue;
    const Device& device = tree.devices[i];
    const StampTrust trust =
        device.volume.has_value() ? device.volume->trust : StampTrust::kNever;
    // A directory may change there, and its time stay.
    if (trust == StampTrust::kNever || trust == StampTrust::kMount) {
      return std::nullopt;
    }
    if (device.number == device_) continue;
    if (!stamped_here_ || !devices[i].is_fine || !IsStampedHere(trust)) {
      return std::nullopt;
    }
  }
  return time_ns_;
}

}  // namespace finder
