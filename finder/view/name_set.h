// A set of names given by their ends: whole names, suffixes, extensions. To
// test a name it looks only at the members that end in the same byte.
//
// Immutable after building; const use from any thread.
#ifndef FINDER_FINDER_VIEW_NAME_SET_H_
#define FINDER_FINDER_VIEW_NAME_SET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "finder/view/ascii_case.h"
#include "finder/view/glob.h"

namespace finder {

class NameSet {
 public:
  // Contains nothing.
  NameSet() = default;
  // `tails` may be in either case.
  NameSet(std::vector<NameTail> tails, CaseRule case_rule);

  bool Contains(std::string_view name) const;

  // Whether every name belongs to it.
  bool contains_all() const { return contains_all_; }
  // If not contains_all(): the distinct members, folded, without those that no
  // name can have.
  const std::vector<NameTail>& tails() const { return tails_; }

 private:
  // The members that end in one byte are neighbours: first the whole names,
  // sorted, then the others.
  struct Bucket {
    uint32_t begin = 0;
    uint32_t end_of_whole = 0;
    uint32_t end = 0;
  };

  bool HoldsWhole(const Bucket& bucket, std::string_view folded) const;

  std::vector<NameTail> tails_;
  std::array<Bucket, 256> buckets_ = {};
  CaseRule case_rule_ = CaseRule::kSensitive;
  bool contains_all_ = false;  // through the empty suffix
};

}  // namespace finder

#endif  // FINDER_FINDER_VIEW_NAME_SET_H_
