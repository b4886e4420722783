// Which file system a directory lies on: PosixFileSystem::IdentifyVolume. Runs
// once for each device of a scan.
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fs/posix/files/descriptor.h"
#include "fs/posix/files/file_system_type.h"
#include "fs/posix/files/mount_table.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/volume.h"

namespace finder {
namespace {

// Linux 6.8, include/uapi/linux/stat.h; older kernels pass it over.
constexpr unsigned kStatxUniqueMountId = 0x4000;
constexpr unsigned kStatxMountId = 0x1000;

// Linux 6.9, include/uapi/linux/fs.h; ext4 has had it since 6.0.
struct FileSystemUuid {
  uint8_t size;
  uint8_t bytes[16];
};
constexpr unsigned long kGetUuid = _IOR(0x15, 0, FileSystemUuid);

void AppendHex(uint64_t value, int digits, std::string& out) {
  char text[20];
  snprintf(text, sizeof(text), "%0*llx", digits,
           static_cast<unsigned long long>(value));
  out += text;
}

std::string Uuid(int directory) {
  FileSystemUuid uuid = {};
  if (ioctl(directory, kGetUuid, &uuid) != 0) return "";
  const size_t size = std::min<size_t>(uuid.size, sizeof(uuid.bytes));
  std::string text;
  bool empty = true;
  for (size_t i = 0; i < size; ++i) {
    AppendHex(uuid.bytes[i], 2, text);
    empty = empty && uuid.bytes[i] == 0;
  }
  return empty ? "" : text;
}

// f_fsid tells file systems and subvolumes apart. Where it is only the device
// number in another form (XFS and others) the UUID says more.
std::string Identity(int directory, const struct statfs& found) {
  std::string identity;
  AppendHex(static_cast<unsigned>(found.f_type), 1, identity);
  struct stat stat;
  if (fstat(directory, &stat) != 0) return "";
  const uint64_t fsid = uint64_t{static_cast<uint32_t>(found.f_fsid.__val[1])}
                            << 32 |
                        static_cast<uint32_t>(found.f_fsid.__val[0]);
  if (fsid == 0 || fsid == stat.st_dev) {
    const std::string uuid = Uuid(directory);
    if (!uuid.empty()) return identity + ":uuid:" + uuid;
    identity += ":device:";
    AppendHex(stat.st_dev, 1, identity);
    return identity;
  }
  identity += ":fsid:";
  AppendHex(fsid, 16, identity);
  return identity;
}

std::string ReadWhole(const char* path) {
  const Descriptor file = OpenAt(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  std::string text;
  char buffer[4096];
  while (file.is_open()) {
    const ssize_t size = read(file.get(), buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(buffer, static_cast<size_t>(size));
  }
  return text;
}

std::optional<uint64_t> MountId(int directory, unsigned kind) {
  struct statx found = {};
  if (statx(directory, "", AT_EMPTY_PATH, kind, &found) != 0 ||
      (found.stx_mask & kind) == 0) {
    return std::nullopt;
  }
  return found.stx_mnt_id;
}

// The directory's mount as the table has it, read when it is first asked for.
class OwnMount {
 public:
  explicit OwnMount(int directory) : directory_(directory) {}

  // None if the kernel does not tell.
  const std::optional<MountLine>& Line() {
    if (read_) return line_;
    read_ = true;
    const std::optional<uint64_t> id = MountId(directory_, kStatxMountId);
    if (!id.has_value()) return line_;
    table_ = ReadWhole("/proc/self/mountinfo");
    line_ = FindMount(table_, *id);
    return line_;
  }

 private:
  const int directory_;
  bool read_ = false;
  std::string table_;
  std::optional<MountLine> line_;
};

// Which of the media that a block device has had is in it now; "0" for what is
// no block device. Empty if the kernel does not tell.
std::string MediumOf(int directory) {
  struct stat stat;
  if (fstat(directory, &stat) != 0) return "";
  if (major(stat.st_dev) == 0) return "0";
  char path[64];
  snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/diskseq",
           major(stat.st_dev), minor(stat.st_dev));
  std::string text = ReadWhole(path);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: tells two lines apart,
// protects against nobody.
uint64_t Hash(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

// What no later mount will bear. Numbers that are used once tell that. On older
// kernels a number may come back, with the same line, when the same is mounted
// again; then at least another medium is noticed.
std::string MountToken(int directory, OwnMount& mount) {
  std::string token;
  if (const auto id = MountId(directory, kStatxUniqueMountId)) {
    token = "unique:";
    AppendHex(*id, 1, token);
    return token;
  }
  const std::string medium = MediumOf(directory);
  if (medium.empty() || !mount.Line().has_value()) return "";
  token = "line:";
  AppendHex(Hash(mount.Line()->whole), 16, token);
  return token + ':' + medium;
}

// Whether a layer of an overlay is seen to lie where stamps prove nothing when
// the directory is not opened. A layer's path may mean nothing here: it is of
// the mount namespace in which the overlay was mounted.
bool HasDoubtfulLayer(OwnMount& mount) {
  if (!mount.Line().has_value()) return false;
  for (const std::string& layer : OverlayLayers(*mount.Line())) {
    struct statfs found;
    if (!layer.starts_with('/') || statfs(layer.c_str(), &found) != 0) continue;
    if (!IsLocalFileSystem(static_cast<unsigned>(found.f_type))) return true;
  }
  return false;
}

Volume Identify(int directory) {
  struct statfs found;
  int result;
  do {
    result = fstatfs(directory, &found);
  } while (result != 0 && errno == EINTR);
  if (result != 0) return Volume();
  OwnMount mount(directory);
  Volume volume;
  volume.trust = TrustOfType(static_cast<unsigned>(found.f_type));
  volume.identity = Identity(directory, found);
  if (volume.trust == StampTrust::kLocal && (found.f_flags & ST_RDONLY) != 0 &&
      (!mount.Line().has_value() || IsReadOnly(*mount.Line()))) {
    volume.trust = StampTrust::kMount;
  }
  if (volume.trust == StampTrust::kLayers && HasDoubtfulLayer(mount)) {
    volume.trust = StampTrust::kNever;
  }
  if (IsBoundToMount(volume.trust)) {
    volume.mount = MountToken(directory, mount);
  }
  return volume;
}

}  // namespace

Volume PosixFileSystem::IdentifyVolume(const DirectoryHandle& directory) {
  if (directory.is_open()) return Identify(IdOf(directory));
  const Descriptor here =
      OpenAt(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return here.is_open() ? Identify(here.get()) : Volume();
}

}  // namespace finder
