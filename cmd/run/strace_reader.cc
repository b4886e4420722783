#include "cmd/run/strace_reader.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "fs/path.h"

namespace finder {
namespace {

constexpr std::string_view kSystem[] = {"/usr", "/lib",  "/lib64", "/lib32",
                                        "/bin", "/sbin", "/etc",   "/proc",
                                        "/sys", "/dev",  "/run",   "/opt"};

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// What strace writes for bytes that are not plain: "\n", "\"", "\351".
std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const char c = text[++at];
    if (IsOctal(c)) {
      int value = 0;
      size_t digits = 0;
      for (; digits < 3 && at < text.size() && IsOctal(text[at]); ++digits) {
        value = value * 8 + (text[at++] - '0');
      }
      --at;
      out += static_cast<char>(value);
      continue;
    }
    constexpr std::string_view kLetters = "ntrvf";
    constexpr std::string_view kBytes = "\n\t\r\v\f";
    const size_t letter = kLetters.find(c);
    out += letter == std::string_view::npos ? c : kBytes[letter];
  }
  return out;
}

// The path of the descriptor in "... = 3</a/b>".
std::optional<std::string> PathOfResult(std::string_view line) {
  const size_t result = line.rfind(" = ");
  if (result == std::string_view::npos || !line.ends_with('>')) {
    return std::nullopt;
  }
  const size_t open = line.find('<', result);
  if (open == std::string_view::npos) return std::nullopt;
  std::string_view path = line.substr(open + 1);
  path.remove_suffix(1);
  if (!path.starts_with('/')) return std::nullopt;  // a pipe, say
  return Unescape(path);
}

// The first argument of "execve("/a/b", ...) = 0".
std::optional<std::string> PathOfExecve(std::string_view line) {
  constexpr std::string_view kCall = "execve(\"";
  const size_t call = line.find(kCall);
  if (call == std::string_view::npos || !line.ends_with(" = 0")) {
    return std::nullopt;
  }
  const size_t begin = call + kCall.size();
  size_t end = begin;
  while (end < line.size() && line[end] != '"') {
    end += line[end] == '\\' ? 2 : 1;
  }
  if (end >= line.size()) return std::nullopt;
  return Unescape(line.substr(begin, end - begin));
}

}  // namespace

std::vector<std::string> FilesRead(std::string_view log) {
  std::vector<std::string> paths;
  while (!log.empty()) {
    const std::string_view line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(log.size(), line.size() + 1));
    std::optional<std::string> path = PathOfExecve(line);
    const bool reads = line.find("O_WRONLY") == std::string_view::npos &&
                       line.find("O_DIRECTORY") == std::string_view::npos &&
                       line.find("O_TRUNC") == std::string_view::npos;
    if (!path && reads) path = PathOfResult(line);
    if (path) paths.push_back(*std::move(path));
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

bool IsOfSystem(std::string_view path) {
  return std::any_of(std::begin(kSystem), std::end(kSystem),
                     [path](std::string_view directory) {
                       return IsAtOrBelow(path, directory);
                     });
}

}  // namespace finder
