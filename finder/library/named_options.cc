#include "finder/library/named_options.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "finder/fields/field.h"
#include "finder/fields/field_setting.h"
#include "finder/fields/smart_case.h"
#include "finder/fields/value_text.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// As the command line has it.
constexpr uint64_t kMostThreads = 256;

absl::Status SetMember(std::string_view value, std::optional<std::string>& to) {
  if (value.empty()) return EmptyValue();
  to = value;
  return absl::OkStatus();
}

absl::Status SetMode(std::string_view value, CacheMode mode, CacheMode& to) {
  if (!value.empty()) return absl::InvalidArgumentError("takes no value");
  to = mode;
  return absl::OkStatus();
}

absl::Status SetThreads(std::string_view value, ViewOptions& to) {
  const absl::StatusOr<uint64_t> number = ParseNumber(value, 1, kMostThreads);
  if (number.ok()) to.threads = static_cast<unsigned>(*number);
  return number.status();
}

absl::Status SetKeepGoing(std::string_view value, ViewOptions& to) {
  if (!value.empty()) return absl::InvalidArgumentError("takes no value");
  to.missing_roots = MissingRoots::kLeftOut;
  return absl::OkStatus();
}

struct ViewOption {
  std::string_view name;
  absl::Status (*set)(std::string_view value, ViewOptions& to);
};

constexpr ViewOption kViewOptions[] = {
    {"cache-dir",
     [](std::string_view value, ViewOptions& to) {
       return SetMember(value, to.cache.directory);
     }},
    {"db", [](std::string_view value,
              ViewOptions& to) { return SetMember(value, to.cache.database); }},
    {"import",
     [](std::string_view value, ViewOptions& to) {
       return SetMember(value, to.cache.import);
     }},
    {"view-id",
     [](std::string_view value, ViewOptions& to) {
       return SetMember(value, to.cache.view_id);
     }},
    {"no-cache",
     [](std::string_view value, ViewOptions& to) {
       return SetMode(value, CacheMode::kNone, to.cache.mode);
     }},
    {"refresh",
     [](std::string_view value, ViewOptions& to) {
       return SetMode(value, CacheMode::kRefresh, to.cache.mode);
     }},
    {"threads", SetThreads},
    {"keep-going", SetKeepGoing},
};

absl::Status Named(std::string_view name, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(Abseil(name), ": ", status.message()));
}

absl::Status SetFieldOf(FieldOwner owner, std::string_view name,
                        std::string_view value, const FieldTarget& to) {
  const Field* const field = FindField(name);
  if (field == nullptr) {
    return Named(name, absl::InvalidArgumentError("there is no such option"));
  }
  if (field->owner != owner) {
    return Named(name, absl::InvalidArgumentError(
                           owner == FieldOwner::kView
                               ? "is an option of queries, not of views"
                               : "is an option of views, not of queries"));
  }
  return Named(name, SetField(*field, value, to));
}

}  // namespace

absl::Status ViewOptions::Set(std::string_view name, std::string_view value) {
  const auto* const option =
      std::find_if(std::begin(kViewOptions), std::end(kViewOptions),
                   [name](const ViewOption& one) { return one.name == name; });
  if (option != std::end(kViewOptions)) {
    return Named(name, option->set(value, *this));
  }
  bool smart_case = false;
  return SetFieldOf(FieldOwner::kView, name, value,
                    {view, of_all_queries, smart_case});
}

absl::Status QueryOptions::Set(std::string_view name, std::string_view value) {
  View view;
  QueryOptions made = *this;
  absl::Status status = SetFieldOf(FieldOwner::kQuery, name, value,
                                   {view, made.query, made.smart_case});
  if (!status.ok()) return status;
  if (made.query.asks_entries()) {
    return Named(name, absl::InvalidArgumentError(
                           "the library knows names, not sizes, times or "
                           "what git tracks"));
  }
  *this = std::move(made);
  return absl::OkStatus();
}

Query QueryOptions::For(const ViewOptions& view) const {
  Query made = query;
  if (smart_case) made.case_rule = SmartCaseRule(query);
  const std::vector<std::string>& more = view.of_all_queries.exclude_globs;
  made.exclude_globs.insert(made.exclude_globs.end(), more.begin(), more.end());
  return made;
}

}  // namespace finder
