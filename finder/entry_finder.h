// Finds entries in a listing: all of them, or quickly those whose names end in
// one of a few ways. For the latter it looks for the last two bytes of a name
// and the '/' behind it, eight places at once, and does not look at the names
// in between; what it finds is a candidate, to be checked by the caller.
//
// Immutable; const use from any thread.
#ifndef FINDER_FINDER_ENTRY_FINDER_H_
#define FINDER_FINDER_ENTRY_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "finder/ascii_case.h"
#include "finder/glob.h"
#include "finder/listing.h"

namespace finder {

class EntryFinder {
 public:
  // More distinct endings than this cost more than looking at every name.
  static constexpr size_t kMaxAnchors = 4;

  // Finds every entry.
  EntryFinder() = default;
  // Finds at least the entries whose names have one of the tails, which are
  // folded if case is ignored. Finds every entry if the tails are too many.
  EntryFinder(const std::vector<NameTail>& tails, CaseRule case_rule);

  // The next entry found at or behind offset `next`, where an entry begins;
  // moves `next` behind it. False if there is none.
  bool Next(std::string_view listing, size_t& next, Entry& entry) const {
    return finds_all_ ? NextOfAll(listing, next, entry)
                      : NextAnchored(listing, next, entry);
  }

  // The smaller, the less is found in vain; kMaxAnchors + 1 if all is found.
  size_t cost() const {
    return finds_all_ ? kMaxAnchors + 1 : anchors_.size();
  }

 private:
  // Two bytes repeated eight times, and the bits of them that matter.
  struct Anchor {
    uint64_t before_last;
    uint64_t before_last_mask;
    uint64_t last;
    uint64_t last_mask;
    friend bool operator==(const Anchor&, const Anchor&) = default;
  };

  static Anchor AnchorOf(const NameTail& tail, CaseRule case_rule);
  static bool NextOfAll(std::string_view listing, size_t& next, Entry& entry);
  bool NextAnchored(std::string_view listing, size_t& next,
                    Entry& entry) const;
  // Bit 7 of byte i is set if an anchored name may end before `at` + i, and
  // always if it does. REQUIRES: 2 <= at <= size - 8.
  uint64_t EndsAround(const char* at) const;
  // Whether an anchored name ends before offset `end`.
  bool EndsAt(std::string_view listing, size_t end) const;

  std::vector<Anchor> anchors_;
  bool finds_all_ = true;
};

// The offset of the first entry of a listing whose name is greater than `name`;
// the size of the listing if there is none. Takes logarithmic time.
size_t OffsetAfter(std::string_view listing, std::string_view name);

}  // namespace finder

#endif  // FINDER_FINDER_ENTRY_FINDER_H_
