// What the user asked for, as a value. Made by ParseCommandLine, the only place
// that knows CLI11; the options themselves are in cmd/options/option_table.h.
//
// Pure: nothing is read but the arguments, nothing is printed.
#ifndef FINDER_CMD_OPTIONS_COMMAND_LINE_H_
#define FINDER_CMD_OPTIONS_COMMAND_LINE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/options/run_options.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/session/cache_settings.h"
#include "finder/view/view.h"

namespace finder {

struct SubcommandSpec;

enum class Action : uint8_t { kFind, kBriefHelp, kHelp, kVersion };

// What goes out for the answers of a query.
enum class OutputFormat : uint8_t {
  kLines,    // one path a line
  kNul,      // paths ended by NUL
  kJson,     // one object a line
  kCount,    // only how many there are
  kNothing,  // only whether there are any, as the exit code
};

enum class PathStyle : uint8_t {
  kAsGiven,
  kWithDot,  // as given, but no relative path can be taken for an option: ./-x
  kAbsolute,
};

// What is said about the answers.
enum class Telling : uint8_t {
  kAnswers,
  kDigest,   // --digest: a hash of the list
  kCheck,    // --check: as the exit code, whether it is the same as last time
  kPending,  // --check=keep: the same, but it is not kept before kChecked
  kChecked,  // --checked: nothing; keeps what the last kPending has told
  kChanges,  // --since-last: what was added and dropped since last time
};

// Whether what is for a person's eyes is shown.
enum class When : uint8_t {
  kAuto,  // to a terminal
  kAlways,
  kNever,
};

struct OutputOptions {
  OutputFormat format = OutputFormat::kLines;
  PathStyle path_style = PathStyle::kAsGiven;
  Telling telling = Telling::kAnswers;
  std::optional<std::string> print_format;  // instead of `format`
  std::optional<std::string> file;          // instead of standard output
  std::optional<std::string> depfile;
  std::optional<std::string> depfile_target;  // none: the output
  std::optional<std::string> depfile_stamp;   // a file that is the target
};

struct CacheOptions : CacheSettings {
  bool deep = false;        // finder cache verify: look at the disk, too
  bool long_list = false;   // finder cache list: all that is known
  bool background = false;  // finder cache gc: nobody looks or waits
  std::string kind;  // finder cache list, clear: entries of this one only
};

enum class StatsStyle : uint8_t { kNone, kTable, kJson };

enum class Unreadable : uint8_t { kReport, kIgnore };

struct GeneralOptions {
  std::optional<unsigned> threads;
  std::vector<std::string> directories;  // -C, one after the other
  bool verbose = false;
  StatsStyle stats = StatsStyle::kNone;
  std::optional<std::string> stats_file;  // instead of standard error
  Unreadable unreadable = Unreadable::kReport;
  EntryRoots entry_roots = EntryRoots::kRefused;
  MissingRoots missing_roots = MissingRoots::kRefused;
  std::optional<std::string> trace;  // --trace: a file
  When color = When::kAuto;
  When hyperlink = When::kNever;
  When progress = When::kAuto;
};

// The program, then its arguments; cmd/execution/command_template.h has what
// may stand in them.
using CommandWords = std::vector<std::string>;

// What is done with the answers instead of printing them.
struct ExecutionOptions {
  std::vector<CommandWords> each;   // --exec: all of them for each answer
  std::vector<CommandWords> batch;  // --exec-batch: each for many answers
  std::optional<uint64_t> batch_size;
  bool any() const { return !each.empty() || !batch.empty(); }
};

struct CommandLine {
  Action action = Action::kFind;
  View view;  // roots cleaned, at least one
  Query query;
  // --smart-case, on which query.case_rule is decided when all is read.
  bool smart_case = false;
  OutputOptions output;
  ExecutionOptions execution;
  // --plan: a file that stands for view, query and output.
  std::optional<std::string> plan;
  CacheOptions cache;
  GeneralOptions general;
  RunOptions run;
  // What a subcommand was given besides options; of the main command these are
  // the roots of the view.
  std::vector<std::string> operands;
};

// Arguments without the program's name. Fails with InvalidArgument; the message
// is one line for the user.
absl::StatusOr<CommandLine> ParseCommandLine(
    const std::vector<std::string>& arguments);

// The same for the arguments behind the word of a subcommand. The view has no
// roots yet.
absl::StatusOr<CommandLine> ParseSubcommandLine(
    const SubcommandSpec& subcommand,
    const std::vector<std::string>& arguments);

// Makes `roots`, or "." if there are none, the roots of the view, and checks
// what depends on them. Fails as above.
absl::Status SetRoots(std::span<const std::string> roots, CommandLine& into);

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_COMMAND_LINE_H_
