// Finds entries in a listing: all of them, or quickly those whose names end in
// one of a few ways or hold one of a few texts. For the latter it looks for
// some bytes of a name, and the '/' behind them if they are the last, many
// places at once, and does not look at the names in between; what it finds is a
// candidate, to be checked by the caller.
//
// Immutable; const use from any thread.
#ifndef FINDER_FINDER_QUERY_ENTRY_FINDER_H_
#define FINDER_FINDER_QUERY_ENTRY_FINDER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/attributes.h"
#include "finder/text/byte_block.h"
#include "finder/tree/listing.h"
#include "finder/view/ascii_case.h"
#include "finder/view/glob.h"

namespace finder {

class EntryFinder {
 public:
  // More distinct endings than this cost more than looking at every name.
  static constexpr size_t kMaxAnchors = 8;

  // Finds every entry.
  EntryFinder() = default;
  // Finds at least the entries whose names have one of the tails, which are
  // folded if case is ignored. Finds every entry if the tails are too many.
  EntryFinder(const std::vector<NameTail>& tails, CaseRule case_rule);
  // Finds at least the entries whose names hold one of the texts, in either
  // case. These hold neither '/' nor NUL. Finds every entry if one of them is
  // empty or they are too many.
  static EntryFinder Holding(const std::vector<std::string>& texts);

  // The next entry found at or behind offset `next`, where an entry begins;
  // moves `next` behind it. False if there is none.
  bool Next(std::string_view listing, size_t& next, Entry& entry) const {
    return finds_all_ ? NextOfAll(listing, next, entry)
                      : NextAnchored(listing, next, entry);
  }

  // Whether a name found in a listing, or a path, may hold what is looked for
  // inside of names. REQUIRES: made by Holding(), and not to find all.
  bool MayHold(std::string_view text) const {
    return FindEndOfWidth(text, 0) != std::string_view::npos;
  }

  // The smaller, the less is found in vain; kMaxAnchors + 1 if all is found.
  size_t cost() const { return finds_all_ ? kMaxAnchors + 1 : anchors_.size(); }

 private:
  // How many bytes of a name are looked for: with four of them there is hardly
  // a candidate in vain.
  static constexpr size_t kMaxWidth = 4;

  // Where in a name the anchors stand.
  enum class Place : uint8_t { kEnd, kAnywhere };

  // Bytes of names, and the bits of them that matter.
  struct Anchor {
    std::array<char, kMaxWidth> bytes = {};
    std::array<char, kMaxWidth> masks = {};
    friend bool operator==(const Anchor&, const Anchor&) = default;
  };
  // An anchor made ready to be compared with many places at once.
  struct Probe {
    explicit Probe(const Anchor& anchor);
    std::array<ByteBlock, kMaxWidth> bytes;
    std::array<ByteBlock, kMaxWidth> masks;
  };

  static Anchor AnchorOf(std::string_view bytes, CaseRule case_rule);
  void AddAnchor(const Anchor& anchor);
  static bool NextOfAll(std::string_view listing, size_t& next, Entry& entry);
  bool NextAnchored(std::string_view listing, size_t& next, Entry& entry) const;
  size_t FindEndOfWidth(std::string_view listing, size_t from) const;

  // Where the next anchor ends that begins at or behind `from`: before the end
  // of a name, or anywhere in it; npos if there is none.
  template <size_t kWidth, Place kPlace>
  size_t FindEnd(std::string_view listing, size_t from) const;
  template <size_t kWidth, Place kPlace>
  size_t FindEndInShort(std::string_view names) const;
  template <Place kPlace>
  size_t FindEndAt(std::string_view listing, size_t from) const;
  // At which of the places from `at` on an anchor stands, and a '/' behind it
  // if it is to be at the end.
  template <size_t kWidth, Place kPlace>
  ABSL_ATTRIBUTE_ALWAYS_INLINE ByteMask AnchorsFrom(const char* at) const;
  // Whether an anchor stands at `at`.
  template <size_t kWidth>
  bool IsAnchor(const char* at) const;

  std::vector<Anchor> anchors_;
  std::vector<Probe> probes_;  // of the anchors
  size_t width_ = kMaxWidth;   // bytes in use of each anchor; at least one
  Place place_ = Place::kEnd;
  bool finds_all_ = true;
};

// The offset of the first '/' at or behind `from`; the size if there is none.
inline size_t FindSlash(std::string_view listing, size_t from) {
  const ByteBlock slashes = ByteBlock::Repeated('/');
  const size_t size = listing.size();
  while (from < size && size >= ByteBlock::kSize) {
    // The last step overlaps the one before, so as to stay in the listing.
    const size_t at = std::min(from, size - ByteBlock::kSize);
    ByteMask found = (ByteBlock::Load(listing.data() + at) ^ slashes).Zeros();
    found.DropFirst(from - at);
    if (found.any()) return at + found.lowest();
    from = at + ByteBlock::kSize;
  }
  while (from < size && listing[from] != '/') ++from;
  return from;
}

inline bool EntryFinder::NextOfAll(std::string_view listing, size_t& next,
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
  entry.name = std::string_view(listing.data() + start, end - start);
  next = end + 1;
  return true;
}

// The offset at which an entry begins: its name, or the mark of its kind.
inline size_t EntryBegin(const Entry& entry) {
  return entry.kind == EntryKind::kFile ? entry.offset : entry.offset - 2;
}

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_ENTRY_FINDER_H_
