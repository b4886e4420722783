// What `finder run` was asked for, besides a view, a query and a cache. Plain
// data; the options themselves are in cmd/options/run_option_table.h.
#ifndef FINDER_CMD_OPTIONS_RUN_OPTIONS_H_
#define FINDER_CMD_OPTIONS_RUN_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace finder {

// What input files count by.
enum class CountBy : uint8_t { kContents, kStamp, kName };

struct RunOptions {
  std::vector<std::string> command;  // with its arguments

  // Whether an option of a view or a query was given: then, or with a ROOT, the
  // command line itself names a set of inputs.
  bool has_set_options = false;
  std::vector<std::string> inputs;       // --input: each the options of a set
  std::vector<std::string> input_files;  // --input-file
  CountBy by = CountBy::kContents;
  std::optional<std::string> depfile;

  std::vector<std::string> keyed_variables;   // --env
  std::vector<std::string> passed_variables;  // --pass-env
  bool env_all = false;
  std::optional<std::string> salt;
  // --relocatable: the directory that stands where the tree is; "." if it was
  // not said.
  std::optional<std::string> relocatable;

  std::vector<std::string> outputs;  // --output
  bool output_outside = false;
  uint64_t max_output_bytes = uint64_t{256} << 20;

  bool keep_failures = false;
  std::optional<int64_t> timeout_ns;
  bool tty = false;
  bool refresh = false;
  bool dry_run = false;
  bool quiet_replay = false;
  bool explain = false;
  bool check_twice = false;
  bool audit = false;
};

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_RUN_OPTIONS_H_
