#include "fs/fake/disk/fake_inode.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace finder {

namespace {

int64_t RoundDown(int64_t ns, int64_t step) {
  const int64_t above = ns % step;
  return ns - (above < 0 ? above + step : above);
}

FileTime ToTime(int64_t ns) {
  constexpr int64_t kNsPerSecond = 1'000'000'000;
  const int64_t start = RoundDown(ns, kNsPerSecond);
  return {start / kNsPerSecond, static_cast<int32_t>(ns - start)};
}

uint32_t TypeBits(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile:
      return S_IFREG;
    case EntryKind::kDirectory:
      return S_IFDIR;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return S_IFLNK;
    case EntryKind::kOther:
      return S_IFIFO;
  }
  return 0;
}

}  // namespace

int64_t FakeDevice::StampNs(int64_t now_ns) const {
  return Stored(
      RoundDown(now_ns + stamp_rule.clock_offset_ns, stamp_rule.tick_ns));
}

int64_t FakeDevice::Stored(int64_t ns) const {
  return RoundDown(ns, stamp_rule.granularity_ns);
}

uint64_t FakeDevice::TakeInodeNumber() {
  absl::MutexLock lock(&mutex_);
  if (returned_.empty()) return next_++;
  return returned_.extract(returned_.begin()).value();
}

void FakeDevice::ReturnInodeNumber(uint64_t returned_number) {
  absl::MutexLock lock(&mutex_);
  returned_.insert(returned_number);
}

FakeInode::FakeInode(std::shared_ptr<FakeDevice> on, EntryKind of_kind)
    : device(std::move(on)),
      kind(of_kind),
      taken_number(device->TakeInodeNumber()),
      number(taken_number) {}

FakeInode::~FakeInode() {
  device->ReturnInodeNumber(taken_number);
  // Not by recursion, which would end on the stack's depth.
  std::vector<FakeInodePtr> doomed;
  for (auto& [name, child] : entries) doomed.push_back(std::move(child));
  while (!doomed.empty()) {
    const FakeInodePtr inode = std::move(doomed.back());
    doomed.pop_back();
    if (inode.use_count() > 1) continue;
    for (auto& [name, child] : inode->entries) {
      doomed.push_back(std::move(child));
    }
    inode->entries.clear();
  }
}

FileStat FakeInode::Stat() const {
  FileStat stat;
  stat.kind = kind;
  stat.device = device->number;
  stat.inode = number;
  stat.change_ns = std::max(modified_ns, changed_ns);
  stat.modified_ns = modified_ns;
  stat.size_bytes = static_cast<int64_t>(
      kind == EntryKind::kDirectory ? entries.size() : bytes.size());
  stat.owner = owner;
  stat.group = group;
  stat.permissions = permissions;
  stat.links = static_cast<uint64_t>(links);
  if (kind == EntryKind::kDirectory) stat.links = merged ? 1 : 2;
  return stat;
}

FileDetails FakeInode::Details() const {
  constexpr int64_t kBlockBytes = 4096;
  constexpr int64_t kUnitBytes = 512;
  const FileStat stat = Stat();
  FileDetails details;
  details.kind = kind;
  details.mode = TypeBits(kind) | permissions;
  details.device = stat.device;
  details.special_device = special_device;
  details.inode = stat.inode;
  details.links = stat.links;
  details.owner = owner;
  details.group = group;
  details.size_bytes = stat.size_bytes;
  details.blocks = (stat.size_bytes + kBlockBytes - 1) / kBlockBytes *
                   (kBlockBytes / kUnitBytes);
  details.preferred_block_bytes = kBlockBytes;
  details.accessed = ToTime(accessed_ns);
  details.modified = ToTime(modified_ns);
  details.changed = ToTime(changed_ns);
  details.born = ToTime(born_ns);
  return details;
}

}  // namespace finder
