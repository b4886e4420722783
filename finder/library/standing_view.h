// A view that stands: scanned again and again, and asked in between. What the C
// API is made of, in the terms of the core. It knows nothing of C and prints
// nothing.
//
// Thread-safety: one thread at a time calls.
#ifndef FINDER_FINDER_LIBRARY_STANDING_VIEW_H_
#define FINDER_FINDER_LIBRARY_STANDING_VIEW_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/diagnostics.h"
#include "finder/explain/explanation.h"
#include "finder/facade/finder.h"
#include "finder/ignore/ignore_settings.h"
#include "finder/library/named_options.h"
#include "finder/metrics.h"
#include "finder/query/query.h"
#include "finder/session/cache_settings.h"
#include "finder/session/session.h"
#include "fs/machine.h"

namespace finder {

// The environment variables that matter.
struct ViewVariables {
  CacheVariables cache;
  IgnoreSettings ignore;
};

// What a scan is told beside the view.
struct ScanOrder {
  // No more is looked at than this one needs; null: all is.
  const QueryOptions* only = nullptr;
  const std::atomic<bool>* cancelled = nullptr;
  ProgressCallback progress;
};

class StandingView {
 public:
  // `machine` must outlive this. `writer` is noted in what is stored.
  StandingView(const Machine& machine, ViewVariables variables,
               std::string writer);
  StandingView(const StandingView&) = delete;
  StandingView& operator=(const StandingView&) = delete;

  // Fails with FailedPrecondition after the first scan.
  absl::Status Set(std::string_view name, std::string_view value);

  // Fails as Finder::Scan does, and if the query is malformed.
  absl::Status Scan(const ScanOrder& order);
  // As Session::Save.
  absl::Status Save();

  // These fail with FailedPrecondition before the first scan and after one that
  // failed.
  // Fails also if the query is malformed, or if the scan was for another one.
  absl::StatusOr<uint64_t> Answer(const QueryOptions& query,
                                  Finder::Format format, Finder::Write write);
  absl::StatusOr<std::vector<Diagnostic>> Unreadable() const;
  // With the reason why no cache is in use, if there is one.
  absl::StatusOr<Metrics> Statistics();

  // Fails as ExplainPath does.
  absl::StatusOr<Explanation> Explain(const QueryOptions& query,
                                      std::string_view path) const;

 private:
  // What the last scan was for, if not for all.
  struct Purpose {
    std::string text;
    CompiledQuery compiled;
  };

  absl::Status Prepare(const ScanOrder& order, ScanScope& scope);
  absl::Status CheckScanned() const;

  const Machine& machine_;
  const ViewVariables variables_;
  const std::string writer_;
  ViewOptions options_;
  // Set by the first scan.
  std::optional<Session> session_;
  std::unique_ptr<Purpose> purpose_;
  std::unique_ptr<Finder> finder_;
  bool scanned_ = false;
};

}  // namespace finder

#endif  // FINDER_FINDER_LIBRARY_STANDING_VIEW_H_
