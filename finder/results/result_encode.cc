#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/results/result_record.h"
#include "finder/results/result_text.h"
#include "finder/text/checksum.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

// Writes objects and arrays of JSON, one within another.
class JsonWriter {
 public:
  void Open(char bracket) {
    Separate();
    text_ += bracket;
  }
  void Close(char bracket) { text_ += bracket; }
  void Key(std::string_view key) {
    Separate();
    text_.append("\"").append(key).append("\":");
  }
  void String(std::string_view value) {
    Separate();
    AppendJsonString(value, text_);
  }
  template <typename Number>
  void Write(Number number) {
    Separate();
    absl::StrAppend(&text_, number);
  }
  void Null() {
    Separate();
    text_ += "null";
  }
  void Strings(const std::vector<std::string>& values) {
    Open('[');
    for (const std::string& value : values) String(value);
    Close(']');
  }
  void Field(std::string_view key, std::string_view value) {
    Key(key);
    String(value);
  }
  template <typename Number>
  void NumberField(std::string_view key, Number number) {
    Key(key);
    Write(number);
  }
  std::string Finish() && { return std::move(text_.append("\n")); }

 private:
  void Separate() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != '[' && last != '{' && last != ':') text_ += ',';
  }

  std::string text_;
};

void WriteOutput(const RecordedOutput& output, JsonWriter& writer) {
  writer.Open('{');
  writer.Field("path", output.path);
  writer.Field("kind", NameOf(output.kind));
  writer.NumberField("permissions", output.permissions);
  writer.NumberField("modified_ns", output.modified_ns);
  if (output.kind == OutputKind::kFile) {
    writer.NumberField("size", output.size_bytes);
    writer.Field("hash", output.hash.Hex());
  }
  if (output.kind == OutputKind::kSymlink) {
    writer.Field("target", output.target);
  }
  writer.Close('}');
}

std::string EncodeHead(const ResultRecord& record) {
  JsonWriter writer;
  writer.Open('{');
  writer.Field("key", record.key);
  writer.Key("command");
  writer.Strings(record.command);
  writer.Field("directory", record.directory);
  writer.NumberField("exit_code", record.exit_code);
  writer.NumberField("started_ns", record.started_ns);
  writer.NumberField("duration_ns", record.duration_ns);
  writer.Key("chunks");
  writer.Open('[');
  for (const OutputChunk& chunk : record.chunks) {
    writer.Open('[');
    writer.String(NameOf(chunk.stream));
    writer.Write(chunk.size_bytes);
    writer.Close(']');
  }
  writer.Close(']');
  writer.Field("printed_hash", record.printed_hash.Hex());
  writer.Key("outputs");
  writer.Open('[');
  for (const RecordedOutput& output : record.outputs)
    WriteOutput(output, writer);
  writer.Close(']');
  writer.Close('}');
  return std::move(writer).Finish();
}

void WriteSet(const RecordedSet& set, JsonWriter& writer) {
  writer.Open('{');
  writer.Field("name", set.name);
  writer.Key("inputs");
  writer.Open('[');
  for (const RecordedInput& input : set.inputs) {
    writer.Open('[');
    writer.String(input.path);
    writer.String(NameOf(input.kind, input.executable));
    if (HasHash(input.kind)) writer.String(input.hash.Hex());
    writer.Close(']');
  }
  writer.Close(']');
  writer.Close('}');
}

void WriteSets(const std::vector<RecordedSet>& sets, JsonWriter& writer) {
  writer.Key("sets");
  writer.Open('[');
  for (const RecordedSet& set : sets) WriteSet(set, writer);
  writer.Close(']');
}

std::string EncodeTail(const RecordedIngredients& ingredients) {
  JsonWriter writer;
  writer.Open('{');
  writer.Field("salt", ingredients.salt);
  writer.Field("executable", ingredients.executable);
  writer.Field("executable_hash", ingredients.executable_hash.Hex());
  writer.NumberField("umask", ingredients.umask);
  if (ingredients.user_salt) {
    writer.Field("user_salt", ingredients.user_salt->Hex());
  }
  writer.Key("options");
  writer.Strings(ingredients.options);
  WriteSets(ingredients.sets, writer);
  writer.Key("variables");
  writer.Open('[');
  for (const RecordedVariable& variable : ingredients.variables) {
    writer.Open('[');
    writer.String(variable.name);
    if (variable.salted_hash) {
      writer.String(variable.salted_hash->Hex());
    } else {
      writer.Null();
    }
    writer.Close(']');
  }
  writer.Close(']');
  writer.Close('}');
  return std::move(writer).Finish();
}

std::string WithFirstLine(std::string_view magic, const std::string& body) {
  return absl::StrCat(std::string(magic), kResultFormat, std::string(kSumKey),
                      Checksum128Hex(body), "\"}\n", body);
}

}  // namespace

uint64_t ResultRecord::printed_bytes() const {
  return std::accumulate(chunks.begin(), chunks.end(), uint64_t{0},
                         [](uint64_t sum, const OutputChunk& chunk) {
                           return sum + chunk.size_bytes;
                         });
}

size_t ResultRecord::payloads() const {
  return std::accumulate(outputs.begin(), outputs.end(), size_t{1},
                         [](size_t sum, const RecordedOutput& output) {
                           return sum + (output.kind == OutputKind::kFile);
                         });
}

std::string EncodeRecord(const ResultRecord& record,
                         const RecordedIngredients& ingredients) {
  return WithFirstLine(kResultMagic,
                       EncodeHead(record) + EncodeTail(ingredients));
}

std::string EncodeInputSets(const std::vector<RecordedSet>& sets) {
  JsonWriter writer;
  writer.Open('{');
  WriteSets(sets, writer);
  writer.Close('}');
  return WithFirstLine(kInputSetsMagic, std::move(writer).Finish());
}

}  // namespace finder
