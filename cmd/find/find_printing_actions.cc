// The actions of find(1) that print: on standard output, or to a file.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/find/find_output.h"
#include "cmd/find/find_primary.h"
#include "cmd/format/print_format.h"
#include "cmd/format/printed_entry.h"

namespace finder {
namespace {

using Takes = Primary::Takes;
using Role = Primary::Role;

// The entry of an inquiry, as it is printed.
class PrintedInquiry : public PrintedEntry {
 public:
  PrintedInquiry(Inquiry& inquiry, FileSystem& files)
      : inquiry_(inquiry), files_(files) {}

  std::string_view path() override { return entry().path(); }
  std::string_view start() override { return entry().known().start; }
  uint32_t depth() override { return entry().known().depth; }
  EntryKind kind() override { return entry().kind(); }
  const FileDetails* Details() override { return inquiry_.Details(); }
  Result<std::string> LinkTarget() override { return entry().LinkTarget(); }
  Result<FileDetails> TargetDetails() override {
    // AskedEntry would answer for a symlink that leads nowhere.
    return files_.Details({}, entry().path(), SymlinkPolicy::kFollow);
  }
  void Problem(SystemError error) override { inquiry_.Problem(error); }

 private:
  AskedEntry& entry() { return inquiry_.entry(); }

  Inquiry& inquiry_;
  FileSystem& files_;
};

bool IsToFile(const PrimaryCall& call) { return call.name[1] == 'f'; }

NodeTraits TraitsOf(const PrimaryCall& call, bool asks_file) {
  return {.asks_file = asks_file, .acts = true, .writes = IsToFile(call)};
}

// Standard output, or the file that is the word's value.
absl::StatusOr<FindOutput*> OutputOf(const PrimaryCall& call) {
  if (!IsToFile(call)) return &call.setup.output;
  const Result<FindOutput*> opened = call.setup.files.Open(call.value);
  if (opened.ok()) return opened.value();
  return BadValue(call, opened.error().Message());
}

ParsedNode ParsePrint(PrimaryCall& call) {
  const char terminator = call.name.ends_with('0') ? '\0' : '\n';
  const absl::StatusOr<FindOutput*> output = OutputOf(call);
  if (!output.ok()) return output.status();
  return MakeNode(TraitsOf(call, false),
                  [&to = **output, terminator](Inquiry& inquiry) {
                    if (inquiry.Act()) {
                      to.PrintPath(inquiry.entry().path(), terminator);
                    }
                    return true;
                  });
}

ParsedNode ParsePrintf(PrimaryCall& call) {
  if (IsToFile(call) && call.words.at_end()) {
    return FindError(
        absl::StrCat(call.name, " '", call.value, "': the format is missing"));
  }
  const std::string text = IsToFile(call) ? call.words.Take() : call.value;
  absl::StatusOr<PrintFormat> format = PrintFormat::Parse(text);
  if (!format.ok()) {
    return FindError(
        absl::StrCat(call.name, " '", text, "': ", format.status().message()));
  }
  for (const std::string& warning : format->warnings()) {
    call.setup.warnings.push_back(
        absl::StrCat(call.name, " '", text, "': ", warning));
  }
  const absl::StatusOr<FindOutput*> output = OutputOf(call);
  if (!output.ok()) return output.status();
  const bool needs_details = format->needs_details();
  return MakeNode(TraitsOf(call, needs_details),
                  [&setup = call.setup, &to = **output, needs_details,
                   format = *std::move(format)](Inquiry& inquiry) {
                    if (needs_details && inquiry.Details() == nullptr)
                      return false;
                    if (!inquiry.Act()) return true;
                    PrintedInquiry entry(inquiry, *setup.program.files);
                    format.Append(entry, setup.printed_names(), to.reader(),
                                  to.buffer());
                    format.flushes() ? to.Flush() : to.PassOn();
                    return true;
                  });
}

ParsedNode ParseList(PrimaryCall& call) {
  const absl::StatusOr<FindOutput*> output = OutputOf(call);
  if (!output.ok()) return output.status();
  return MakeNode(TraitsOf(call, true),
                  [&setup = call.setup, &to = **output](Inquiry& inquiry) {
                    if (inquiry.Details() == nullptr) return false;
                    if (!inquiry.Act()) return true;
                    PrintedInquiry entry(inquiry, *setup.program.files);
                    setup.list_lines.Append(entry, to.buffer());
                    to.PassOn();
                    return true;
                  });
}

constexpr Primary kPrimaries[] = {
    {"-print", Role::kAction, Takes::kNothing, ParsePrint},
    {"-print0", Role::kAction, Takes::kNothing, ParsePrint},
    {"-printf", Role::kAction, Takes::kValue, ParsePrintf},
    {"-ls", Role::kAction, Takes::kNothing, ParseList},
    {"-fprint", Role::kAction, Takes::kValue, ParsePrint},
    {"-fprint0", Role::kAction, Takes::kValue, ParsePrint},
    {"-fprintf", Role::kAction, Takes::kValue, ParsePrintf},
    {"-fls", Role::kAction, Takes::kValue, ParseList},
};

}  // namespace

std::span<const Primary> PrintingPrimaries() { return kPrimaries; }

}  // namespace finder
