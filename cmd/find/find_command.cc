#include "cmd/find/find_command.h"

#include <errno.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/find/find_expression.h"
#include "cmd/output/printed_path.h"
#include "cmd/search/scan_run.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/query/scan_scope.h"
#include "finder/text/abseil_view.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/listing.h"
#include "finder/tree/tree_walk.h"
#include "finder/view/view.h"
#include "fs/file_system.h"
#include "fs/path.h"
#include "fs/posix/process.h"

namespace finder {
namespace {

constexpr size_t kFlushBytes = size_t{1} << 16;

constexpr std::string_view kLoop = "the same as a directory above it";

// "b" of "a/b//", "/" of "/".
std::string LastComponent(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  if (path == "/") return "/";
  return std::string(path.substr(path.rfind('/') + 1));
}

// Whether `d` is `top` or lies below it.
bool LiesIn(const Directory& d, const Directory& top) {
  const Directory* at = &d;
  while (at != nullptr && at != &top) at = at->parent;
  return at != nullptr;
}

// One PATH of the command line.
struct Operand {
  std::string path;
  std::string root;  // cleaned
  EntryKind kind = EntryKind::kFile;
  std::string problem;  // why a directory cannot be entered; empty if it can
};

class FindWalk {
 public:
  FindWalk(const FindRequest& request, Program& program)
      : request_(request),
        program_(program),
        on_terminal_(program.out->IsTerminal()),
        run_(command_, program) {}

  ExitCode Run();
  void End() { run_.End(); }

 private:
  // The contents of one directory, as far as they are not walked yet.
  struct Frame {
    const Directory* directory;
    Listing::Iterator entry;
    ChildIterator<const Directory> child;
    size_t path_size;
  };

  void ExamineOperands();
  enum class Place { kOperand, kBelow };
  std::optional<EntryKind> KindOfPath(const std::string& path, Place place);
  // What the walk comes to.
  ScanScope Scope();
  bool QuitsBefore(const DirectoryTree& tree, const Directory& first);
  void Walk(const DirectoryTree& tree, const Operand& operand);
  void Push(const Directory& d);
  // One entry or child of the innermost directory.
  void Step(Frame& frame);
  void StepInto(const Directory& child, size_t path_size);
  bool IsAbove(const Directory& d) const;
  void StepOver(const Directory& parent, const Entry& entry, size_t path_size);
  void SetPath(size_t directory_size, std::string_view name);
  // Asks about path_; whether to go below.
  bool Visit(std::string name, EntryKind kind);
  void Print(char terminator);
  void Flush();
  void Problem(const std::string& path, std::string_view reason);
  void CollectReasons(const Finder& finder);

  const FindRequest& request_;
  Program& program_;
  const bool on_terminal_;
  CommandLine command_;  // for what a scan needs; all else is as by default
  ScanRun run_;
  std::vector<Operand> operands_;
  std::map<std::string, std::string> reasons_;  // by cleaned path
  std::string path_;
  std::vector<Frame> frames_;
  std::string out_;
  Outcome written_;
  // Not null: nothing is printed, and the walk ends there.
  const Directory* rehearsed_until_ = nullptr;
  bool quit_ = false;
  bool stopped_ = false;
  bool problems_ = false;
};

ExitCode FindWalk::Run() {
  ExamineOperands();
  command_.view.links = request_.view.links;
  command_.view.boundary = request_.view.boundary;
  Finder* finder = nullptr;
  if (!command_.view.roots.empty()) {
    run_.LocateDatabase(command_.view);
    const absl::StatusOr<Finder*> scanned =
        run_.ScanView(command_.view, Scope());
    if (!scanned.ok()) {
      run_.Fail(scanned.status());
      return ExitCode::kNo;
    }
    finder = *scanned;
    CollectReasons(*finder);
  }
  for (const Operand& operand : operands_) {
    if (stopped_) break;
    path_ = operand.path;
    const bool below = Visit(LastComponent(operand.path), operand.kind);
    if (!below || stopped_) continue;
    if (!operand.problem.empty() || finder == nullptr) {
      Problem(operand.path, operand.problem);
    } else {
      Walk(finder->tree(), operand);
    }
  }
  Flush();
  if (written_.ok()) written_ = program_.out->Close();
  run_.ReportOutput("standard output", written_);
  if (finder != nullptr) run_.Save(*finder);
  if (const auto failure = ScanRun::FailureCode(written_)) return *failure;
  return problems_ ? ExitCode::kNo : ExitCode::kDone;
}

// Under -L a symlink is what it leads to, unless that is nothing. None if find
// complains of the path and passes over it.
std::optional<EntryKind> FindWalk::KindOfPath(const std::string& path,
                                              Place place) {
  FileSystem& files = *program_.files;
  if (request_.view.links == LinkPolicy::kFollow) {
    const Result<FileStat> target =
        files.Stat({}, path, SymlinkPolicy::kFollow);
    if (target.ok()) return target->kind;
    if (const int code = target.error().code(); code != ENOENT) {
      Problem(path, target.error().Message());
      if (place == Place::kOperand || code == ELOOP) return std::nullopt;
      return code == ENOTDIR ? EntryKind::kSymlink : EntryKind::kOther;
    }
  }
  const Result<FileStat> stat = files.Stat({}, path, SymlinkPolicy::kNoFollow);
  if (stat.ok()) return stat->kind;
  Problem(path, stat.error().Message());
  return std::nullopt;
}

void FindWalk::ExamineOperands() {
  for (const std::string& path : request_.paths) {
    if (path.empty()) {
      Problem("''", SystemError(ENOENT).Message());
      continue;
    }
    const std::optional<EntryKind> kind = KindOfPath(path, Place::kOperand);
    if (!kind) continue;
    Operand operand = {
        .path = path, .root = CleanPath(path), .kind = *kind, .problem = ""};
    if (operand.kind == EntryKind::kDirectory) {
      const Result<DirectoryHandle> handle = program_.files->OpenDirectory(
          {}, operand.root, SymlinkPolicy::kFollow);
      std::vector<std::string>& roots = command_.view.roots;
      if (!handle.ok()) {
        operand.problem = handle.error().Message();
      } else if (std::find(roots.begin(), roots.end(), operand.root) ==
                 roots.end()) {
        roots.push_back(operand.root);
      }
    }
    operands_.push_back(std::move(operand));
  }
}

void FindWalk::CollectReasons(const Finder& finder) {
  for (Diagnostic& diagnostic : finder.diagnostics().Sorted()) {
    reasons_.emplace(std::move(diagnostic.path), std::move(diagnostic.reason));
  }
}

ScanScope FindWalk::Scope() {
  ScanScope scope;
  Query query;
  query.max_depth = request_.query.max_depth;
  scope.reach = Reach::Of(query);
  // To find a symlink is one, whatever it leads to.
  scope.asks_target = [](std::string_view) { return false; };
  if (request_.quits() && operands_.size() == 1 &&
      request_.view.links == LinkPolicy::kNoFollow) {
    scope.has_enough = [this](const DirectoryTree& tree,
                              const Directory& first) {
      return QuitsBefore(tree, first);
    };
  }
  return scope;
}

// Whether the walk, begun now, quits before it comes to what is in `first`, or
// passes it by.
bool FindWalk::QuitsBefore(const DirectoryTree& tree, const Directory& first) {
  rehearsed_until_ = &first;
  path_ = operands_.front().path;
  if (Visit(LastComponent(path_), operands_.front().kind) && !stopped_) {
    Walk(tree, operands_.front());
  }
  rehearsed_until_ = nullptr;
  const bool quits = quit_;
  stopped_ = quit_ = false;
  return quits;
}

void FindWalk::Walk(const DirectoryTree& tree, const Operand& operand) {
  const std::vector<Root>& roots = tree.roots;
  const auto root = std::find_if(
      roots.begin(), roots.end(),
      [&operand](const Root& r) { return r.path == operand.root; });
  if (root == roots.end() || root->directory == nullptr) {
    Problem(operand.path, "not scanned");
    return;
  }
  Push(*root->directory);
  while (!frames_.empty() && !stopped_) {
    Frame& frame = frames_.back();
    if (frame.entry.at_end() && frame.child.at_end()) {
      frames_.pop_back();
    } else {
      Step(frame);
    }
  }
  frames_.clear();
}

// The contents of the directory at path_ come next.
void FindWalk::Push(const Directory& d) {
  if (&d == rehearsed_until_) {
    stopped_ = true;
    return;
  }
  if (d.knowledge == Knowledge::kUnreadable) {
    const auto reason = reasons_.find(CleanPath(path_));
    Problem(path_, reason == reasons_.end() ? "cannot be read"
                                            : std::string_view(reason->second));
    return;
  }
  if (!d.open()) return;
  frames_.push_back(
      {&d, d.listing().begin(), Children(d).begin(), path_.size()});
}

void FindWalk::Step(Frame& frame) {
  const size_t path_size = frame.path_size;
  if (!frame.entry.at_end() &&
      (frame.child.at_end() ||
       EntryBeforeChild(frame.entry->name, frame.child->name()))) {
    const Entry entry = *frame.entry;
    ++frame.entry;
    StepOver(*frame.directory, entry, path_size);
    return;
  }
  const Directory& child = *frame.child;
  ++frame.child;
  if (child.visible()) StepInto(child, path_size);
}

void FindWalk::StepInto(const Directory& child, size_t path_size) {
  SetPath(path_size, child.name());
  if (IsAbove(child)) return Problem(path_, kLoop);
  const bool below = Visit(std::string(child.name()), EntryKind::kDirectory);
  if (stopped_) return;
  if (below) return Push(child);
  if (rehearsed_until_ != nullptr && LiesIn(*rehearsed_until_, child)) {
    stopped_ = true;
  }
}

// Whether the walk is inside of this directory already: behind a symlink that
// leads up, or where one is mounted.
bool FindWalk::IsAbove(const Directory& d) const {
  return d.device != kNoDevice &&
         std::any_of(frames_.begin(), frames_.end(), [&d](const Frame& frame) {
           return frame.directory->inode == d.inode &&
                  frame.directory->device == d.device;
         });
}

void FindWalk::StepOver(const Directory& parent, const Entry& entry,
                        size_t path_size) {
  SetPath(path_size, entry.name);
  EntryKind kind = IsLink(entry.kind) ? EntryKind::kSymlink : entry.kind;
  if (IsLink(kind) && request_.view.links == LinkPolicy::kFollow) {
    const Directory* const child = FindChild(parent, entry.name);
    if (child != nullptr && child->visible()) return;  // comes as a child
    const std::optional<EntryKind> target = KindOfPath(path_, Place::kBelow);
    if (!target) return;
    kind = *target;
    // Every other directory behind a symlink is a child.
    if (kind == EntryKind::kDirectory) return Problem(path_, kLoop);
  }
  Visit(std::string(entry.name), kind);
}

void FindWalk::SetPath(size_t directory_size, std::string_view name) {
  path_.resize(directory_size);
  if (path_.back() != '/') path_ += '/';
  path_ += name;
}

bool FindWalk::Visit(std::string name, EntryKind kind) {
  const size_t depth = frames_.size();
  FindVerdict verdict;
  const uint32_t max_depth = request_.query.max_depth.value_or(UINT32_MAX);
  if (depth >= request_.query.min_depth.value_or(0) && depth <= max_depth) {
    verdict =
        request_.Ask({.path = path_, .name = std::move(name), .kind = kind},
                     [this](char terminator) { Print(terminator); });
  }
  if (verdict.quit) stopped_ = quit_ = true;
  return kind == EntryKind::kDirectory && !verdict.prune && depth < max_depth;
}

void FindWalk::Print(char terminator) {
  if (rehearsed_until_ != nullptr) return;
  if (terminator == '\n' && on_terminal_) {
    AppendForTerminal(path_, out_);
  } else {
    out_ += path_;
  }
  out_ += terminator;
  if (out_.size() >= kFlushBytes) Flush();
}

void FindWalk::Flush() {
  if (written_.ok() && !out_.empty()) written_ = program_.out->Write(out_);
  if (!written_.ok()) stopped_ = true;
  out_.clear();
}

void FindWalk::Problem(const std::string& path, std::string_view reason) {
  if (rehearsed_until_ != nullptr) return;
  run_.report().Line(absl::StrCat(path, ": ", Abseil(reason)));
  problems_ = true;
}

}  // namespace

ExitCode RunFind(CommandLine& command, Program& program) {
  const absl::StatusOr<FindRequest> request =
      FindRequest::Parse(command.operands);
  if (!request.ok()) {
    Report(*program.err).Line(std::string(request.status().message()));
    return ExitCode::kFailed;
  }
  UseCharactersOfLocale();
  FindWalk walk(*request, program);
  const ExitCode code = walk.Run();
  walk.End();
  return code;
}

}  // namespace finder
