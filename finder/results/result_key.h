// Under which name the result of a command is kept: a hash of all that the
// command depends on, as far as it was declared.
//
// The key has values of the environment in it, in a hash together with all
// else; what a record keeps of them, for --explain, is salted
// (finder/results/result_record.h).
//
// Pure; any thread.
#ifndef FINDER_FINDER_RESULTS_RESULT_KEY_H_
#define FINDER_FINDER_RESULTS_RESULT_KEY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finder/results/hashes/content_hash.h"
#include "finder/results/hashes/file_hashes.h"
#include "finder/results/result_record.h"

namespace finder {

// What an input counts by.
enum class InputBy : uint8_t { kContents, kStamp, kName };

struct KeyInput {
  std::string path;  // as the command would write it, so relative if it can be
  FileFact fact;     // with InputBy::kName of no account
};

struct KeySet {
  std::string name;  // as its options say it; empty: single files
  InputBy by = InputBy::kContents;
  std::vector<KeyInput> inputs = {};  // in any order
};

struct KeyVariable {
  std::string name;
  std::optional<std::string> value;  // none: it is not set
};

struct KeyIngredients {
  std::vector<std::string> arguments;  // the command is the first
  // The working directory, or where it is below the root with --relocatable.
  std::string directory;
  bool relocatable = false;
  std::string executable;  // where it was found; no part of the key
  ContentHash executable_hash;
  std::vector<KeySet> sets;            // in the order of their options
  std::vector<KeyVariable> variables;  // in any order
  uint32_t umask = 0;
  std::string salt;  // of --salt
  // --output and whatever else changes what is recorded, in canonical form.
  std::vector<std::string> options;
};

// 48 hexadecimal digits.
struct ResultKey {
  std::string digits;

  friend bool operator==(const ResultKey&, const ResultKey&) = default;
};

// None if the text is no key.
std::optional<ResultKey> ParseResultKey(std::string_view text);

// A field that is not set counts as different from every value.
ResultKey MakeResultKey(const KeyIngredients& ingredients);

// The key of the second step, with the inputs that the command was found to
// have (--depfile), in any order.
ResultKey WithDiscovered(const ResultKey& first,
                         const std::vector<KeyInput>& discovered);

// What "the same command" is for --explain and for the time it took: the
// command line and the directory.
ResultKey CommandKey(const KeyIngredients& ingredients);

// What a record keeps of it. `started_ns` makes the salt another for each run.
RecordedIngredients RecordIngredients(const KeyIngredients& ingredients,
                                      const std::vector<KeyInput>& discovered,
                                      int64_t started_ns);

// The set in which a record has what a depfile has told.
inline constexpr std::string_view kDiscoveredSetName = "depfile";

// What of the key differs from that of an earlier run, a line each: first the
// executable ("changed /usr/bin/protoc"), umask, salt and options, then "env CC
// changed" (or came, gone, counts now, no longer counts) by name, then inputs
// by path: "changed src/a.proto", "came src/b.proto", "gone src/c.proto". Tells
// no value. Paths are bytes of any kind.
std::vector<std::string> ExplainDifference(
    const RecordedIngredients& before, const KeyIngredients& now,
    const std::vector<KeyInput>& discovered);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_RESULT_KEY_H_
