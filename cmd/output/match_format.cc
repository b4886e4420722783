#include "cmd/output/match_format.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fs/entry_kind.h"
#include "fs/file_details.h"
#include "fs/result.h"

namespace finder {
namespace {

// An answer, for one format and one thread.
class MatchEntry final : public PrintedEntry {
 public:
  MatchEntry(const Match& match, const View& view, FileSystem& files,
             Diagnostics& diagnostics)
      : match_(match), view_(view), files_(files), diagnostics_(diagnostics) {
    path_ = match.directory;
    path_ += match.name;
  }

  std::string_view path() override { return path_; }
  std::string_view start() override {
    FindStart();
    return start_;
  }
  uint32_t depth() override {
    FindStart();
    return *depth_;
  }
  EntryKind kind() override { return match_.kind; }
  const FileDetails* Details() override {
    if (asked_) return details_.has_value() ? &*details_ : nullptr;
    asked_ = true;
    Result<FileDetails> details =
        Ask(view_.links == LinkPolicy::kFollow ? SymlinkPolicy::kFollow
                                               : SymlinkPolicy::kNoFollow);
    // A symlink to nothing is itself all that there is.
    if (!details.ok() && view_.links == LinkPolicy::kFollow) {
      details = Ask(SymlinkPolicy::kNoFollow);
    }
    if (!details.ok()) {
      Problem(details.error());
      return nullptr;
    }
    details_ = details.value();
    return &*details_;
  }
  Result<std::string> LinkTarget() override {
    return files_.ReadLink({}, path_);
  }
  Result<FileDetails> TargetDetails() override {
    return Ask(SymlinkPolicy::kFollow);
  }
  void Problem(SystemError error) override {
    diagnostics_.Add(path_, error.Message());
  }

 private:
  Result<FileDetails> Ask(SymlinkPolicy symlinks) {
    return files_.Details({}, path_, symlinks);
  }

  // The root of the view that the answer is in, and how deep it is there.
  void FindStart() {
    if (depth_.has_value()) return;
    const std::vector<std::string>& roots = view_.roots;
    if (std::find(roots.begin(), roots.end(), path_) != roots.end()) {
      depth_ = 0;
      start_ = path_;
      return;
    }
    uint32_t depth = 1;
    std::string_view start = match_.directory;
    for (const Directory* at = match_.parent; at != nullptr && !at->view_root;
         at = at->parent) {
      start.remove_suffix(at->name().size() + 1);
      ++depth;
    }
    if (start.size() > 1) start.remove_suffix(1);
    depth_ = depth;
    start_ = start.empty() ? std::string_view(".") : start;
  }

  const Match& match_;
  const View& view_;
  FileSystem& files_;
  Diagnostics& diagnostics_;
  std::string path_;
  std::optional<uint32_t> depth_;
  std::string_view start_;
  bool asked_ = false;
  std::optional<FileDetails> details_;
};

}  // namespace

absl::StatusOr<MatchFormat> MatchFormat::Parse(std::string_view text,
                                               const View& view,
                                               FileSystem& files,
                                               Diagnostics& diagnostics) {
  absl::StatusOr<PrintFormat> format = PrintFormat::Parse(text);
  if (!format.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--print-format: ", format.status().message()));
  }
  if (format->needs_names()) {
    return absl::InvalidArgumentError(
        "--print-format: %u, %g and %F are for finder find -printf; %U and %G "
        "are the numbers of owners");
  }
  return MatchFormat(*std::move(format), view, files, diagnostics);
}

void MatchFormat::Append(const Match& match, PrintedFor reader,
                         std::string& out) const {
  MatchEntry entry(match, view_, files_, diagnostics_);
  format_.Append(entry, PrintedNames(), reader, out);
}

}  // namespace finder
