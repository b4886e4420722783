#include "fs/posix/surroundings.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <fstream>
#include <sstream>
#include <string_view>

#include "fs/path.h"

namespace finder {
namespace {

// The kernel writes a space, tab, newline or backslash in octal.
std::string Unescaped(const std::string& text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      bytes +=
          static_cast<char>(strtol(text.substr(i + 1, 3).c_str(), nullptr, 8));
      i += 3;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

// The real place of a path that may lead through symlinks.
std::string RealPath(const std::string& path) {
  char* real = realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string text = real;
  free(real);
  return text;
}

}  // namespace

std::string MountType(const std::string& path) {
  const std::string real = RealPath(path);
  std::ifstream mounts("/proc/self/mountinfo");
  std::string type;
  size_t longest = 0;
  for (std::string line; std::getline(mounts, line);) {
    // "ID PARENT MAJOR:MINOR ROOT PLACE OPTIONS [TAG...] - TYPE ..."
    std::istringstream words(line);
    std::string place;
    for (int i = 0; i < 5; ++i) words >> place;
    place = Unescaped(place);
    const size_t dash = line.find(" - ");
    // Of two mounts at one place the later hides the earlier.
    if (dash == std::string::npos || place.size() < longest ||
        !IsAtOrBelow(real, place)) {
      continue;
    }
    longest = place.size();
    std::istringstream(line.substr(dash + 3)) >> type;
  }
  return type;
}

std::optional<uint64_t> MostInotifyWatches() {
  std::ifstream file("/proc/sys/fs/inotify/max_user_watches");
  uint64_t watches = 0;
  if (!(file >> watches)) return std::nullopt;
  return watches;
}

void SleepNs(int64_t ns) {
  timespec left = {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

}  // namespace finder
