#include "tools/stress/operation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace finder {
namespace {

constexpr std::array<std::pair<OperationKind, std::string_view>, 20> kWords = {{
    {OperationKind::kCreate, "create"},
    {OperationKind::kRemove, "remove"},
    {OperationKind::kRename, "rename"},
    {OperationKind::kExchange, "exchange"},
    {OperationKind::kHardLink, "link"},
    {OperationKind::kSymlink, "symlink"},
    {OperationKind::kMakePath, "mkdir"},
    {OperationKind::kRemoveTree, "rmtree"},
    {OperationKind::kReplace, "replace"},
    {OperationKind::kChangeMode, "chmod"},
    {OperationKind::kModeAndBack, "chmod-and-back"},
    {OperationKind::kSetTimes, "times"},
    {OperationKind::kTouchBack, "touch-back"},
    {OperationKind::kFifo, "fifo"},
    {OperationKind::kBurst, "burst"},
    {OperationKind::kMount, "mount"},
    {OperationKind::kBind, "bind"},
    {OperationKind::kUnmount, "unmount"},
    {OperationKind::kAge, "age"},
    {OperationKind::kHook, "hook"},
}};

constexpr int64_t kNsPerSecond = 1'000'000'000;

timespec ToTimespec(int64_t ns) {
  return {.tv_sec = ns / kNsPerSecond, .tv_nsec = ns % kNsPerSecond};
}

void Create(const std::string& path) {
  const int file =
      open(path.c_str(),
           O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
           0644);
  if (file < 0) return;
  // A write that fails (a full disk) is a change like any other.
  const ssize_t written = write(file, "x", 1);
  static_cast<void>(written);
  close(file);
}

void Remove(const std::string& path) {
  if (unlink(path.c_str()) != 0) rmdir(path.c_str());
}

void MakePath(const std::string& top, const std::string& path) {
  for (size_t slash = path.find('/');; slash = path.find('/', slash + 1)) {
    mkdir((top + '/' + path.substr(0, slash)).c_str(), 0755);
    if (slash == std::string::npos) return;
  }
}

void RemoveTree(const std::string& path) {
  struct stat found;
  if (lstat(path.c_str(), &found) != 0) return;
  if (!S_ISDIR(found.st_mode)) {
    unlink(path.c_str());
    return;
  }
  std::vector<std::string> names;
  if (DIR* directory = opendir(path.c_str())) {
    while (const dirent* entry = readdir(directory)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    closedir(directory);
  }
  for (const std::string& name : names) RemoveTree(path + '/' + name);
  rmdir(path.c_str());
}

void Replace(const std::string& path) {
  struct stat found;
  if (lstat(path.c_str(), &found) != 0) return;
  if (S_ISDIR(found.st_mode)) {
    RemoveTree(path);
    Create(path);
  } else {
    unlink(path.c_str());
    mkdir(path.c_str(), 0755);
  }
}

void Retarget(const std::string& path, const std::string& target) {
  struct stat found;
  if (lstat(path.c_str(), &found) == 0 && S_ISLNK(found.st_mode)) {
    unlink(path.c_str());
  }
  if (symlink(target.c_str(), path.c_str()) != 0) return;
}

void ModeAndBack(const std::string& path) {
  struct stat found;
  if (lstat(path.c_str(), &found) != 0 || S_ISLNK(found.st_mode)) return;
  chmod(path.c_str(), 0);
  chmod(path.c_str(), found.st_mode & 07777);
}

void SetTimes(const std::string& path, int64_t ns) {
  const timespec times[] = {ToTimespec(ns), ToTimespec(ns)};
  utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

void TouchBack(const std::string& directory, const std::string& file) {
  struct stat before;
  if (lstat(directory.c_str(), &before) != 0) return;
  if (access(file.c_str(), F_OK) == 0) {
    Remove(file);
  } else {
    Create(file);
  }
  const timespec times[] = {before.st_atim, before.st_mtim};
  utimensat(AT_FDCWD, directory.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

void Burst(const std::string& directory, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    Create(directory + "/burst" + std::to_string(i) + ".c");
  }
}

void Sleep(int64_t ms) {
  const timespec time = ToTimespec(ms * 1'000'000);
  nanosleep(&time, nullptr);
}

// Not files: a directory tells the kind of what a mounted file hides.
void BindDirectory(const std::string& path, const std::string& source) {
  struct stat found;
  if (stat(source.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) return;
  mount(source.c_str(), path.c_str(), nullptr, MS_BIND, nullptr);
}

// Whether what `path` names lies below `top`, wherever symlinks on the way
// lead: nothing else may ever be changed.
bool IsInside(const std::string& top, std::string path) {
  char real_top[PATH_MAX];
  char real[PATH_MAX];
  if (realpath(top.c_str(), real_top) == nullptr) return false;
  do {
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) return false;
    path.resize(slash);
  } while (realpath(path.c_str(), real) == nullptr && errno == ENOENT);
  if (realpath(path.c_str(), real) == nullptr) return false;
  const std::string place = real;
  return place == real_top || place.starts_with(std::string(real_top) + '/');
}

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string Escaped(std::string_view bytes) {
  if (bytes.empty()) return "%";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && c != '%') {
      text += c;
      continue;
    }
    char hex[4];
    snprintf(hex, sizeof(hex), "%%%02x", byte);
    text += hex;
  }
  return text;
}

std::string Unescaped(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
    } else if (i + 2 < text.size() && IsHex(text[i + 1]) &&
               IsHex(text[i + 2])) {
      const std::string hex(text.substr(i + 1, 2));
      bytes += static_cast<char>(strtol(hex.c_str(), nullptr, 16));
      i += 2;
    }
  }
  return bytes;
}

std::string ToText(const Operation& operation) {
  for (const auto& [kind, word] : kWords) {
    if (kind != operation.kind) continue;
    return std::string(word) + ' ' + Escaped(operation.a) + ' ' +
           Escaped(operation.b) + ' ' + std::to_string(operation.number);
  }
  return "";
}

std::optional<Operation> FromText(std::string_view line) {
  std::vector<std::string> words;
  while (!line.empty()) {
    const size_t space = std::min(line.find(' '), line.size());
    words.emplace_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  if (words.size() != 4) return std::nullopt;
  for (const auto& [kind, word] : kWords) {
    if (word != words[0]) continue;
    return Operation{kind, Unescaped(words[1]), Unescaped(words[2]),
                     strtoll(words[3].c_str(), nullptr, 10)};
  }
  return std::nullopt;
}

void Apply(const std::string& top, const Operation& operation) {
  const std::string a = top + '/' + operation.a;
  const std::string b = top + '/' + operation.b;
  const bool two_paths = operation.kind != OperationKind::kSymlink;
  if (!IsInside(top, a) || (two_paths && !IsInside(top, b))) return;
  switch (operation.kind) {
    case OperationKind::kCreate:
      Create(a);
      break;
    case OperationKind::kRemove:
      Remove(a);
      break;
    case OperationKind::kRename:
      rename(a.c_str(), b.c_str());
      break;
    case OperationKind::kExchange:
      renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE);
      break;
    case OperationKind::kHardLink:
      if (link(a.c_str(), b.c_str()) != 0) Remove(b);
      break;
    case OperationKind::kSymlink:
      Retarget(a, operation.b);
      break;
    case OperationKind::kMakePath:
      MakePath(top, operation.a);
      break;
    case OperationKind::kRemoveTree:
      RemoveTree(a);
      break;
    case OperationKind::kReplace:
      Replace(a);
      break;
    case OperationKind::kChangeMode:
      chmod(a.c_str(), static_cast<mode_t>(operation.number));
      break;
    case OperationKind::kModeAndBack:
      ModeAndBack(a);
      break;
    case OperationKind::kSetTimes:
      SetTimes(a, operation.number);
      break;
    case OperationKind::kTouchBack:
      TouchBack(a, b);
      break;
    case OperationKind::kFifo:
      mkfifo(a.c_str(), 0644);
      break;
    case OperationKind::kBurst:
      Burst(a, operation.number);
      break;
    case OperationKind::kMount:
      mount("stress", a.c_str(), "tmpfs", 0, "size=4m");
      break;
    case OperationKind::kBind:
      BindDirectory(a, b);
      break;
    case OperationKind::kUnmount:
      umount2(a.c_str(), MNT_DETACH);
      break;
    case OperationKind::kAge:
      Sleep(operation.number);
      break;
    case OperationKind::kHook:
      break;
  }
}

void RemoveAll(const std::string& top) {
  // The kernel's list of mounts has the innermost last.
  std::vector<std::string> mounts;
  if (FILE* list = fopen("/proc/self/mountinfo", "re")) {
    char line[8192];
    while (fgets(line, sizeof(line), list) != nullptr) {
      char path[4096];
      if (sscanf(line, "%*s %*s %*s %*s %4095s", path) != 1) continue;
      std::string plain;
      for (const char* at = path; *at != '\0'; ++at) {
        if (*at == '\\' && strlen(at) > 3) {
          plain += static_cast<char>(
              strtol(std::string(at + 1, 3).c_str(), nullptr, 8));
          at += 3;
        } else {
          plain += *at;
        }
      }
      if (plain.starts_with(top + '/')) mounts.push_back(plain);
    }
    fclose(list);
  }
  for (auto path = mounts.rbegin(); path != mounts.rend(); ++path) {
    umount2(path->c_str(), MNT_DETACH);
  }
  RemoveTree(top);
}

}  // namespace finder
