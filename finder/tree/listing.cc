#include "finder/tree/listing.h"

#include <algorithm>

#include "finder/tree/byte_block.h"

namespace finder {
namespace {

// The first eight bytes of a name as a number that orders like the bytes do.
uint64_t SortKey(std::string_view name) {
  unsigned char head[8] = {};
  std::memcpy(head, name.data(), std::min<size_t>(name.size(), sizeof(head)));
  uint64_t key = 0;
  for (unsigned char byte : head) key = key << 8 | byte;
  return key;
}

// Where the entry begins that has the byte at offset `at` or ends before it. An
// entry begins at `low` <= `at`.
size_t EntryBeginAround(std::string_view listing, size_t low, size_t at) {
  const auto is_slash = [&](size_t i) { return listing[i] == '/'; };
  if (at > low && is_slash(at) && !is_slash(at - 1)) --at;
  while (at > low && !is_slash(at - 1)) --at;
  // Behind an empty name, the letter of the kind belongs to this entry.
  if (at > low && (at - 1 == low || is_slash(at - 2))) --at;
  return at;
}

}  // namespace

size_t Listing::OffsetAfter(std::string_view name) const {
  // Both are where entries begin, or the end: those before `low` are not
  // greater, those from `high` on are.
  size_t low = 0;
  size_t high = bytes_.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const size_t begin = EntryBeginAround(bytes_, low, middle);
    const Entry entry = *Iterator(bytes_, begin);
    if (entry.name > name) {
      high = begin;
    } else {
      low = std::min(entry.offset + entry.name.size() + 1, bytes_.size());
    }
  }
  return high;
}

bool Listing::Contains(std::string_view name) const {
  size_t from = 0;
  while (true) {
    const size_t at = bytes_.find(name, from);
    if (at == std::string_view::npos) return false;
    const size_t end = at + name.size();
    const bool ends = end == bytes_.size() || bytes_[end] == '/';
    // A plain name follows a single '/', which is not the listing's first
    // byte; a special one follows an empty name, '/' and a letter.
    const bool begins =
        at == 0 || (at >= 2 && bytes_[at - 1] == '/' && bytes_[at - 2] != '/');
    const bool begins_special =
        at >= 2 && bytes_[at - 2] == '/' && (at == 2 || bytes_[at - 3] == '/');
    if (ends && (begins || begins_special)) return true;
    from = at + 1;
  }
}

bool Listing::HasSpecial() const {
  // An empty name shows as two '/' in a row, or as one at the start.
  if (bytes_.starts_with('/')) return true;
  const ByteBlock slash = ByteBlock::Repeated('/');
  size_t i = 0;
  for (; i + ByteBlock::kSize < bytes_.size(); i += ByteBlock::kSize) {
    const ByteBlock here = ByteBlock::Load(bytes_.data() + i) ^ slash;
    const ByteBlock next = ByteBlock::Load(bytes_.data() + i + 1) ^ slash;
    if ((here | next).Zeros().any()) return true;
  }
  return bytes_.substr(i).find("//") != std::string_view::npos;
}

size_t Listing::CountEntries() const {
  if (bytes_.empty()) return 0;
  // Two '/' in a row, or one at the start, tell the kind of one entry.
  size_t entries = bytes_[0] == '/' ? 0 : 1;
  const ByteBlock slash = ByteBlock::Repeated('/');
  size_t i = 0;
  for (; i + ByteBlock::kSize < bytes_.size(); i += ByteBlock::kSize) {
    const ByteBlock here = ByteBlock::Load(bytes_.data() + i) ^ slash;
    const ByteBlock next = ByteBlock::Load(bytes_.data() + i + 1) ^ slash;
    entries += here.CountZerosBut(next);
  }
  for (; i < bytes_.size(); ++i) {
    const bool has_next = i + 1 < bytes_.size();
    entries += bytes_[i] == '/' && !(has_next && bytes_[i + 1] == '/');
  }
  return entries;
}

void ListingBuilder::Clear() {
  names_.clear();
  items_.clear();
  special_count_ = 0;
}

void ListingBuilder::Expect(int64_t directory_bytes) {
  // Up to here growing costs little; from there on, too much room might.
  constexpr int64_t kHugeBytes = 1 << 20;
  constexpr int64_t kMostBytes = 32 << 20;
  if (directory_bytes < kHugeBytes) return;
  const auto bytes = static_cast<size_t>(std::min(directory_bytes, kMostBytes));
  // An entry of ext4 takes 8 bytes beside its name, rounded up to 4, in blocks
  // that are rarely full. Room that is not used is never touched.
  names_.reserve(bytes / 2);
  items_.reserve(bytes / 24);
}

void ListingBuilder::Add(std::string_view name, EntryKind kind) {
  items_.push_back({SortKey(name), static_cast<uint32_t>(names_.size()),
                    static_cast<uint16_t>(name.size()), kind});
  names_.append(name);
  if (kind != EntryKind::kFile) ++special_count_;
}

size_t ListingBuilder::size_bytes() const {
  if (items_.empty()) return 0;
  return names_.size() + items_.size() - 1 + 2 * special_count_;
}

void ListingBuilder::Sort() {
  const char* names = names_.data();
  const auto before = [names](const Item& a, const Item& b) {
    if (a.key != b.key) return a.key < b.key;
    return std::string_view(names + a.offset, a.size) <
           std::string_view(names + b.offset, b.size);
  };
  if (!std::is_sorted(items_.begin(), items_.end(), before)) {
    std::sort(items_.begin(), items_.end(), before);
  }
}

void ListingBuilder::Write(char* out) {
  Sort();
  bool first = true;
  for (const Item& item : items_) {
    if (!first) *out++ = '/';
    first = false;
    if (item.kind != EntryKind::kFile) {
      *out++ = '/';
      *out++ = static_cast<char>(item.kind);
    }
    std::memcpy(out, names_.data() + item.offset, item.size);
    out += item.size;
  }
}

}  // namespace finder
