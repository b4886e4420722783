#include "fs/posix/files/mount_table.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace finder {
namespace {

// Takes what comes before `separator` off the start of `text`; all of it if
// there is none.
std::string_view TakeUntil(char separator, std::string_view& text) {
  const size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// Bytes that would end a field are written as a backslash and three digits.
std::string WithoutOctal(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && IsOctal(text[i + 1]) &&
        IsOctal(text[i + 2]) && IsOctal(text[i + 3])) {
      out += static_cast<char>((text[i + 1] - '0') * 64 +
                               (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Splits a list of paths at colons; a backslash makes the next byte a plain
// one (Linux, Documentation/filesystems/overlayfs.rst).
void SplitLayers(std::string_view list, std::vector<std::string>& layers) {
  std::string layer;
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i] == ':') {
      if (!layer.empty()) layers.push_back(std::exchange(layer, ""));
      continue;
    }
    if (list[i] == '\\' && i + 1 < list.size()) ++i;
    layer += list[i];
  }
  if (!layer.empty()) layers.push_back(std::move(layer));
}

std::optional<MountLine> ParseLine(std::string_view line) {
  MountLine mount;
  mount.whole = line;
  // Optional fields end with a lone dash.
  constexpr std::string_view kSeparator = " - ";
  const size_t dash = line.find(kSeparator);
  if (dash == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(dash + kSeparator.size());
  TakeUntil(' ', rest);  // the type
  mount.source = TakeUntil(' ', rest);
  mount.super_options = rest;
  return mount;
}

}  // namespace

std::optional<MountLine> FindMount(std::string_view table, uint64_t mount_id) {
  std::array<char, 24> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size() - 1, mount_id);
  *end.ptr = ' ';
  const std::string_view start(
      digits.data(), static_cast<size_t>(end.ptr + 1 - digits.data()));
  while (!table.empty()) {
    const std::string_view line = TakeUntil('\n', table);
    if (line.starts_with(start)) return ParseLine(line);
  }
  return std::nullopt;
}

bool IsReadOnly(const MountLine& mount) {
  std::string_view options = mount.super_options;
  return TakeUntil(',', options) == "ro";
}

std::vector<std::string> OverlayLayers(const MountLine& mount) {
  std::vector<std::string> layers;
  std::string_view options = mount.super_options;
  while (!options.empty()) {
    std::string_view value = TakeUntil(',', options);
    const std::string_view key = TakeUntil('=', value);
    if (key == "lowerdir") {
      SplitLayers(WithoutOctal(value), layers);
    } else if (key == "upperdir" || key == "lowerdir+" || key == "datadir+") {
      layers.push_back(WithoutOctal(value));
    }
  }
  return layers;
}

}  // namespace finder
