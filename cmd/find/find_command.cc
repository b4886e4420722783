#include "cmd/find/find_command.h"

#include <errno.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/find/find_evaluation.h"
#include "cmd/find/find_operands.h"
#include "cmd/find/find_parser.h"
#include "cmd/find/find_walk.h"
#include "cmd/output/printed_text.h"
#include "cmd/search/scan_run.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/query/scan_scope.h"
#include "finder/text/abseil_view.h"
#include "finder/threads/thread_pool.h"
#include "fs/path.h"
#include "fs/posix/process/process.h"

namespace finder {
namespace {

class FindRun : public FindVisitor {
 public:
  FindRun(FindRequest& request, Program& program)
      : request_(request),
        options_(request.setup.options),
        traits_(request.expression->traits()),
        program_(program),
        run_(command_, program),
        pool_(program.host.processors),
        evaluation_(*request.expression, pool_,
                    [this](const std::string& path, SystemError error) {
                      ReportFile(path, error);
                    }),
        walk_(options_, *program.files, *this) {}

  ExitCode Run();
  void End() { run_.End(); }

  Verdict Visit(AskedEntry& entry) override;
  bool Excludes(AskedEntry& entry) override;
  void Problem(const std::string& path, std::string_view reason) override;
  std::string ReasonFor(const std::string& path) override;
  bool TreeMayHaveChanged() override { return evaluation_.has_changed(); }

 private:
  void Warn();
  bool Scan();
  void WalkAll();
  // What the walk comes to.
  ScanScope Scope();
  bool QuitsBefore(const DirectoryTree& tree, const Directory& first);
  void ReportFile(const std::string& path, SystemError error);

  FindRequest& request_;
  const FindOptions& options_;
  const NodeTraits traits_;
  Program& program_;
  CommandLine command_;  // for what a scan needs; all else is as by default
  ScanRun run_;
  ThreadPool pool_;
  FindEvaluation evaluation_;
  FindWalk walk_;
  std::vector<FindOperand> operands_;
  Finder* finder_ = nullptr;                    // null if nothing is scanned
  std::map<std::string, std::string> reasons_;  // by cleaned path
  // Nothing is printed nor asked of files.
  bool rehearses_ = false;
  bool problems_ = false;
};

ExitCode FindRun::Run() {
  Warn();
  FindOperands operands(options_, program_);
  if (absl::Status status = operands.Read(); !status.ok()) {
    run_.Fail(status);
    return ExitCode::kNo;
  }
  operands_ = operands.Examine(
      [this](const std::string& path, std::string_view reason) {
        Problem(path, reason);
      });
  if (!Scan()) return ExitCode::kNo;
  WalkAll();
  FindSetup& setup = request_.setup;
  for (const auto& execution : setup.executions) execution->Finish();
  setup.files.Close(setup.messages);
  problems_ |= setup.messages.had_problem();
  const Outcome written = setup.output.Close();
  run_.ReportOutput("standard output", written);
  if (finder_ != nullptr) run_.Save(*finder_);
  if (!written.ok() && written.error().code() == EPIPE) {
    return ExitCode::kBrokenPipe;
  }
  return problems_ || !written.ok() ? ExitCode::kNo : ExitCode::kDone;
}

void FindRun::Warn() {
  for (const std::string& warning : request_.setup.warnings) {
    run_.report().Line(absl::StrCat("find: warning: ", warning));
  }
}

// Scans what the operands hold; false if that fails as a whole.
bool FindRun::Scan() {
  View& view = command_.view;
  for (const FindOperand& operand : operands_) {
    if (operand.kind != EntryKind::kDirectory || !operand.problem.empty()) {
      continue;
    }
    if (std::find(view.roots.begin(), view.roots.end(), operand.root) ==
        view.roots.end()) {
      view.roots.push_back(operand.root);
    }
  }
  view.links = options_.links == FollowedLinks::kAll ? LinkPolicy::kFollow
                                                     : LinkPolicy::kNoFollow;
  view.boundary = options_.boundary;
  if (view.roots.empty() || options_.max_depth == 0) return true;
  run_.LocateDatabase(view);
  const absl::StatusOr<Finder*> scanned = run_.ScanView(view, Scope());
  if (!scanned.ok()) {
    run_.Fail(scanned.status());
    return false;
  }
  finder_ = *scanned;
  for (Diagnostic& diagnostic : finder_->diagnostics().Sorted()) {
    reasons_.emplace(std::move(diagnostic.path), std::move(diagnostic.reason));
  }
  return true;
}

ScanScope FindRun::Scope() {
  ScanScope scope;
  Query query;
  if (options_.max_depth != UINT32_MAX) query.max_depth = options_.max_depth;
  scope.reach = Reach::Of(query);
  // To find a symlink is one, whatever it leads to.
  scope.asks_target = [](std::string_view) { return false; };
  const bool names_decide = traits_.quits && !traits_.asks_file &&
                            !traits_.has_effect &&
                            request_.setup.exclusions.empty();
  if (names_decide && operands_.size() == 1 &&
      options_.order == VisitOrder::kDirectoryFirst &&
      options_.links != FollowedLinks::kAll) {
    scope.has_enough = [this](const DirectoryTree& tree,
                              const Directory& first) {
      return QuitsBefore(tree, first);
    };
  }
  return scope;
}

// Whether the walk, begun now, quits before it comes to what is in `first`, or
// passes it by.
bool FindRun::QuitsBefore(const DirectoryTree& tree, const Directory& first) {
  rehearses_ = true;
  FindWalk rehearsal(options_, *program_.files, *this);
  rehearsal.set_last(&first);
  rehearsal.Walk(&tree, operands_.front());
  rehearses_ = false;
  return rehearsal.quit();
}

void FindRun::WalkAll() {
  const DirectoryTree* const tree =
      finder_ == nullptr ? nullptr : &finder_->tree();
  for (const FindOperand& operand : operands_) {
    walk_.Walk(tree, operand);
    if (walk_.quit()) break;
    if (!request_.setup.output.written().ok()) break;
  }
  evaluation_.Flush();
}

Verdict FindRun::Visit(AskedEntry& entry) {
  if (rehearses_) return evaluation_.Rehearse(entry);
  const bool guides = entry.kind() == EntryKind::kDirectory &&
                      options_.order == VisitOrder::kDirectoryFirst;
  Verdict verdict =
      evaluation_.Take(entry, guides ? FindEvaluation::Need::kVerdict
                                     : FindEvaluation::Need::kNothing);
  verdict.quit |= evaluation_.quit() || !request_.setup.output.written().ok();
  return verdict;
}

bool FindRun::Excludes(AskedEntry& entry) {
  const std::function<void(const std::string&, SystemError)> report =
      [this](const std::string& path, SystemError error) {
        ReportFile(path, error);
      };
  const auto& exclusions = request_.setup.exclusions;
  return std::any_of(exclusions.begin(), exclusions.end(),
                     [&](const NodePtr& exclusion) {
                       Inquiry inquiry(entry, AskMode::kAct, report);
                       return exclusion->Ask(inquiry);
                     });
}

void FindRun::ReportFile(const std::string& path, SystemError error) {
  if (error.code() == ENOENT &&
      options_.vanished == VanishedFiles::kPassedOver) {
    return;
  }
  Problem(path, error.Message());
}

void FindRun::Problem(const std::string& path, std::string_view reason) {
  if (rehearses_) return;
  run_.report().Line(absl::StrCat(path, ": ", Abseil(reason)));
  problems_ = true;
}

std::string FindRun::ReasonFor(const std::string& path) {
  const auto reason = reasons_.find(CleanPath(path));
  return reason == reasons_.end() ? "cannot be read" : reason->second;
}

}  // namespace

ExitCode RunFind(CommandLine& command, Program& program) {
  UseCharactersOfLocale();
  UseWordsOfLocale();
  FindRequest request(program);
  request.setup.warns = program.in != nullptr && program.in->IsTerminal();
  const absl::Status parsed = ParseFind(command.operands, request);
  if (absl::IsCancelled(parsed)) {
    return PrintText(std::string(parsed.message()), program);
  }
  if (!parsed.ok()) {
    Report(*program.err).Line(std::string(parsed.message()));
    return ExitCode::kNo;
  }
  FindRun run(request, program);
  const ExitCode code = run.Run();
  run.End();
  return code;
}

}  // namespace finder
