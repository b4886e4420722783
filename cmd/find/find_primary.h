// The words of find(1) other than operators: one table of tests, actions and
// options, and who makes a node of each.
#ifndef FINDER_CMD_FIND_FIND_PRIMARY_H_
#define FINDER_CMD_FIND_FIND_PRIMARY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/actions/action_messages.h"
#include "cmd/actions/deletion.h"
#include "cmd/actions/execution.h"
#include "cmd/find/find_options.h"
#include "cmd/find/find_output.h"
#include "cmd/find/find_output_files.h"
#include "cmd/format/list_line.h"
#include "cmd/format/printed_entry.h"
#include "cmd/program.h"
#include "finder/expression/node.h"
#include "fs/file_details.h"

namespace finder {

// The arguments of a command line, taken one by one.
class Words {
 public:
  explicit Words(std::span<const std::string> words) : words_(words) {}
  bool at_end() const { return at_ == words_.size(); }
  // REQUIRES: !at_end().
  const std::string& Peek() const { return words_[at_]; }
  const std::string& Take() { return words_[at_++]; }
  bool TakeIf(std::string_view word) {
    if (at_end() || words_[at_] != word) return false;
    ++at_;
    return true;
  }
  std::span<const std::string> rest() const { return words_.subspan(at_); }
  void Skip(size_t count) { at_ += count; }

 private:
  const std::span<const std::string> words_;
  size_t at_ = 0;
};

// What a command line has set so far, and what its words are read with.
struct FindSetup {
  explicit FindSetup(Program& its_program);

  void Warn(std::string_view warning) {
    if (warns) warnings.emplace_back(warning);
  }

  PrintedNames printed_names() const {
    return {program.users, program.file_system_names};
  }

  Program& program;
  FindOutput output;
  FindOptions options;
  FileTime now;
  // From where -mtime and its like count: now, or the end of this day.
  FileTime day_end;
  uint64_t regex_syntax;
  bool warns = false;
  std::vector<std::string> warnings;
  // Entries for which one of them is true are passed over, with all below.
  std::vector<NodePtr> exclusions;
  // The first test or action so far.
  std::string first_test;
  std::optional<std::string> contents_first_by;  // -delete
  bool depth_given = false;
  // What actions work with, and what they leave to be done in the end.
  ActionMessages messages;
  FindOutputFiles files;
  Deletion deletion;
  std::vector<std::unique_ptr<Execution>> executions;
  ListLines list_lines;
};

// One occurrence of a word.
struct PrimaryCall {
  const std::string& name;
  const std::string& value;  // of no meaning if the word takes none
  Words& words;              // behind that
  FindSetup& setup;
};

// kCancelled: nothing is to be done but to print the message.
using ParsedNode = absl::StatusOr<NodePtr>;

struct Primary {
  // kOption holds for the whole command, kSetting for what comes behind it.
  enum class Role : uint8_t { kTest, kAction, kOption, kSetting };
  enum class Takes : uint8_t { kNothing, kValue };
  std::string_view name;
  Role role = Role::kTest;
  Takes takes = Takes::kNothing;
  ParsedNode (*parse)(PrimaryCall& call) = nullptr;
};

// Null if there is no such word.
const Primary* FindPrimary(std::string_view name);

// The parts of the table.
std::span<const Primary> NamePrimaries();      // find_name_tests.cc
std::span<const Primary> FilePrimaries();      // find_file_tests.cc
std::span<const Primary> TimePrimaries();      // find_time_tests.cc
std::span<const Primary> OptionPrimaries();    // find_option_words.cc
std::span<const Primary> ActionPrimaries();    // find_actions.cc
std::span<const Primary> PrintingPrimaries();  // find_printing_actions.cc
// -newerXY, of which there are many.
ParsedNode ParseNewerXY(PrimaryCall& call);

// "find: MESSAGE".
absl::Status FindError(std::string_view message);
// "find: NAME 'VALUE': REASON".
absl::Status BadValue(const PrimaryCall& call, std::string_view reason);

// The details of a file that the expression names. Fails with its path.
absl::StatusOr<FileDetails> DetailsOfReference(const std::string& path,
                                               const FindSetup& setup);

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_PRIMARY_H_
