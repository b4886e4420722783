#include "cmd/format/list_line.h"

#include <stdio.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "cmd/format/mode_text.h"
#include "cmd/format/printed_time.h"

namespace finder {
namespace {

constexpr int64_t kBlockBytes = 512;

// The parts of a device number, as the C library of Linux cuts them.
uint64_t MajorOf(uint64_t device) {
  return (device >> 8 & 0xfff) | (device >> 32 & 0xfffff000);
}
uint64_t MinorOf(uint64_t device) {
  return (device & 0xff) | (device >> 12 & 0xffffff00);
}

bool IsDevice(uint32_t mode) {
  const char type = TypeLetter(mode);
  return type == 'b' || type == 'c';
}

// What stands behind a backslash for `c`, or 0.
char EscapeLetter(char c) {
  switch (c) {
    case '\n':
      return 'n';
    case '\b':
      return 'b';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\f':
      return 'f';
    case '\\':
    case ' ':
    case '"':
      return c;
    default:
      return '\0';
  }
}

}  // namespace

void AppendListedName(std::string_view name, std::string& out) {
  for (const char c : name) {
    if (const char letter = EscapeLetter(c); letter != '\0') {
      out += '\\';
      out += letter;
    } else if (c > ' ' && c < '\x7f') {
      out += c;
    } else {
      char octal[8];
      snprintf(octal, sizeof(octal), "\\%03o", static_cast<unsigned char>(c));
      out += octal;
    }
  }
}

void ListLines::AppendRight(const std::string& text, size_t& width,
                            std::string& out) {
  width = std::max(width, text.size());
  out.append(width - text.size(), ' ').append(text);
}

void ListLines::AppendLeft(const std::string& text, size_t& width,
                           std::string& out) {
  width = std::max(width, text.size());
  out.append(text).append(width - text.size(), ' ');
}

void ListLines::AppendSize(const FileDetails& details, std::string& out) {
  if (!IsDevice(details.mode)) {
    AppendRight(std::to_string(details.size_bytes), size_width_, out);
    return;
  }
  AppendRight(std::to_string(MajorOf(details.special_device)), major_width_,
              out);
  out += ", ";
  AppendRight(std::to_string(MinorOf(details.special_device)), minor_width_,
              out);
}

void ListLines::Append(PrintedEntry& entry, std::string& out) {
  const FileDetails* const found = entry.Details();
  if (found == nullptr) return;
  const FileDetails& details = *found;
  const int64_t bytes = details.blocks * kBlockBytes;
  const std::optional<std::string> owner =
      names_.users->UserName(details.owner);
  const std::optional<std::string> group =
      names_.users->GroupName(details.group);
  AppendRight(std::to_string(details.inode), inode_width_, out);
  out += ' ';
  AppendRight(std::to_string((bytes + block_bytes_ - 1) / block_bytes_),
              blocks_width_, out);
  out.append(" ").append(ModeText(details.mode)).append(" ");
  AppendRight(std::to_string(details.links), links_width_, out);
  out += ' ';
  AppendLeft(owner.value_or(std::to_string(details.owner)), owner_width_, out);
  out += ' ';
  AppendLeft(group.value_or(std::to_string(details.group)), group_width_, out);
  out += ' ';
  AppendSize(details, out);
  out.append(" ").append(ListedTime(details.modified, now_)).append(" ");
  AppendListedName(entry.path(), out);
  if (TypeLetter(details.mode) == 'l') {
    const Result<std::string> target = entry.LinkTarget();
    if (target.ok()) {
      out += " -> ";
      AppendListedName(target.value(), out);
    } else {
      entry.Problem(target.error());
    }
  }
  out += '\n';
}

}  // namespace finder
