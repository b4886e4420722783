// What is known of a command that ran: what it printed, how it ended, what it
// made, and what it depended on. doc/result_format.md is the format, version 1.
//
// A record is small text; the bytes themselves are payloads beside it
// (finder/results/result_store.h). Payload 0 is what was printed, on both
// streams in order of arrival, payload i the i-th of the outputs that are
// files.
//
// A record may have been written by anybody who may write to the cache, so that
// decoding refuses what no run would have recorded.
//
// Pure; any thread.
#ifndef FINDER_FINDER_RESULTS_RESULT_RECORD_H_
#define FINDER_FINDER_RESULTS_RESULT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/results/hashes/content_hash.h"
#include "finder/results/hashes/file_hashes.h"

namespace finder {

// The version that is written, and the newest that is read.
inline constexpr int64_t kResultFormat = 1;

// A record above this is none of ours: a million inputs take 150 MB.
inline constexpr size_t kMaxRecordBytes = size_t{1} << 30;

// More were joined by who recorded them; of 1 to 2^40 bytes each.
inline constexpr size_t kMaxChunks = size_t{1} << 20;

enum class PrintedStream : uint8_t { kStdout, kStderr };

// Bytes of one stream that came together, of payload 0; at least one.
struct OutputChunk {
  PrintedStream stream = PrintedStream::kStdout;
  uint64_t size_bytes = 0;

  friend bool operator==(const OutputChunk&, const OutputChunk&) = default;
};

enum class OutputKind : uint8_t { kFile, kDirectory, kSymlink };

struct RecordedOutput {
  // Relative to the working directory, without "." and ".." in it and not
  // ending in a slash; with --output-outside any absolute one too.
  std::string path;
  OutputKind kind = OutputKind::kFile;
  uint32_t permissions = 0;  // 12 bits
  int64_t modified_ns = 0;
  uint64_t size_bytes = 0;  // of a file
  ContentHash hash = {};    // of a file
  std::string target = {};  // of a symlink

  friend bool operator==(const RecordedOutput&,
                         const RecordedOutput&) = default;
};

// One thing that the key was made of, for --explain and `finder cache show`.
struct RecordedInput {
  std::string path;
  FileKind kind = FileKind::kFile;
  bool executable = false;
  ContentHash hash = {};

  friend bool operator==(const RecordedInput&, const RecordedInput&) = default;
};

struct RecordedSet {
  std::string name;  // as its options say it; empty: single files
  std::vector<RecordedInput> inputs = {};  // by path

  friend bool operator==(const RecordedSet&, const RecordedSet&) = default;
};

struct RecordedVariable {
  std::string name;
  // Of RecordedIngredients::salt, name and value; none: it was not set. A value
  // itself is never written anywhere.
  std::optional<ContentHash> salted_hash;

  friend bool operator==(const RecordedVariable&,
                         const RecordedVariable&) = default;
};

struct RecordedIngredients {
  std::string salt;             // of this record, for the values
  std::string executable;       // its path
  ContentHash executable_hash;  // and what it held
  uint32_t umask = 0;
  std::optional<ContentHash> user_salt;  // of --salt; salted
  std::vector<std::string> options;      // others that the key has
  std::vector<RecordedSet> sets;         // discovered ones are called "depfile"
  std::vector<RecordedVariable> variables;  // by name

  friend bool operator==(const RecordedIngredients&,
                         const RecordedIngredients&) = default;
};

struct ResultRecord {
  std::string key;                   // the digits of its ResultKey
  std::vector<std::string> command;  // with its arguments; not empty
  std::string directory;             // absolute; where it ran
  int exit_code = 0;                 // 0 to 125
  int64_t started_ns = 0;            // since the epoch
  int64_t duration_ns = 0;
  std::vector<OutputChunk> chunks;      // of payload 0, in order of arrival
  ContentHash printed_hash;             // of payload 0
  std::vector<RecordedOutput> outputs;  // by path

  uint64_t printed_bytes() const;
  // How many payloads there are: one, and one for each output that is a file.
  size_t payloads() const;

  friend bool operator==(const ResultRecord&, const ResultRecord&) = default;
};

// Whether outputs may have paths that do not stay in the working directory.
enum class OutsideOutputs : uint8_t { kRefused, kAllowed };

// Sorts nothing: outputs are in order already.
std::string EncodeRecord(const ResultRecord& record,
                         const RecordedIngredients& ingredients);

// InvalidArgument, with what is wrong, for text that is damaged or hostile;
// Unimplemented for that of a newer version. The ingredients, of which there
// may be very many, are looked over only for their sum.
absl::StatusOr<ResultRecord> DecodeRecord(std::string_view text,
                                          OutsideOutputs outside);
// The other part of the same text.
absl::StatusOr<RecordedIngredients> DecodeIngredients(std::string_view text);

// Sets of inputs alone: what depfiles have told. Up to kMaxRecordBytes.
std::string EncodeInputSets(const std::vector<RecordedSet>& sets);
absl::StatusOr<std::vector<RecordedSet>> DecodeInputSets(std::string_view text);

// Why no record may have an output of this path; none: it may. Also for who
// collects outputs.
std::optional<std::string> OutputPathFault(std::string_view path,
                                           OutsideOutputs outside);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_RESULT_RECORD_H_
