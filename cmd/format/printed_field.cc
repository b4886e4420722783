#include "cmd/format/printed_field.h"

#include <errno.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "cmd/format/mode_text.h"
#include "cmd/format/printed_time.h"
#include "cmd/output/printed_path.h"
#include "fs/file_details.h"

namespace finder {
namespace {

constexpr int64_t kBlockBytes = 512;

std::string NameText(std::string_view name, PrintedFor reader) {
  if (reader == PrintedFor::kProgram) return std::string(name);
  std::string text;
  AppendForTerminal(name, text);
  return text;
}

char TypeOf(PrintedEntry& entry) {
  switch (entry.kind()) {
    case EntryKind::kFile:
    case EntryKind::kDirectory:
      return static_cast<char>(entry.kind());
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return 'l';
    case EntryKind::kOther:
      break;
  }
  const FileDetails* const details = entry.Details();
  return details == nullptr ? 'U' : TypeLetter(details->mode);
}

// 'N' for a symlink that leads nowhere, 'L' for one that leads in a circle.
char TypeOfTarget(PrintedEntry& entry) {
  if (!IsLink(entry.kind())) return TypeOf(entry);
  const Result<FileDetails> target = entry.TargetDetails();
  if (target.ok()) return TypeLetter(target->mode);
  switch (target.error().code()) {
    case ENOENT:
    case ENOTDIR:
      return 'N';
    case ELOOP:
      return 'L';
    default:
      entry.Problem(target.error());
      return '?';
  }
}

std::string TargetText(PrintedEntry& entry) {
  if (!IsLink(entry.kind())) return "";
  Result<std::string> target = entry.LinkTarget();
  if (target.ok()) return std::move(target).value();
  entry.Problem(target.error());
  return "";
}

std::optional<FileTime> TimeOf(char directive, const FileDetails& details) {
  switch (directive) {
    case 'A':
    case 'a':
      return details.accessed;
    case 'C':
    case 'c':
      return details.changed;
    case 'B':
      return details.born;
    default:
      return details.modified;
  }
}

std::string TimeText(char directive, char letter, const FileDetails& details) {
  const std::optional<FileTime> time = TimeOf(directive, details);
  if (!time.has_value()) return "";
  return letter == '\0' ? CalendarTime(*time) : FormattedTime(*time, letter);
}

std::string NumberOrName(const std::optional<std::string>& name,
                         uint32_t number) {
  return name.has_value() ? *name : std::to_string(number);
}

std::string TextOfDetails(char directive, char letter,
                          const FileDetails& details,
                          const PrintedNames& names) {
  switch (directive) {
    case 'b':
      return std::to_string(details.blocks);
    case 'D':
      return std::to_string(details.device);
    case 'F':
      return names.file_systems->TypeOf(details.device);
    case 'G':
      return std::to_string(details.group);
    case 'g':
      return NumberOrName(names.users->GroupName(details.group), details.group);
    case 'i':
      return std::to_string(details.inode);
    case 'k':
      return std::to_string((details.blocks * kBlockBytes + 1023) / 1024);
    case 'M':
      return ModeText(details.mode);
    case 'n':
      return std::to_string(details.links);
    case 's':
      return std::to_string(details.size_bytes);
    case 'U':
      return std::to_string(details.owner);
    case 'u':
      return NumberOrName(names.users->UserName(details.owner), details.owner);
    default:
      return TimeText(directive, letter, details);
  }
}

}  // namespace

FieldKind KindOfField(char directive) {
  switch (directive) {
    case 'd':
      return {FieldConversion::kDecimal};
    case 'f':
    case 'h':
    case 'H':
    case 'l':
    case 'p':
    case 'P':
    case 'y':
    case 'Y':
    case 'Z':
      return {FieldConversion::kText};
    case 'm':
      return {FieldConversion::kOctal, true};
    case 'S':
      return {FieldConversion::kReal, true};
    case 'A':
    case 'B':
    case 'C':
    case 'T':
      return {FieldConversion::kText, true, true};
    case 'a':
    case 'b':
    case 'c':
    case 'D':
    case 'F':
    case 'G':
    case 'g':
    case 'i':
    case 'k':
    case 'M':
    case 'n':
    case 's':
    case 't':
    case 'U':
    case 'u':
      return {FieldConversion::kText, true};
    default:
      return {};
  }
}

std::string FieldText(char directive, char time_letter, PrintedEntry& entry,
                      const PrintedNames& names, PrintedFor reader) {
  switch (directive) {
    case 'f':
      return NameText(BaseOfPath(entry.path()), reader);
    case 'h':
      return NameText(LeadingDirectories(entry.path()), reader);
    case 'H':
      return NameText(entry.start(), reader);
    case 'l':
      return NameText(TargetText(entry), reader);
    case 'p':
      return NameText(entry.path(), reader);
    case 'P':
      return NameText(BelowStart(entry.path(), entry.start(), entry.depth()),
                      reader);
    case 'y':
      return {TypeOf(entry)};
    case 'Y':
      return {TypeOfTarget(entry)};
    case 'Z':
      // No kernel without SELinux has such a thing, and of one with it nobody
      // here asks.
      entry.Problem(SystemError(ENODATA));
      return "";
    default:
      return TextOfDetails(directive, time_letter, *entry.Details(), names);
  }
}

double Sparseness(const FileDetails& details) {
  if (details.size_bytes == 0) {
    return details.blocks == 0 ? 1 : std::numeric_limits<double>::infinity();
  }
  return static_cast<double>(kBlockBytes) *
         static_cast<double>(details.blocks) /
         static_cast<double>(details.size_bytes);
}

std::string_view BaseOfPath(std::string_view path) {
  const size_t last = path.find_last_not_of('/');
  if (last == std::string_view::npos) return path.substr(0, 1);
  const size_t slash = path.rfind('/', last);
  const size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
  // With one of the slashes that follow.
  return path.substr(begin, last + 2 - begin);
}

std::string_view LeadingDirectories(std::string_view path) {
  // find takes a path of one letter and slashes for a directory in itself.
  const size_t last = path.find_last_not_of('/');
  if (last != std::string_view::npos && last > 0) {
    path = path.substr(0, last + 1);
  }
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "." : path.substr(0, slash);
}

std::string_view BelowStart(std::string_view path, std::string_view start,
                            uint32_t depth) {
  if (depth == 0) return "";
  path.remove_prefix(start.size());
  if (path.starts_with('/')) path.remove_prefix(1);
  return path;
}

}  // namespace finder
