#include "cmd/actions/execution.h"

#include <errno.h>
#include <stdlib.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/output/printed_path.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

using Form = CommandTemplate::Form;
using Place = CommandTemplate::Place;
using Consent = CommandTemplate::Consent;

// GNU find fills a command line up to here, though the kernel takes more.
constexpr size_t kMostBytes = size_t{128} << 10;

}  // namespace

bool SaysYes(const std::string& line) { return rpmatch(line.c_str()) == 1; }

Execution::Execution(CommandTemplate command, ExecutionWorld world)
    : command_(std::move(command)),
      world_(std::move(world)),
      chain_(*world_.files) {}

bool Execution::Take(const ActionTarget& target) {
  if (command_.form == Form::kEach) return RunForOne(target);
  Keep(target);
  return true;
}

std::string Execution::PathFor(const ActionTarget& target) const {
  if (command_.place == Place::kHere) return std::string(target.path);
  const std::string name = NameWithin(target.path);
  // So that no name is taken for an option.
  return name.starts_with('/') ? name : "./" + name;
}

bool Execution::RunForOne(const ActionTarget& target) {
  if (command_.consent == Consent::kAsked && !HasConsent(target)) return false;
  std::vector<std::string> arguments = command_.Filled(PathFor(target));
  const std::string program = arguments[0];
  const std::optional<bool> succeeded = Run(std::move(arguments), target);
  if (!succeeded.has_value()) {
    Complain(absl::StrCat(program, ": ", SystemError(E2BIG).Message()));
  }
  return succeeded.value_or(false);
}

bool Execution::HasConsent(const ActionTarget& target) {
  world_.flush();
  std::string prompt = absl::StrCat("< ", command_.words[0], " ... ");
  if (world_.err->IsTerminal()) {
    AppendForTerminal(target.path, prompt);
  } else {
    prompt += target.path;
  }
  prompt += " > ? ";
  static_cast<void>(world_.err->Write(prompt).ok());
  if (world_.in == nullptr) return false;
  const Result<std::optional<std::string>> line = world_.in->ReadLine();
  return line.ok() && line.value().has_value() && SaysYes(*line.value());
}

void Execution::Keep(const ActionTarget& target) {
  std::string directory;
  if (command_.place == Place::kInDirectory) {
    directory = HoldingDirectory(target.path);
    if (directory != kept_directory_ || target.depth != kept_target_.depth) {
      Finish();
    }
  }
  std::string path = PathFor(target);
  if (kept_.empty()) {
    kept_bytes_ = 0;
    kept_room_ = 0;
    for (const std::string& word : command_.words) {
      kept_bytes_ += word.size() + 1;
      kept_room_ += BytesOfArgument(word);
    }
  } else if (kept_bytes_ + path.size() + 1 > kMostBytes ||
             kept_room_ + BytesOfArgument(path) >
                 world_.children->MaxArgumentBytes()) {
    Finish();
    return Keep(target);
  }
  if (kept_.empty()) {
    kept_directory_ = std::move(directory);
    kept_path_ = target.path;
    kept_start_ = target.start;
    kept_target_ = target;
    kept_target_.path = kept_path_;
    kept_target_.start = kept_start_;
  }
  kept_bytes_ += path.size() + 1;
  kept_room_ += BytesOfArgument(path);
  kept_.push_back(std::move(path));
}

void Execution::Finish() {
  if (kept_.empty()) return;
  const std::vector<std::string> paths = std::move(kept_);
  kept_.clear();
  RunBatch(paths);
}

void Execution::RunBatch(std::span<const std::string> paths) {
  std::vector<std::string> arguments = command_.words;
  arguments.insert(arguments.end(), paths.begin(), paths.end());
  const std::string program = arguments[0];
  if (Run(std::move(arguments), kept_target_).has_value()) return;
  if (paths.size() == 1) {
    Complain(absl::StrCat(program, ": ", SystemError(E2BIG).Message()));
    return;
  }
  const size_t half = paths.size() / 2;
  RunBatch(paths.first(half));
  RunBatch(paths.subspan(half));
}

std::optional<bool> Execution::Run(std::vector<std::string> arguments,
                                   const ActionTarget& target) {
  world_.flush();
  ChildCommand command;
  command.arguments = std::move(arguments);
  command.inherit_descriptors = true;
  if (command_.consent == Consent::kAsked) command.in = ChildStream::kNull;
  if (command_.place == Place::kInDirectory && target.depth == 0) {
    command.directory = HoldingDirectory(target.path);
  } else if (command_.place == Place::kInDirectory) {
    const Result<const DirectoryHandle*> directory = chain_.Enter(target);
    if (!directory.ok()) {
      world_.messages->Problem(
          absl::StrCat(Abseil(target.path), ": ", directory.error().Message()));
      return false;
    }
    command.base = directory.value();
  }
  Result<std::unique_ptr<ChildProcess>> child = world_.children->Start(command);
  const std::string& program = command.arguments[0];
  if (child.ok()) return WaitFor(*child.value(), program);
  const int code = child.error().code();
  if (code == E2BIG) return std::nullopt;
  const std::string message =
      absl::StrCat(program, ": ", child.error().Message());
  // No fault of the command's.
  if (code == EAGAIN || code == ENOMEM) {
    world_.messages->Problem(message);
  } else {
    Complain(message);
  }
  return false;
}

bool Execution::WaitFor(ChildProcess& child, const std::string& program) {
  const Result<ExitStatus> status = child.Wait();
  if (!status.ok()) {
    world_.messages->Problem(
        absl::StrCat(program, ": ", status.error().Message()));
    return false;
  }
  if (status->how == ExitStatus::How::kSignalled) {
    Complain(absl::StrCat(program, ": ended by signal ", status->number));
  } else if (!status->succeeded() && command_.form == Form::kBatch) {
    world_.messages->Fail();
  }
  return status->succeeded();
}

void Execution::Complain(const std::string& message) {
  if (command_.form == Form::kBatch) {
    world_.messages->Problem(message);
  } else {
    world_.messages->Say(message);
  }
}

}  // namespace finder
