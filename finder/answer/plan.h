// A plan: one view and any number of lists made from it, as JSON. This reads
// the text; doc/plan.md is the schema for people. Nothing here looks at the
// disk.
//
// Pure; any thread.
#ifndef FINDER_FINDER_ANSWER_PLAN_H_
#define FINDER_FINDER_ANSWER_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/query/query.h"
#include "finder/view/view.h"

namespace finder {

enum class Terminator : char { kNewline = '\n', kNul = '\0' };

// A file that a plan names.
struct PlanOutput {
  std::string path;
  // Where the plan says so, for messages: "plan.json:12: lists[3].output".
  std::string place;
};

struct PlanList {
  PlanOutput output;
  Query query;
  Terminator terminator = Terminator::kNewline;
};

struct Plan {
  View view;  // roots cleaned, at least one
  std::vector<PlanList> lists;
  std::optional<PlanOutput> depfile;
};

// Reads the text of the plan called `name`. Fails with InvalidArgument:
// "NAME:LINE: KEY: reason". Also checks globs, regular expressions and names,
// so that the plan's queries compile.
absl::StatusOr<Plan> ParsePlan(std::string_view text, std::string_view name);

}  // namespace finder

#endif  // FINDER_FINDER_ANSWER_PLAN_H_
