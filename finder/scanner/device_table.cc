#include "finder/scanner/device_table.h"

#include <algorithm>

namespace finder {
namespace {

bool IsFree(const Device& device) {
  return device.number == 0 && !device.volume.has_value();
}

// Whether facts stored of `then`, which bore `then_number`, are facts of what
// is there `now` under `now_number`.
bool IsSame(const Device& then, uint64_t now_number, const Volume& now) {
  if (!then.volume.has_value()) {
    // A source that knows nothing but numbers.
    return then.number == now_number && now.trust == StampTrust::kLocal;
  }
  if (then.volume->trust != now.trust) return false;
  if (now.identity.empty() || then.volume->identity != now.identity) {
    return false;
  }
  if (!IsBoundToMount(now.trust)) return true;
  return !now.mount.empty() && then.volume->mount == now.mount;
}

}  // namespace

DeviceTable::DeviceTable(FileSystem& files, std::vector<Device>& devices)
    : files_(files), live_(std::make_unique<Live[]>(kMost)), devices_(devices) {
  for (const Device& device : devices) {
    needs_opening_.push_back(device.volume.has_value() &&
                             device.volume->trust == StampTrust::kServer);
  }
}

std::optional<uint16_t> DeviceTable::FindLocked(uint64_t number) const {
  const size_t count = std::min(devices_.size(), kMost);
  for (size_t i = 0; i < count; ++i) {
    if (live_[i].number.load(std::memory_order_relaxed) == number) {
      return static_cast<uint16_t>(i);
    }
  }
  return std::nullopt;
}

std::optional<uint16_t> DeviceTable::Find(uint64_t number) const {
  absl::MutexLock lock(&mutex_);
  return FindLocked(number);
}

std::optional<size_t> DeviceTable::FindStored(uint64_t number,
                                              const Volume& volume) const {
  std::optional<size_t> found;
  for (size_t i = 0; i < std::min(devices_.size(), kMost); ++i) {
    // One that is somewhere else in this run is a copy, or an image of it.
    if (live_[i].number.load(std::memory_order_relaxed) != kNoNumber) continue;
    if (IsFree(devices_[i]) || !IsSame(devices_[i], number, volume)) continue;
    // Of several copies, the one that has kept its number.
    if (!found.has_value() || devices_[i].number == number) found = i;
  }
  return found;
}

std::optional<size_t> DeviceTable::TakePlace() {
  for (size_t i = 0; i < devices_.size(); ++i) {
    if (i < kMost && IsFree(devices_[i]) &&
        live_[i].number.load(std::memory_order_relaxed) == kNoNumber) {
      return i;
    }
  }
  if (devices_.size() >= kMost) return std::nullopt;
  devices_.emplace_back();
  return devices_.size() - 1;
}

uint16_t DeviceTable::Identify(uint64_t number,
                               const DirectoryHandle& directory) {
  if (const auto known = Find(number)) return *known;
  // Not under the lock: it may take a server's time.
  const Volume volume = files_.IdentifyVolume(directory);
  absl::MutexLock lock(&mutex_);
  if (const auto known = FindLocked(number)) return *known;
  std::optional<size_t> place = FindStored(number, volume);
  if (!place.has_value()) place = TakePlace();
  if (!place.has_value()) return kNoDevice;
  Device& device = devices_[*place];
  // What only the source did not know is not worth writing a database for.
  changed_ |= device.number != number ||
              (device.volume.has_value() && device.volume != volume);
  device = {number, volume};
  live_[*place].trust = volume.trust;
  live_[*place].number.store(number, std::memory_order_release);
  return static_cast<uint16_t>(*place);
}

bool DeviceTable::changed() const {
  absl::MutexLock lock(&mutex_);
  return changed_;
}

}  // namespace finder
