#include "cmd/run/run_inputs.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"
#include "fs/path.h"

namespace finder {
namespace {

InputBy ToInputBy(CountBy by) {
  switch (by) {
    case CountBy::kContents:
      return InputBy::kContents;
    case CountBy::kStamp:
      return InputBy::kStamp;
    case CountBy::kName:
      return InputBy::kName;
  }
  return InputBy::kContents;
}

// Goes up for each "..", whatever symlinks there may be.
std::string WithoutDotDot(std::string_view absolute) {
  std::vector<std::string_view> parts;
  while (!absolute.empty()) {
    const std::string_view part = absolute.substr(0, absolute.find('/'));
    absolute.remove_prefix(std::min(absolute.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  std::string path;
  for (const std::string_view part : parts) path.append("/").append(part);
  return path.empty() ? "/" : path;
}

// What of `path` lies below `directory`, both absolute; "." if they are the
// same, none if it does not lie there.
std::optional<std::string> Below(const std::string& path,
                                 const std::string& directory) {
  if (path == directory) return ".";
  if (!IsAtOrBelow(path, directory)) return std::nullopt;
  return path.substr(directory == "/" ? 1 : directory.size() + 1);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> OutputPaths(
    const RunOptions& options, const std::string& working_directory) {
  const OutsideOutputs outside = options.output_outside
                                     ? OutsideOutputs::kAllowed
                                     : OutsideOutputs::kRefused;
  std::vector<std::string> given = options.outputs;
  if (options.depfile) given.push_back(*options.depfile);
  std::vector<std::string> paths;
  for (const std::string& path : given) {
    std::string absolute = WithoutDotDot(AbsolutePath(path, working_directory));
    std::string output = Below(absolute, working_directory).value_or(absolute);
    const std::optional<std::string> fault = OutputPathFault(output, outside);
    if (fault) {
      return absl::InvalidArgumentError(absl::StrCat(
          "run --output: '", path, "' ", *fault,
          output.starts_with('/') ? "; --output-outside allows it" : ""));
    }
    paths.push_back(std::move(output));
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

absl::Status RunInputs::SetDirectory() {
  const std::string& here = program_.working_directory;
  ingredients_.directory = here;
  if (!command_.run.relocatable) return absl::OkStatus();
  ingredients_.relocatable = true;
  tree_ = WithoutDotDot(AbsolutePath(*command_.run.relocatable, here));
  const std::optional<std::string> below = Below(here, *tree_);
  if (!below) {
    return absl::InvalidArgumentError(
        absl::StrCat("run --relocatable: '", *command_.run.relocatable,
                     "' does not hold the working directory"));
  }
  ingredients_.directory = *below;
  return absl::OkStatus();
}

std::string RunInputs::KeyPath(const std::string& path) const {
  if (!tree_ || !path.starts_with('/')) return path;
  return Below(path, *tree_).value_or(path);
}

absl::Status RunInputs::Look(const std::vector<std::string>& left_out,
                             const std::vector<std::string>& outputs,
                             const CommandEnvironment& environment,
                             const std::string& executable, uint32_t umask) {
  absl::Status status = SetDirectory();
  if (status.ok()) status = sets_.Parse();
  if (!status.ok()) return status;
  sets_.LeaveOut(left_out);
  sets_.LeaveOut(outputs);
  absl::StatusOr<ScannedInputs> scanned = sets_.Scan();
  if (!scanned.ok()) return scanned.status();
  scanned_ = *std::move(scanned);
  complete_ = scanned_.complete;
  for (const InputSet& set : scanned_.sets) {
    paths_.insert(paths_.end(), set.paths.begin(), set.paths.end());
  }
  ingredients_.executable = executable;
  ingredients_.executable_hash = hashes_.Look({&executable, 1})[0].hash;
  SetSets(LookAtFiles());
  ingredients_.arguments = command_.run.command;
  ingredients_.variables = environment.variables;
  ingredients_.umask = umask;
  ingredients_.salt = command_.run.salt.value_or("");
  for (const std::string& output : outputs) {
    ingredients_.options.push_back("output " + output);
  }
  if (command_.run.depfile) {
    ingredients_.options.push_back("depfile " + *command_.run.depfile);
  }
  return absl::OkStatus();
}

std::vector<FileFact> RunInputs::LookAtFiles() {
  switch (command_.run.by) {
    case CountBy::kContents:
      return hashes_.Look(paths_);
    case CountBy::kStamp:
      return hashes_.LookAtStamps(paths_);
    case CountBy::kName:
      break;
  }
  return std::vector<FileFact>(paths_.size());
}

void RunInputs::SetSets(std::vector<FileFact> facts) {
  facts_ = std::move(facts);
  size_t next = 0;
  for (const InputSet& set : scanned_.sets) {
    KeySet key_set = {.name = set.name, .by = ToInputBy(command_.run.by)};
    key_set.inputs.reserve(set.paths.size());
    for (const std::string& path : set.paths) {
      key_set.inputs.push_back({KeyPath(path), facts_[next++]});
    }
    ingredients_.sets.push_back(std::move(key_set));
  }
}

absl::StatusOr<std::vector<std::string>> RunInputs::FindChanges() {
  std::vector<std::string> changes;
  if (command_.run.by == CountBy::kContents) {
    for (const size_t i : hashes_.Changed(paths_, facts_)) {
      changes.push_back(paths_[i] + " changed");
    }
  } else {
    const std::vector<FileFact> now = LookAtFiles();
    for (size_t i = 0; i < paths_.size(); ++i) {
      if (now[i] != facts_[i]) changes.push_back(paths_[i] + " changed");
    }
  }
  absl::StatusOr<ScannedInputs> after = sets_.Scan();
  if (!after.ok()) return after.status();
  for (size_t i = 0; i < scanned_.sets.size(); ++i) {
    const std::vector<std::string>& before = scanned_.sets[i].paths;
    const std::vector<std::string>& now = after->sets[i].paths;
    std::vector<std::string> came, gone;
    std::set_difference(now.begin(), now.end(), before.begin(), before.end(),
                        std::back_inserter(came));
    std::set_difference(before.begin(), before.end(), now.begin(), now.end(),
                        std::back_inserter(gone));
    for (const std::string& path : came) changes.push_back(path + " came");
    for (const std::string& path : gone) changes.push_back(path + " went");
  }
  return changes;
}

std::vector<KeyInput> RunInputs::LookAtDiscovered(
    const std::vector<std::string>& paths,
    const std::vector<std::string>& outputs) {
  std::set<std::string> known(paths_.begin(), paths_.end());
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    std::string clean = CleanPath(path);
    const bool is_output = std::any_of(outputs.begin(), outputs.end(),
                                       [&clean](const std::string& output) {
                                         return IsAtOrBelow(clean, output);
                                       });
    if (!is_output && known.insert(clean).second) {
      found.push_back(std::move(clean));
    }
  }
  std::vector<FileFact> facts = hashes_.Look(found);
  std::vector<KeyInput> inputs;
  for (size_t i = 0; i < found.size(); ++i) {
    inputs.push_back({std::move(found[i]), facts[i]});
  }
  return inputs;
}

}  // namespace finder
