// A value for each field of a view and a query, and what it changes.
#ifndef FINDER_TESTS_SUPPORT_FIELD_SAMPLES_H_
#define FINDER_TESTS_SUPPORT_FIELD_SAMPLES_H_

#include <string>
#include <vector>

#include "finder/fields/field.h"
#include "finder/fields/field_setting.h"
#include "gtest/gtest.h"

namespace finder {

// A view and a query, with what decides on their case.
struct Search {
  View view;
  Query query;
  bool smart_case = false;
  FieldTarget target() { return {view, query, smart_case}; }
};

// Which members of the view, then of the query, are not as they are made. A
// new member does not compile here until it is counted; then it needs a row.
inline std::vector<bool> Changed(const Search& search) {
  const auto& [roots, exclude_dirs, prune_files, keep, links, boundary,
               ignore_files] = search.view;
  const auto& [names, suffixes] = keep;
  const auto& [q_names, q_exclude_names, q_exclude_globs, q_suffixes, q_globs,
               q_regexes, q_extensions, case_rule, types, at, first, min_depth,
               max_depth, max_results, sizes, newer, changed_within,
               changed_before, tracked] = search.query;
  return {!roots.empty(),
          !exclude_dirs.empty(),
          !prune_files.empty(),
          !names.empty(),
          !suffixes.empty(),
          links != LinkPolicy::kNoFollow,
          boundary != Boundary::kCross,
          !q_names.empty(),
          !q_exclude_names.empty(),
          !q_exclude_globs.empty(),
          !q_suffixes.empty(),
          !q_globs.empty(),
          !q_regexes.empty(),
          !q_extensions.empty(),
          case_rule != CaseRule::kSensitive,
          types.any(),
          !at.empty(),
          first != FirstRule::kAll,
          min_depth.has_value(),
          max_depth.has_value(),
          max_results.has_value(),
          ignore_files != IgnoreFileUse::kNone,
          !sizes.empty(),
          !newer.empty(),
          !changed_within.empty(),
          !changed_before.empty(),
          tracked};
}

inline std::string Sample(const Field& field) {
  switch (field.kind) {
    case FieldKind::kFlag:
      return "";
    case FieldKind::kNumber:
      return "3";
    case FieldKind::kTypes:
      return "d";
    case FieldKind::kTexts:
      break;
  }
  if (field.rule == TextRule::kSize) return "+1k";
  if (field.rule == TextRule::kTime) return "1h";
  return "x";
}

inline Search With(const Field& field) {
  Search search;
  const absl::Status status = SetField(field, Sample(field), search.target());
  EXPECT_TRUE(status.ok()) << field.name << status;
  return search;
}

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_FIELD_SAMPLES_H_
