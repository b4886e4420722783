#include "finder/query/entry_finder.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace finder {
namespace {

// Everything but the bit that tells a letter's case.
constexpr char kAnyCase = static_cast<char>(0xdf);
constexpr char kExactly = static_cast<char>(0xff);

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

}  // namespace

EntryFinder::EntryFinder(const std::vector<NameTail>& tails, CaseRule case_rule)
    : finds_all_(false) {
  for (const NameTail& tail : tails) {
    width_ = std::min(width_, tail.text.size());
  }
  if (width_ == 0) finds_all_ = true;
  for (const NameTail& tail : tails) {
    const std::string_view text = tail.text;
    AddAnchor(AnchorOf(text.substr(text.size() - std::min(width_, text.size())),
                       case_rule));
  }
}

EntryFinder EntryFinder::Holding(const std::vector<std::string>& texts) {
  EntryFinder finder;
  finder.finds_all_ = false;
  finder.place_ = Place::kAnywhere;
  for (const std::string& text : texts) {
    finder.width_ = std::min(finder.width_, text.size());
  }
  if (finder.width_ == 0) finder.finds_all_ = true;
  // The first bytes, since many end alike: with an extension.
  for (const std::string& text : texts) {
    finder.AddAnchor(AnchorOf(std::string_view(text).substr(0, finder.width_),
                              CaseRule::kIgnore));
  }
  return finder;
}

void EntryFinder::AddAnchor(const Anchor& anchor) {
  if (finds_all_) return;
  if (std::find(anchors_.begin(), anchors_.end(), anchor) != anchors_.end()) {
    return;
  }
  if (anchors_.size() == kMaxAnchors) finds_all_ = true;
  anchors_.push_back(anchor);
  probes_.emplace_back(anchor);
}

EntryFinder::Anchor EntryFinder::AnchorOf(std::string_view bytes,
                                          CaseRule case_rule) {
  Anchor anchor;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const bool any_case =
        case_rule == CaseRule::kIgnore && IsAsciiLetter(bytes[i]);
    anchor.masks[i] = any_case ? kAnyCase : kExactly;
    anchor.bytes[i] = static_cast<char>(bytes[i] & anchor.masks[i]);
  }
  return anchor;
}

EntryFinder::Probe::Probe(const Anchor& anchor) {
  for (size_t i = 0; i < kMaxWidth; ++i) {
    bytes[i] = ByteBlock::Repeated(anchor.bytes[i]);
    masks[i] = ByteBlock::Repeated(anchor.masks[i]);
  }
}

// The innermost loop of a query: no branches, nothing for the compiler to
// unroll.
template <size_t kWidth, EntryFinder::Place kPlace>
inline ByteMask EntryFinder::AnchorsFrom(const char* at) const {
  ByteBlock no_slash = ByteBlock::Repeated(0);
  if constexpr (kPlace == Place::kEnd) {
    no_slash = ByteBlock::Load(at + kWidth) ^ ByteBlock::Repeated('/');
  }
  ByteMask found;
  for (const Probe& probe : probes_) {
    const auto differences = [&]<size_t... kAt>(std::index_sequence<kAt...>) {
      return (
          no_slash | ... |
          ((ByteBlock::Load(at + kAt) & probe.masks[kAt]) ^ probe.bytes[kAt]));
    };
    found = found | differences(std::make_index_sequence<kWidth>()).Zeros();
  }
  return found;
}

template <size_t kWidth>
bool EntryFinder::IsAnchor(const char* at) const {
  return std::any_of(anchors_.begin(), anchors_.end(),
                     [at](const Anchor& anchor) {
                       for (size_t i = 0; i < kWidth; ++i) {
                         if ((at[i] & anchor.masks[i]) != anchor.bytes[i])
                           return false;
                       }
                       return true;
                     });
}

template <size_t kWidth, EntryFinder::Place kPlace>
size_t EntryFinder::FindEndInShort(std::string_view names) const {
  // With room to read blocks beyond the end, and a '/' behind the last name.
  char padded[3 * ByteBlock::kSize + kMaxWidth] = {};
  std::memcpy(padded, names.data(), names.size());
  padded[names.size()] = '/';
  for (size_t at = 0; at + kWidth <= names.size(); at += ByteBlock::kSize) {
    const ByteMask found = AnchorsFrom<kWidth, kPlace>(padded + at);
    if (found.any()) return at + found.lowest() + kWidth;
  }
  return std::string_view::npos;
}

template <size_t kWidth, EntryFinder::Place kPlace>
size_t EntryFinder::FindEnd(std::string_view listing, size_t from) const {
  constexpr size_t kReach = ByteBlock::kSize + kWidth;
  const size_t size = listing.size();
  if (size < kReach) {
    const size_t end = FindEndInShort<kWidth, kPlace>(listing.substr(from));
    return end == std::string_view::npos ? end : from + end;
  }
  for (size_t next = from; next + kWidth < size;) {
    // The last step overlaps the one before, so as to stay in the listing.
    const size_t at = std::min(next, size - kReach);
    ByteMask found = AnchorsFrom<kWidth, kPlace>(listing.data() + at);
    found.DropFirst(next - at);
    if (found.any()) return at + found.lowest() + kWidth;
    next = at + ByteBlock::kSize;
  }
  const bool last_name =
      size >= from + kWidth && IsAnchor<kWidth>(listing.data() + size - kWidth);
  return last_name ? size : std::string_view::npos;
}

template <EntryFinder::Place kPlace>
size_t EntryFinder::FindEndAt(std::string_view listing, size_t from) const {
  switch (width_) {
    case 1:
      return FindEnd<1, kPlace>(listing, from);
    case 2:
      return FindEnd<2, kPlace>(listing, from);
    case 3:
      return FindEnd<3, kPlace>(listing, from);
    default:
      return FindEnd<kMaxWidth, kPlace>(listing, from);
  }
}

size_t EntryFinder::FindEndOfWidth(std::string_view listing,
                                   size_t from) const {
  return place_ == Place::kEnd ? FindEndAt<Place::kEnd>(listing, from)
                               : FindEndAt<Place::kAnywhere>(listing, from);
}

bool EntryFinder::NextAnchored(std::string_view listing, size_t& next,
                               Entry& entry) const {
  while (next < listing.size()) {
    size_t end = FindEndOfWidth(listing, next);
    if (end == std::string_view::npos) break;
    if (place_ == Place::kAnywhere) end = FindSlash(listing, end);
    next = end + 1;
    if (EntryBefore(listing, end, entry)) return true;
  }
  next = listing.size();
  return false;
}

}  // namespace finder
