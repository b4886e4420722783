#include "finder/library/standing_view.h"

#include <utility>

#include "finder/fields/query_text.h"
#include "finder/query/scan_scope.h"

namespace finder {

StandingView::StandingView(const Machine& machine, ViewVariables variables,
                           std::string writer)
    : machine_(machine),
      variables_(std::move(variables)),
      writer_(std::move(writer)) {}

absl::Status StandingView::Set(std::string_view name, std::string_view value) {
  if (session_.has_value()) {
    return absl::FailedPreconditionError(
        "the view has been scanned; its options stay");
  }
  return options_.Set(name, value);
}

// Makes what the first scan needs, and the scope of this one.
absl::Status StandingView::Prepare(const ScanOrder& order, ScanScope& scope) {
  if (options_.view.roots.empty()) options_.view.roots.emplace_back(".");
  std::unique_ptr<Purpose> purpose;
  if (order.only != nullptr) {
    const Query query = order.only->For(options_);
    absl::StatusOr<CompiledQuery> compiled =
        CompiledQuery::Compile(query, options_.view);
    if (!compiled.ok()) return compiled.status();
    purpose = std::make_unique<Purpose>(
        Purpose{CanonicalText(query), *std::move(compiled)});
    scope = ScopeOf(query, purpose->compiled, options_.view);
  }
  if (!session_.has_value()) {
    // A malformed view makes no entry.
    if (absl::Status status = ViewRules::Compile(options_.view).status();
        !status.ok()) {
      return status;
    }
    session_.emplace(machine_,
                     SessionOptions{.cache = options_.cache,
                                    .variables = variables_.cache,
                                    .ignore = variables_.ignore,
                                    .writer = writer_,
                                    .threads = options_.threads,
                                    .entry_roots = EntryRoots::kAnswers,
                                    .missing_roots = options_.missing_roots});
    session_->Choose(options_.view);
    finder_ = session_->MakeFinder(options_.view, session_->choice().use);
  }
  purpose_ = std::move(purpose);
  return absl::OkStatus();
}

absl::Status StandingView::Scan(const ScanOrder& order) {
  ScanScope scope;
  if (absl::Status status = Prepare(order, scope); !status.ok()) return status;
  // What was read stays read: nobody else waits for the end of this view.
  session_->Begin();
  finder_->SetCancelled(order.cancelled);
  finder_->SetProgress(order.progress);
  absl::Status status = finder_->Scan(scope);
  finder_->SetProgress(nullptr);
  finder_->SetCancelled(nullptr);
  session_->End();
  scanned_ = status.ok();
  return status;
}

absl::Status StandingView::Save() {
  if (absl::Status status = CheckScanned(); !status.ok()) return status;
  absl::Status saved = session_->Save(*finder_);
  session_->End();
  return saved;
}

absl::Status StandingView::CheckScanned() const {
  if (scanned_) return absl::OkStatus();
  return absl::FailedPreconditionError("the view has not been scanned");
}

absl::StatusOr<uint64_t> StandingView::Answer(const QueryOptions& query,
                                              Finder::Format format,
                                              Finder::Write write) {
  if (absl::Status status = CheckScanned(); !status.ok()) return status;
  const Query asked = query.For(options_);
  if (purpose_ != nullptr && CanonicalText(asked) != purpose_->text) {
    return absl::FailedPreconditionError(
        "the view has been scanned for another query");
  }
  if (purpose_ != nullptr) {
    return finder_->Answer(purpose_->compiled, format, write);
  }
  const absl::StatusOr<CompiledQuery> compiled =
      CompiledQuery::Compile(asked, options_.view);
  if (!compiled.ok()) return compiled.status();
  return finder_->Answer(*compiled, format, write);
}

absl::StatusOr<std::vector<Diagnostic>> StandingView::Unreadable() const {
  if (absl::Status status = CheckScanned(); !status.ok()) return status;
  return finder_->diagnostics().Sorted();
}

absl::StatusOr<Metrics> StandingView::Statistics() {
  if (absl::Status status = CheckScanned(); !status.ok()) return status;
  Metrics metrics = finder_->metrics();
  const std::string& problem = session_->choice().problem;
  if (!problem.empty()) metrics.cache_reason = problem;
  return metrics;
}

absl::StatusOr<Explanation> StandingView::Explain(const QueryOptions& query,
                                                  std::string_view path) const {
  View view = options_.view;
  if (view.roots.empty()) view.roots.emplace_back(".");
  Query asked = query.For(options_);
  asked.max_results.reset();
  return ExplainPath({.files = machine_.files,
                      .view = &view,
                      .query = &asked,
                      .path = std::string(path),
                      .working_directory = machine_.working_directory,
                      .clock = machine_.clock,
                      .ignore = variables_.ignore});
}

}  // namespace finder
