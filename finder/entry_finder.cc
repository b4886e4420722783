#include "finder/entry_finder.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace finder {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighBits = 0x8080808080808080;
constexpr uint64_t kSlashes = kOnes * '/';
// Everything but the bit that tells a letter's case.
constexpr uint64_t kAnyCase = kOnes * 0xdf;

uint64_t Repeated(char c) { return kOnes * static_cast<unsigned char>(c); }

// Eight bytes, the first of them lowest.
uint64_t Load(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  if constexpr (std::endian::native == std::endian::big) {
    word = __builtin_bswap64(word);
  }
  return word;
}

// Bit 7 of every zero byte, and perhaps of bytes above a zero byte.
uint64_t ZeroBytes(uint64_t word) {
  return (word - kOnes) & ~word & kHighBits;
}

size_t LowestByte(uint64_t bits) { return std::countr_zero(bits) / 8; }

size_t FindSlash(std::string_view listing, size_t from) {
  while (from + sizeof(uint64_t) <= listing.size()) {
    const uint64_t found = ZeroBytes(Load(listing.data() + from) ^ kSlashes);
    if (found != 0) return from + LowestByte(found);
    from += sizeof(uint64_t);
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
    if (tail.text.empty()) finds_all_ = true;
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
                                          CaseRule case_rule) {
  const auto mask_of = [case_rule](char c) {
    return case_rule == CaseRule::kIgnore && IsAsciiLetter(c) ? kAnyCase
                                                              : ~uint64_t{0};
  };
  const char last = tail.text.back();
  Anchor anchor = {0, 0, Repeated(last) & mask_of(last), mask_of(last)};
  if (tail.text.size() >= 2) {
    const char before_last = tail.text[tail.text.size() - 2];
    anchor.before_last_mask = mask_of(before_last);
    anchor.before_last = Repeated(before_last) & anchor.before_last_mask;
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

uint64_t EntryFinder::EndsAround(const char* at) const {
  const uint64_t no_slash = Load(at) ^ kSlashes;
  const uint64_t last = Load(at - 1);
  const uint64_t before_last = Load(at - 2);
  uint64_t found = 0;
  for (const Anchor& anchor : anchors_) {
    found |= ZeroBytes(
        no_slash | ((last & anchor.last_mask) ^ anchor.last) |
        ((before_last & anchor.before_last_mask) ^ anchor.before_last));
  }
  return found;
}

bool EntryFinder::EndsAt(std::string_view listing, size_t end) const {
  if (end < listing.size() && listing[end] != '/') return false;
  const uint64_t last = Repeated(listing[end - 1]);
  const uint64_t before_last = end >= 2 ? Repeated(listing[end - 2]) : 0;
  return std::any_of(
      anchors_.begin(), anchors_.end(), [&](const Anchor& anchor) {
        return (last & anchor.last_mask) == anchor.last &&
               (before_last & anchor.before_last_mask) == anchor.before_last;
      });
}

bool EntryFinder::NextAnchored(std::string_view listing, size_t& next,
                               Entry& entry) const {
  constexpr size_t kStep = sizeof(uint64_t);
  const size_t size = listing.size();
  if (next >= size) return false;
  // `end` is where a name might end. Names are not empty.
  size_t end = next + 1;
  const auto accept = [&](size_t at) {
    if (!EndsAt(listing, at) || !EntryBefore(listing, at, entry)) return false;
    next = at + 1;
    return true;
  };
  if (end == 1 && size > 1 && accept(end++)) return true;
  while (end < size && size >= kStep + 2) {
    // The last step overlaps the one before, so as to stay within the listing.
    const size_t at = std::min(end, size - kStep);
    uint64_t found = EndsAround(listing.data() + at);
    found &= ~uint64_t{0} << (8 * (end - at));
    for (; found != 0; found &= found - 1) {
      if (accept(at + LowestByte(found))) return true;
    }
    end = at + kStep;
  }
  for (; end <= size; ++end) {
    if (accept(end)) return true;
  }
  next = size;
  return false;
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
