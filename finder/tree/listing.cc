#include "finder/tree/listing.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "finder/text/byte_block.h"

namespace finder {
namespace {

template <typename Integer>
uint64_t LoadBigEndian(const char* at) {
  Integer value;
  std::memcpy(&value, at, sizeof(value));
  if constexpr (std::endian::native == std::endian::little) {
    return sizeof(value) == 8 ? __builtin_bswap64(value)
                              : __builtin_bswap32(static_cast<uint32_t>(value));
  }
  return value;
}

// The first eight bytes of a name, or all of them and zeros, as a number that
// orders like the bytes do. No byte by itself but in the shortest names: this
// is done for each name of a walk.
uint64_t SortKey(std::string_view name) {
  const char* const at = name.data();
  const size_t size = name.size();
  if (size >= 8) return LoadBigEndian<uint64_t>(at);
  if (size >= 4) {
    const uint64_t last = LoadBigEndian<uint32_t>(at + size - 4);
    return LoadBigEndian<uint32_t>(at) << 32 |
           static_cast<uint32_t>(last << (64 - 8 * size));
  }
  uint64_t key = 0;
  for (size_t i = 0; i < size; ++i) {
    key |= uint64_t{static_cast<unsigned char>(at[i])} << (56 - 8 * i);
  }
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

bool ListingBuilder::Before(const Item& a, const Item& b) const {
  if (a.key != b.key) return a.key < b.key;
  const char* const names = names_.data();
  return std::string_view(names + a.offset, a.size) <
         std::string_view(names + b.offset, b.size);
}

void ListingBuilder::Sort() {
  const auto before = [this](const Item& a, const Item& b) {
    return Before(a, b);
  };
  if (items_.size() <= kMostRanked) {
    SortByRank();
  } else if (!std::is_sorted(items_.begin(), items_.end(), before)) {
    std::sort(items_.begin(), items_.end(), before);
  }
}

// Counts for each item how many others go before it. That is more comparisons
// than any other sort makes, but no branch depends on their outcome, of which
// half would be mispredicted.
void ListingBuilder::SortByRank() {
  std::array<uint8_t, kMostRanked> ranks = {};
  for (size_t i = 1; i < items_.size(); ++i) {
    const uint64_t key = items_[i].key;
    uint8_t rank = 0;
    for (size_t j = 0; j < i; ++j) {
      const bool after = items_[j].key > key;
      ranks[j] += after;
      rank += !after;
    }
    ranks[i] = rank;
  }
  std::array<Item, kMostRanked> sorted;
  for (size_t i = 0; i < items_.size(); ++i) sorted[ranks[i]] = items_[i];
  std::copy_n(sorted.begin(), items_.size(), items_.begin());
  // Those of one key are still in the order in which they came.
  for (size_t i = 1; i < items_.size(); ++i) {
    for (size_t j = i; j > 0 && items_[j - 1].key == items_[j].key &&
                       Before(items_[j], items_[j - 1]);
         --j) {
      std::swap(items_[j - 1], items_[j]);
    }
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
