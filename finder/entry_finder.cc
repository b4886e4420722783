#include "finder/entry_finder.h"

#include <algorithm>
#include <cstring>

namespace finder {
namespace {

// Everything but the bit that tells a letter's case.
constexpr char kAnyCase = static_cast<char>(0xdf);
constexpr char kExactly = static_cast<char>(0xff);

// The offset of the first '/' at or behind `from`; the size if there is none.
size_t FindSlash(std::string_view listing, size_t from) {
  const ByteBlock slashes = ByteBlock::Repeated('/');
  while (from + ByteBlock::kSize <= listing.size()) {
    const ByteMask found =
        (ByteBlock::Load(listing.data() + from) ^ slashes).Zeros();
    if (found.any()) return from + found.lowest();
    from += ByteBlock::kSize;
  }
  while (from < listing.size() && listing[from] != '/') ++from;
  return from;
}

// The entry whose name ends before offset `end`. False if the listing is
// malformed there.
bool EntryBefore(std::string_view listing, size_t end, Entry& entry) {
  size_t start = end;
  while (start > 0 && listing[start - 1] != '/') --start;
  if (start == end) return false;
  entry.kind = EntryKind::kFile;
  // Behind an empty name stand the letter of the kind and the name.
  if (start == 1 || (start >= 2 && listing[start - 2] == '/')) {
    entry.kind = static_cast<EntryKind>(listing[start]);
    if (++start == end) return false;
  }
  entry.offset = start;
  entry.name = listing.substr(start, end - start);
  return true;
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

EntryFinder::EntryFinder(const std::vector<NameTail>& tails,
                         CaseRule case_rule)
    : finds_all_(false) {
  for (const NameTail& tail : tails) {
    width_ = std::min(width_, tail.text.size());
  }
  if (width_ == 0) finds_all_ = true;
  for (const NameTail& tail : tails) {
    if (finds_all_) return;
    const Anchor anchor = AnchorOf(tail, case_rule);
    if (std::find(anchors_.begin(), anchors_.end(), anchor) != anchors_.end()) {
      continue;
    }
    if (anchors_.size() == kMaxAnchors) finds_all_ = true;
    anchors_.push_back(anchor);
  }
}

EntryFinder::Anchor EntryFinder::AnchorOf(const NameTail& tail,
                                          CaseRule case_rule) const {
  Anchor anchor;
  for (size_t i = 0; i < width_; ++i) {
    const char byte = tail.text[tail.text.size() - width_ + i];
    const bool any_case = case_rule == CaseRule::kIgnore && IsAsciiLetter(byte);
    anchor.masks[i] = any_case ? kAnyCase : kExactly;
    anchor.bytes[i] = static_cast<char>(byte & anchor.masks[i]);
  }
  return anchor;
}

bool EntryFinder::NextOfAll(std::string_view listing, size_t& next,
                            Entry& entry) {
  size_t start = next;
  if (start >= listing.size()) return false;
  entry.kind = EntryKind::kFile;
  if (listing[start] == '/' && start + 1 < listing.size()) {
    entry.kind = static_cast<EntryKind>(listing[start + 1]);
    start += 2;
  }
  const size_t end = FindSlash(listing, start);
  entry.offset = start;
  entry.name = listing.substr(start, end - start);
  next = end + 1;
  return true;
}

template <size_t kWidth>
class EntryFinder::Probe {
 public:
  explicit Probe(const Anchor& anchor) {
    for (size_t i = 0; i < kWidth; ++i) {
      bytes_[i] = ByteBlock::Repeated(anchor.bytes[i]);
      masks_[i] = ByteBlock::Repeated(anchor.masks[i]);
    }
  }

  // Zero in the bytes at whose place, from `at` on, the anchor and a '/' stand.
  ByteBlock Differences(const char* at) const {
    ByteBlock all = ByteBlock::Load(at + kWidth) ^ slashes_;
    for (size_t i = 0; i < kWidth; ++i) {
      all = all | ((ByteBlock::Load(at + i) & masks_[i]) ^ bytes_[i]);
    }
    return all;
  }

 private:
  ByteBlock bytes_[kWidth];
  ByteBlock masks_[kWidth];
  ByteBlock slashes_ = ByteBlock::Repeated('/');
};

template <size_t kWidth>
bool EntryFinder::EndsAt(const char* end) const {
  return std::any_of(
      anchors_.begin(), anchors_.end(), [end](const Anchor& anchor) {
        for (size_t i = 0; i < kWidth; ++i) {
          const char byte = end[static_cast<ptrdiff_t>(i) -
                                static_cast<ptrdiff_t>(kWidth)];
          if ((byte & anchor.masks[i]) != anchor.bytes[i]) return false;
        }
        return true;
      });
}

template <size_t kWidth>
size_t EntryFinder::FindEndInLong(std::string_view listing,
                                  size_t from) const {
  const size_t last = listing.size() - ByteBlock::kSize - kWidth;
  size_t best = std::string_view::npos;
  for (const Anchor& anchor : anchors_) {
    const Probe<kWidth> probe(anchor);
    for (size_t next = from; next + kWidth < std::min(listing.size(), best);) {
      // The last step overlaps the one before, so as to stay in the listing.
      const size_t at = std::min(next, last);
      ByteMask found = probe.Differences(listing.data() + at).Zeros();
      found.DropFirst(next - at);
      if (found.any()) {
        best = std::min(best, at + found.lowest() + kWidth);
        break;
      }
      next = at + ByteBlock::kSize;
    }
  }
  return best;
}

size_t OffsetAfter(std::string_view listing, std::string_view name) {
  // Both are where entries begin, or the end: those before `low` are not
  // greater, those from `high` on are.
  size_t low = 0;
  size_t high = listing.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    size_t next = EntryBeginAround(listing, low, middle);
    const size_t begin = next;
    Entry entry;
    EntryFinder().Next(listing, next, entry);
    if (entry.name > name) {
      high = begin;
    } else {
      low = std::min(next, listing.size());
    }
  }
  return high;
}

}  // namespace finder
