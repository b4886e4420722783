// Options of a view and of a query by the names they have on the command line.
// Which there are about entries and answers, finder/fields/ says; those about
// where facts are kept are here.
//
// Plain data and pure functions; const use from any thread.
#ifndef FINDER_FINDER_LIBRARY_NAMED_OPTIONS_H_
#define FINDER_FINDER_LIBRARY_NAMED_OPTIONS_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/session/cache_settings.h"
#include "finder/view/view.h"

namespace finder {

struct ViewOptions {
  View view;
  // What the view has every query leave out.
  Query of_all_queries;
  CacheSettings cache;
  std::optional<unsigned> threads;
  MissingRoots missing_roots = MissingRoots::kRefused;

  // Fails with InvalidArgument, "NAME: reason"; then nothing is set.
  absl::Status Set(std::string_view name, std::string_view value);
};

struct QueryOptions {
  Query query;
  bool smart_case = false;

  // As above.
  absl::Status Set(std::string_view name, std::string_view value);
  // The query to be asked of a view.
  Query For(const ViewOptions& view) const;
};

}  // namespace finder

#endif  // FINDER_FINDER_LIBRARY_NAMED_OPTIONS_H_
