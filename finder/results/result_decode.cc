// Everything is checked here that a run would not have written, so that who
// restores a record need not.
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "finder/results/result_record.h"
#include "finder/results/result_text.h"
#include "finder/text/abseil_view.h"
#include "finder/text/checksum.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

namespace dom = simdjson::dom;

// Of the codes of commands that are kept. From 126 on a shell has its own
// meanings.
constexpr int64_t kMaxExitCode = 125;
constexpr int64_t kMaxPermissions = 07777;

// The first thing that is wrong, and nothing after it.
class Reader {
 public:
  explicit Reader(std::string_view what) : what_(what) {}

  absl::Status status() const { return status_; }
  bool ok() const { return status_.ok(); }

  void Fail(std::string_view why) {
    if (!ok()) return;
    status_ = absl::InvalidArgumentError(
        absl::StrCat(Abseil(what_), ": ", Abseil(why)));
  }

  // A string without a NUL.
  std::string String(simdjson::simdjson_result<dom::element> value,
                     std::string_view name) {
    std::string_view text;
    std::string bytes;
    if (value.get_string().get(text) != simdjson::SUCCESS ||
        !AppendUnescapedBytes(text, bytes)) {
      Fail(absl::StrCat(Abseil(name), " is no string"));
    } else if (bytes.find('\0') != bytes.npos) {
      Fail(absl::StrCat(Abseil(name), " has a NUL"));
      bytes.clear();
    }
    return bytes;
  }
  int64_t Number(simdjson::simdjson_result<dom::element> value,
                 std::string_view name, int64_t least, int64_t most) {
    int64_t number = 0;
    if (value.get_int64().get(number) != simdjson::SUCCESS || number < least ||
        number > most) {
      Fail(absl::StrCat(Abseil(name), " is no number, or out of range"));
      return least;
    }
    return number;
  }
  ContentHash Hash(simdjson::simdjson_result<dom::element> value,
                   std::string_view name) {
    const std::optional<ContentHash> hash =
        ContentHash::FromHex(String(value, name));
    if (!hash) Fail(absl::StrCat(Abseil(name), " is no hash"));
    return hash.value_or(ContentHash());
  }
  dom::array Array(simdjson::simdjson_result<dom::element> value,
                   std::string_view name) {
    dom::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) {
      Fail(absl::StrCat(Abseil(name), " is no array"));
    }
    return array;
  }
  // Calls `read` for each element of an array.
  template <typename Read>
  void ForEach(simdjson::simdjson_result<dom::element> value,
               std::string_view name, Read read) {
    dom::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) {
      return Fail(absl::StrCat(Abseil(name), " is no array"));
    }
    for (const dom::element element : array) {
      if (!ok()) return;
      read(element);
    }
  }
  std::vector<std::string> Strings(
      simdjson::simdjson_result<dom::element> value, std::string_view name) {
    std::vector<std::string> strings;
    ForEach(value, name, [&](dom::element element) {
      strings.push_back(String(dom::element(element), name));
    });
    return strings;
  }

 private:
  const std::string_view what_;
  absl::Status status_;
};

struct Lines {
  std::string_view head;  // of the record
  std::string_view tail;  // of the ingredients
};

// What follows the first line of a text whose sum is right.
absl::StatusOr<std::string_view> BodyOf(std::string_view text,
                                        std::string_view magic) {
  const auto foreign = [] {
    return absl::InvalidArgumentError("result: no record of a result");
  };
  if (text.size() > kMaxRecordBytes || !text.starts_with(magic)) {
    return foreign();
  }
  text.remove_prefix(magic.size());
  int64_t version = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || version < 1) return foreign();
  if (version > kResultFormat) {
    return absl::UnimplementedError(
        absl::StrCat("result: of the newer format ", version));
  }
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (!text.starts_with(kSumKey)) return foreign();
  text.remove_prefix(kSumKey.size());
  const std::string_view sum = text.substr(0, kResultSumDigits);
  text.remove_prefix(sum.size());
  constexpr std::string_view kEnd = "\"}\n";
  if (!text.starts_with(kEnd)) return foreign();
  text.remove_prefix(kEnd.size());
  if (Checksum128Hex(text) != sum) {
    return absl::InvalidArgumentError("result: damaged");
  }
  if (!text.ends_with('\n')) return foreign();
  return text;
}

absl::StatusOr<Lines> Split(std::string_view text) {
  const absl::StatusOr<std::string_view> body = BodyOf(text, kResultMagic);
  if (!body.ok()) return body.status();
  const size_t newline = body->find('\n');
  return Lines{body->substr(0, newline), body->substr(newline + 1)};
}

RecordedOutput ReadOutput(dom::element element, OutsideOutputs outside,
                          Reader& reader) {
  RecordedOutput output;
  output.path = reader.String(element["path"], "output");
  if (const auto fault = OutputPathFault(output.path, outside)) {
    reader.Fail(absl::StrCat("output ", *fault));
  }
  const std::string kind = reader.String(element["kind"], "kind");
  output.permissions = static_cast<uint32_t>(
      reader.Number(element["permissions"], "permissions", 0, kMaxPermissions));
  output.modified_ns = reader.Number(element["modified_ns"], "modified_ns",
                                     std::numeric_limits<int64_t>::min(),
                                     std::numeric_limits<int64_t>::max());
  if (kind == NameOf(OutputKind::kFile)) {
    output.kind = OutputKind::kFile;
    output.size_bytes = static_cast<uint64_t>(reader.Number(
        element["size"], "size", 0, std::numeric_limits<int64_t>::max()));
    output.hash = reader.Hash(element["hash"], "hash");
  } else if (kind == NameOf(OutputKind::kDirectory)) {
    output.kind = OutputKind::kDirectory;
  } else if (kind == NameOf(OutputKind::kSymlink)) {
    output.kind = OutputKind::kSymlink;
    output.target = reader.String(element["target"], "target");
    if (output.target.empty()) reader.Fail("target is empty");
  } else {
    reader.Fail("output of an unknown kind");
  }
  return output;
}

// Nothing may lie below what is no directory: it would be restored through a
// symlink that the record itself has planted.
void CheckTree(const std::vector<RecordedOutput>& outputs, Reader& reader) {
  std::set<std::string_view> leaves;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (i > 0 && outputs[i - 1].path >= outputs[i].path) {
      return reader.Fail("outputs are out of order");
    }
    if (outputs[i].kind != OutputKind::kDirectory) {
      leaves.insert(outputs[i].path);
    }
  }
  for (const RecordedOutput& output : outputs) {
    std::string_view above = output.path;
    for (size_t slash = above.rfind('/'); slash != above.npos && slash != 0;
         slash = above.rfind('/')) {
      above = above.substr(0, slash);
      if (leaves.contains(above)) {
        return reader.Fail("an output is below what is no directory");
      }
    }
  }
}

OutputChunk ReadChunk(dom::element element, Reader& reader) {
  OutputChunk chunk;
  const dom::array pair = reader.Array(dom::element(element), "chunk");
  if (!reader.ok()) return chunk;
  const std::string stream = reader.String(pair.at(0), "stream");
  if (stream != NameOf(PrintedStream::kStdout) &&
      stream != NameOf(PrintedStream::kStderr)) {
    reader.Fail("chunk of an unknown stream");
  }
  chunk.stream = stream == NameOf(PrintedStream::kStderr)
                     ? PrintedStream::kStderr
                     : PrintedStream::kStdout;
  // So that a sum of a million of them is no more than a number holds.
  constexpr int64_t kMaxChunk = int64_t{1} << 40;
  chunk.size_bytes = static_cast<uint64_t>(
      reader.Number(pair.at(1), "chunk's size", 1, kMaxChunk));
  return chunk;
}

RecordedInput ReadInput(dom::element element, Reader& reader) {
  RecordedInput input;
  const dom::array fields = reader.Array(dom::element(element), "input");
  if (!reader.ok()) return input;
  input.path = reader.String(fields.at(0), "input");
  const std::string name = reader.String(fields.at(1), "kind");
  bool known = false;
  for (const FileKind kind :
       {FileKind::kAbsent, FileKind::kFile, FileKind::kDirectory,
        FileKind::kSymlink, FileKind::kOther, FileKind::kUnreadable}) {
    for (const bool executable : {false, true}) {
      if (known || NameOf(kind, executable) != name) continue;
      known = true;
      input.kind = kind;
      input.executable = executable;
    }
  }
  if (!known) reader.Fail("input of an unknown kind");
  if (known && HasHash(input.kind)) {
    input.hash = reader.Hash(fields.at(2), "hash");
  }
  return input;
}

std::vector<RecordedSet> ReadSets(simdjson::simdjson_result<dom::element> value,
                                  Reader& reader) {
  std::vector<RecordedSet> sets;
  reader.ForEach(std::move(value), "sets", [&](dom::element set) {
    RecordedSet& next = sets.emplace_back();
    next.name = reader.String(set["name"], "set");
    reader.ForEach(set["inputs"], "inputs", [&](dom::element input) {
      next.inputs.push_back(ReadInput(input, reader));
    });
  });
  return sets;
}

// Parses one line. `parser` keeps what the element is of.
bool Parse(std::string_view line, dom::parser& parser, dom::element& element) {
  return parser.parse(line.data(), line.size()).get(element) ==
             simdjson::SUCCESS &&
         element.is_object();
}

}  // namespace

std::optional<std::string> OutputPathFault(std::string_view path,
                                           OutsideOutputs outside) {
  if (path.empty()) return "has no path";
  if (path.find('\0') != path.npos) return "has a NUL in its path";
  if (path.front() == '/') {
    if (outside == OutsideOutputs::kRefused) {
      return "lies outside the working directory";
    }
    path.remove_prefix(1);
  }
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty()) return "has an empty name in its path";
    if (part == "." || part == "..") return "has '.' or '..' in its path";
    begin = end + 1;
  }
  return std::nullopt;
}

absl::StatusOr<ResultRecord> DecodeRecord(std::string_view text,
                                          OutsideOutputs outside) {
  const absl::StatusOr<Lines> lines = Split(text);
  if (!lines.ok()) return lines.status();
  Reader reader("result");
  dom::parser parser;
  dom::element element;
  if (!Parse(lines->head, parser, element)) {
    reader.Fail("malformed");
    return reader.status();
  }
  ResultRecord record;
  record.key = reader.String(element["key"], "key");
  record.command = reader.Strings(element["command"], "command");
  if (record.command.empty()) reader.Fail("no command");
  record.directory = reader.String(element["directory"], "directory");
  record.exit_code = static_cast<int>(
      reader.Number(element["exit_code"], "exit code", 0, kMaxExitCode));
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  record.started_ns = reader.Number(element["started_ns"], "start", 0, kMost);
  record.duration_ns =
      reader.Number(element["duration_ns"], "duration", 0, kMost);
  reader.ForEach(element["chunks"], "chunks", [&](dom::element chunk) {
    record.chunks.push_back(ReadChunk(chunk, reader));
  });
  if (record.chunks.size() > kMaxChunks) reader.Fail("too many chunks");
  record.printed_hash = reader.Hash(element["printed_hash"], "printed hash");
  reader.ForEach(element["outputs"], "outputs", [&](dom::element output) {
    record.outputs.push_back(ReadOutput(output, outside, reader));
  });
  CheckTree(record.outputs, reader);
  if (!reader.ok()) return reader.status();
  return record;
}

absl::StatusOr<RecordedIngredients> DecodeIngredients(std::string_view text) {
  const absl::StatusOr<Lines> lines = Split(text);
  if (!lines.ok()) return lines.status();
  Reader reader("result");
  dom::parser parser;
  dom::element element;
  if (!Parse(lines->tail, parser, element)) {
    reader.Fail("malformed");
    return reader.status();
  }
  RecordedIngredients read;
  read.salt = reader.String(element["salt"], "salt");
  read.executable = reader.String(element["executable"], "executable");
  read.executable_hash = reader.Hash(element["executable_hash"], "executable");
  read.umask =
      static_cast<uint32_t>(reader.Number(element["umask"], "umask", 0, 0777));
  if (element["user_salt"].error() == simdjson::SUCCESS) {
    read.user_salt = reader.Hash(element["user_salt"], "salt");
  }
  read.options = reader.Strings(element["options"], "options");
  read.sets = ReadSets(element["sets"], reader);
  reader.ForEach(element["variables"], "variables", [&](dom::element variable) {
    const dom::array fields = reader.Array(dom::element(variable), "variable");
    if (!reader.ok()) return;
    RecordedVariable& next = read.variables.emplace_back();
    next.name = reader.String(fields.at(0), "variable");
    if (fields.at(1).is_null()) return;
    next.salted_hash = reader.Hash(fields.at(1), "variable's hash");
  });
  if (!reader.ok()) return reader.status();
  return read;
}

absl::StatusOr<std::vector<RecordedSet>> DecodeInputSets(
    std::string_view text) {
  const absl::StatusOr<std::string_view> body = BodyOf(text, kInputSetsMagic);
  if (!body.ok()) return body.status();
  Reader reader("inputs");
  dom::parser parser;
  dom::element element;
  if (!Parse(*body, parser, element)) {
    reader.Fail("malformed");
    return reader.status();
  }
  std::vector<RecordedSet> sets = ReadSets(element["sets"], reader);
  if (!reader.ok()) return reader.status();
  return sets;
}

}  // namespace finder
