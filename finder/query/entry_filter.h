// What a query asks of an entry besides its name, kind and place: something
// that no tree knows, and that is asked of the entry itself when all else has
// matched. The answers are never kept.
//
// Interfaces only; the filters are in finder/inode/ and finder/git/.
#ifndef FINDER_FINDER_QUERY_ENTRY_FILTER_H_
#define FINDER_FINDER_QUERY_ENTRY_FILTER_H_

#include <memory>
#include <vector>

namespace finder {

struct Match;

// Asks for one walk after another. One thread.
class EntryProbe {
 public:
  virtual ~EntryProbe() = default;
  virtual bool Accepts(const Match& match) = 0;
};

// Thread-safe.
class EntryFilter {
 public:
  virtual ~EntryFilter() = default;
  // The filter must outlive the probe.
  virtual std::unique_ptr<EntryProbe> NewProbe() const = 0;
};

// All must accept an entry; they are asked in this order.
using EntryFilters = std::vector<std::shared_ptr<const EntryFilter>>;

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_ENTRY_FILTER_H_
