#include "finder/view/name_set.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

namespace finder {
namespace {

// As many are compared one by one faster than they are searched.
constexpr ptrdiff_t kFewNames = 8;

unsigned char LastByte(std::string_view text) {
  return static_cast<unsigned char>(text.back());
}

auto SortKey(const NameTail& tail) {
  return std::tuple(LastByte(tail.text), tail.form,
                    std::string_view(tail.text));
}

// Whether no name can have that tail.
bool IsImpossible(const NameTail& tail) {
  return tail.text.find('/') != std::string::npos ||
         (tail.text.empty() && tail.form == NameTail::Form::kWhole);
}

}  // namespace

NameSet::NameSet(std::vector<NameTail> tails, CaseRule case_rule)
    : tails_(std::move(tails)), case_rule_(case_rule) {
  std::erase_if(tails_, IsImpossible);
  // Of a name that is not empty, "ends with nothing" is always true.
  contains_all_ = std::erase_if(tails_, [](const NameTail& tail) {
                    return tail.text.empty();
                  }) != 0;
  for (NameTail& tail : tails_) tail.text = FoldedCopy(tail.text, case_rule);
  std::sort(tails_.begin(), tails_.end(),
            [](const NameTail& a, const NameTail& b) {
              return SortKey(a) < SortKey(b);
            });
  tails_.erase(std::unique(tails_.begin(), tails_.end(),
                           [](const NameTail& a, const NameTail& b) {
                             return SortKey(a) == SortKey(b);
                           }),
               tails_.end());
  for (uint32_t i = 0; i < tails_.size(); ++i) {
    Bucket& bucket = buckets_[LastByte(tails_[i].text)];
    if (bucket.end == 0) bucket.begin = bucket.end_of_whole = i;
    bucket.end = i + 1;
    if (tails_[i].form == NameTail::Form::kWhole) bucket.end_of_whole = i + 1;
  }
}

bool NameSet::HoldsWhole(const Bucket& bucket, std::string_view folded) const {
  const auto begin = tails_.begin() + bucket.begin;
  const auto end = tails_.begin() + bucket.end_of_whole;
  if (end - begin <= kFewNames) {
    return std::any_of(begin, end, [folded](const NameTail& tail) {
      return tail.text == folded;
    });
  }
  const auto it = std::lower_bound(
      begin, end, folded, [](const NameTail& tail, std::string_view name) {
        return tail.text < name;
      });
  return it != end && it->text == folded;
}

bool NameSet::Contains(std::string_view name) const {
  if (contains_all_) return true;
  if (name.empty()) return false;
  const char last =
      case_rule_ == CaseRule::kIgnore ? FoldCase(name.back()) : name.back();
  const Bucket& bucket = buckets_[static_cast<unsigned char>(last)];
  if (bucket.begin == bucket.end) return false;
  if (bucket.begin != bucket.end_of_whole) {
    if (case_rule_ == CaseRule::kSensitive) {
      if (HoldsWhole(bucket, name)) return true;
    } else if (HoldsWhole(bucket, FoldedCopy(name, case_rule_))) {
      return true;
    }
  }
  for (uint32_t i = bucket.end_of_whole; i < bucket.end; ++i) {
    const NameTail& tail = tails_[i];
    const size_t least =
        tail.text.size() + (tail.form == NameTail::Form::kExtension);
    if (name.size() >= least && EndsWithFolded(name, tail.text, case_rule_)) {
      return true;
    }
  }
  return false;
}

}  // namespace finder
