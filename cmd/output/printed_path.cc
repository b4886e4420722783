#include "cmd/output/printed_path.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "finder/text/abseil_view.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

bool IsUtf8(std::string_view bytes) {
  if (IsPlainAscii(bytes)) return true;
  while (!bytes.empty()) {
    const size_t size = Utf8SequenceLength(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

// The control characters of ASCII, and U+0080 to U+009F, which some terminals
// obey as well.
bool IsControl(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

}  // namespace

void AppendForTerminal(std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    const size_t size = Utf8SequenceLength(bytes);
    if (size == 0 || IsControl(bytes.substr(0, size))) {
      out += '?';
    } else {
      out += bytes.substr(0, size);
    }
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
}

void AppendJsonPath(std::string_view key, std::string_view path,
                    std::string& out) {
  out += '"';
  out += key;
  if (IsUtf8(path)) {
    out += "\":";
    AppendJsonString(path, out);
  } else {
    out += "_bytes\":\"";
    out += absl::Base64Escape(Abseil(path));
    out += '"';
  }
}

void AppendUrlPath(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "/:-._~";
  for (const char c : bytes) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') ||
                          kPlain.find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

void AppendAbsoluteDirectory(std::string_view directory,
                             std::string_view working_directory,
                             std::string& out) {
  if (directory.starts_with('/')) {
    out += directory;
    return;
  }
  while (directory.starts_with("../")) {
    directory.remove_prefix(3);
    working_directory = working_directory.substr(
        0, working_directory.rfind('/'));  // "" for a child of "/"
  }
  out += working_directory;
  if (!working_directory.ends_with('/')) out += '/';
  out += directory;
}

}  // namespace finder
