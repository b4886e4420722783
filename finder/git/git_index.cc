#include "finder/git/git_index.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr size_t kHashSizes[] = {20, 32};  // of SHA-1 and SHA-256
// Before the hash: times, device, inode, mode, owner, size.
constexpr size_t kStatBytes = 40;
constexpr uint16_t kExtendedFlag = 0x4000;

uint64_t BigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) {
    number = number << 8 | static_cast<unsigned char>(byte);
  }
  return number;
}

absl::Status Damaged() {
  return absl::DataLossError("not an index of git, or damaged");
}

}  // namespace

// Takes the bytes one after the other. What is behind the end is zero, and then
// it is not ok.
class GitIndex::Reader {
 public:
  Reader(std::string_view bytes, size_t hash_size)
      : bytes_(bytes), hash_size_(hash_size) {}

  absl::Status Read(GitIndex& to);

 private:
  bool ok() const { return ok_; }
  std::string_view Take(size_t size) {
    ok_ = ok_ && size <= bytes_.size() - at_;
    if (!ok_) return {};
    const std::string_view taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }
  uint64_t Number(size_t size) { return BigEndian(Take(size)); }
  // Up to a NUL, which is taken too.
  std::string_view Text() {
    const size_t end = bytes_.find('\0', at_);
    ok_ = ok_ && end != std::string_view::npos;
    if (!ok_) return {};
    const std::string_view text = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }
  // A number as version 4 has it, in groups of seven bits.
  uint64_t Varint();
  void ReadEntry(uint64_t version, std::string& path);
  absl::Status ReadExtension(GitIndex& to);
  void ReadLink(std::string_view content, GitIndex& to);
  std::vector<uint64_t> ReadBitmap();

  std::string_view bytes_;
  const size_t hash_size_;
  size_t at_ = 0;
  bool ok_ = true;
};

uint64_t GitIndex::Reader::Varint() {
  uint64_t byte = Number(1);
  uint64_t number = byte & 0x7f;
  while (ok() && (byte & 0x80) != 0) {
    ok_ = number < uint64_t{1} << 56;
    byte = Number(1);
    number = (number + 1) << 7 | (byte & 0x7f);
  }
  return number;
}

void GitIndex::Reader::ReadEntry(uint64_t version, std::string& path) {
  const size_t begin = at_;
  Take(kStatBytes + hash_size_);
  const uint64_t flags = Number(2);
  if (version >= 3 && (flags & kExtendedFlag) != 0) Take(2);
  if (version == 4) {
    const uint64_t dropped = Varint();
    ok_ = ok_ && dropped <= path.size();
    if (!ok()) return;
    path.resize(path.size() - dropped);
    path += Text();
    return;
  }
  path = Text();
  // One to eight NULs end an entry at a multiple of eight.
  const size_t size = at_ - begin;
  Take((8 - size % 8) % 8);
}

// EWAH: runs of equal words, each followed by words as they are.
std::vector<uint64_t> GitIndex::Reader::ReadBitmap() {
  std::vector<uint64_t> set;
  const uint64_t bits = Number(4);
  const uint64_t words = Number(4);
  uint64_t position = 0;
  for (uint64_t left = words; ok() && left > 0 && position < bits; --left) {
    const uint64_t run = Number(8);
    const uint64_t length = (run >> 1 & 0xffffffff) * 64;
    const uint64_t end = std::min(bits, position + length);
    if ((run & 1) != 0) {
      for (uint64_t bit = position; bit < end; ++bit) set.push_back(bit);
    }
    position += length;
    const uint64_t literals = run >> 33;
    ok_ = ok_ && literals < left;
    for (uint64_t i = 0; ok() && i < literals; ++i, position += 64, --left) {
      const uint64_t word = Number(8);
      for (uint64_t bit = 0; bit < 64; ++bit) {
        if ((word >> bit & 1) != 0) set.push_back(position + bit);
      }
    }
  }
  Take(4);  // where the last run is, for whoever appends
  return set;
}

void GitIndex::Reader::ReadLink(std::string_view content, GitIndex& to) {
  Reader link(content, hash_size_);
  const std::string_view hash = link.Take(hash_size_);
  if (hash.find_first_not_of('\0') != std::string_view::npos) {
    to.shared_hash_ = absl::BytesToHexString(Abseil(hash));
  }
  // Without bitmaps nothing is deleted or replaced. The second bitmap says
  // whose entries are replaced; these keep their paths.
  if (link.ok() && link.at_ < content.size()) to.deleted_ = link.ReadBitmap();
  ok_ = ok_ && link.ok();
}

absl::Status GitIndex::Reader::ReadExtension(GitIndex& to) {
  const std::string_view name = Take(4);
  const std::string_view content = Take(Number(4));
  if (!ok()) return Damaged();
  if (name == "link") {
    ReadLink(content, to);
    return ok() ? absl::OkStatus() : Damaged();
  }
  const bool is_optional = name[0] >= 'A' && name[0] <= 'Z';
  if (is_optional || name == "sdir") return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat("an index of git with an extension that is not known, '",
                   absl::CHexEscape(Abseil(name)), "'"));
}

absl::Status GitIndex::Reader::Read(GitIndex& to) {
  if (bytes_.size() < hash_size_) return Damaged();
  bytes_.remove_suffix(hash_size_);
  const bool is_index = Take(4) == "DIRC";
  const uint64_t version = Number(4);
  const uint64_t count = Number(4);
  if (!ok() || !is_index || version < 2 || version > 4) return Damaged();
  // Each takes more than this.
  if (count > bytes_.size() / kStatBytes) return Damaged();
  to.paths_.reserve(count);
  std::string path;
  for (uint64_t i = 0; i < count; ++i) {
    ReadEntry(version, path);
    if (!ok()) return Damaged();
    to.paths_.push_back(path);
  }
  while (at_ < bytes_.size()) {
    if (absl::Status status = ReadExtension(to); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<GitIndex> GitIndex::Parse(std::string_view bytes) {
  absl::Status first_failure;
  // The file does not say which; the wrong one does not come out even.
  for (const size_t hash_size : kHashSizes) {
    GitIndex index;
    absl::Status status = Reader(bytes, hash_size).Read(index);
    const bool sorted =
        std::is_sorted(index.paths_.begin(), index.paths_.end());
    if (status.ok() && !sorted && !index.shared_hash_) status = Damaged();
    if (status.ok()) return index;
    if (first_failure.ok()) first_failure = std::move(status);
  }
  return first_failure;
}

absl::Status GitIndex::Join(const GitIndex& shared) {
  std::vector<std::string> paths;
  auto deleted = deleted_.begin();
  for (size_t i = 0; i < shared.paths_.size(); ++i) {
    if (deleted != deleted_.end() && *deleted == i) {
      ++deleted;
    } else {
      paths.push_back(shared.paths_[i]);
    }
  }
  if (deleted != deleted_.end()) {
    return absl::DataLossError("the shared index is another one");
  }
  // Those without a path replace one of the shared file.
  for (std::string& path : paths_) {
    if (!path.empty()) paths.push_back(std::move(path));
  }
  std::sort(paths.begin(), paths.end());
  paths_ = std::move(paths);
  shared_hash_.reset();
  return absl::OkStatus();
}

bool GitIndex::Has(std::string_view path) const {
  return std::binary_search(paths_.begin(), paths_.end(), path);
}

bool GitIndex::HasBelow(std::string_view directory) const {
  const std::string beginning = absl::StrCat(Abseil(directory), "/");
  auto next = std::lower_bound(paths_.begin(), paths_.end(), beginning);
  // Below a sparse directory there is nothing.
  while (next != paths_.end() && next->ends_with('/')) ++next;
  return next != paths_.end() && next->starts_with(beginning);
}

}  // namespace finder
