#include "cmd/find/find_operands.h"

#include <errno.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fs/path.h"

namespace finder {
namespace {

// More paths than any command names; bounds the memory.
constexpr size_t kMostBytes = size_t{1} << 30;

// "b" of "a/b//", "/" of "/".
std::string LastComponent(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  if (path == "/") return "/";
  return std::string(path.substr(path.rfind('/') + 1));
}

absl::Status CannotRead(const std::string& path, SystemError error) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": cannot be read: ", error.Message()));
}

}  // namespace

absl::StatusOr<std::string> FindOperands::ReadPaths(const std::string& from) {
  if (from == "-") {
    if (program_.in == nullptr)
      return CannotRead("standard input", SystemError(EBADF));
    Result<std::string> text = program_.in->ReadAll(kMostBytes);
    if (!text.ok()) return CannotRead("standard input", text.error());
    return text.value();
  }
  auto file = program_.files->OpenFile(from, SymlinkPolicy::kFollow);
  if (!file.ok()) return CannotRead(from, file.error());
  std::string text;
  constexpr size_t kChunk = size_t{64} << 10;
  while (true) {
    const size_t size = text.size();
    text.resize(size + kChunk);
    const Result<size_t> read = file.value()->ReadAt(
        static_cast<int64_t>(size), text.data() + size, kChunk);
    if (!read.ok()) return CannotRead(from, read.error());
    text.resize(size + read.value());
    if (read.value() < kChunk) return text;
    if (text.size() > kMostBytes) return CannotRead(from, SystemError(EFBIG));
  }
}

absl::Status FindOperands::Read() {
  if (!options_.files0_from) return absl::OkStatus();
  const auto text = ReadPaths(*options_.files0_from);
  if (!text.ok()) return text.status();
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\0'), rest.size());
    paths_.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return absl::OkStatus();
}

std::vector<FindOperand> FindOperands::Examine(ReportProblem problem) {
  std::vector<FindOperand> operands;
  for (const std::string& path : paths_) ExamineOne(path, problem, operands);
  return operands;
}

void FindOperands::ExamineOne(const std::string& path, ReportProblem problem,
                              std::vector<FindOperand>& operands) {
  if (path.empty()) {
    problem("''", SystemError(ENOENT).Message());
    return;
  }
  FileSystem& files = *program_.files;
  const Result<FileDetails> details =
      options_.LinksAt(0) == SymlinkPolicy::kFollow
          ? FollowedDetails(files, path)
          : files.Details({}, path, SymlinkPolicy::kNoFollow);
  if (!details.ok()) {
    problem(path, details.error().Message());
    return;
  }
  FindOperand operand = {.path = path,
                         .name = LastComponent(path),
                         .root = CleanPath(path),
                         .kind = details->kind,
                         .details = details.value(),
                         .problem = ""};
  if (operand.kind == EntryKind::kDirectory) {
    const Result<DirectoryHandle> handle =
        files.OpenDirectory({}, operand.root, SymlinkPolicy::kFollow);
    if (!handle.ok()) operand.problem = handle.error().Message();
  }
  operands.push_back(std::move(operand));
}

}  // namespace finder
