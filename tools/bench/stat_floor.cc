// The floor of a warm run: asks the kernel for the stamp of every directory of
// a list and does nothing else. What a program that verifies each directory
// with one call cannot beat.
//
//   stat_floor [--threads N] [--relative] LIST
//
// LIST holds absolute paths, a line each, in tree order (make_tree's DIR.dirs).
// Each thread takes one contiguous part of it. With --relative the paths are
// resolved from an open ancestor, which is opened only where enough of the list
// lies below it to repay the call.
//
// Uses the standard library alone, so that starting it costs nothing.

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>
#include <vector>

namespace finder {
namespace {

// Measured on ext4 with a hot cache: an ancestor is worth opening from about
// this many directories below it, and this many components further down.
constexpr int kMinBelowOpened = 32;
constexpr ptrdiff_t kMinComponents = 3;

struct Options {
  int threads = 2;
  bool relative = false;
  const char* list = nullptr;
};

struct alignas(64) Result {
  long directories = 0;
  long failed = 0;
  long long newest = 0;  // so that the answer is used
};

// Takes lines off the front of a text, each with its newline cut off.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool Next(std::string_view& line) {
    if (rest_.empty()) return false;
    size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(rest_.size(), line.size() + 1));
    return true;
  }

 private:
  std::string_view rest_;
};

// A path that the kernel can read: ended by NUL.
class PathBuffer {
 public:
  const char* Set(std::string_view path) {
    if (path.size() >= bytes_.size()) path = path.substr(0, bytes_.size() - 1);
    memcpy(bytes_.data(), path.data(), path.size());
    bytes_[path.size()] = '\0';
    return bytes_.data();
  }

 private:
  // One more than PATH_MAX: a longer path must fail, not be cut to fit.
  std::array<char, 4098> bytes_;
};

void Stat(int base, const char* path, Result& result) {
  struct stat status;
  result.directories++;
  if (fstatat(base, path, &status, AT_SYMLINK_NOFOLLOW) != 0) {
    result.failed++;
    return;
  }
  result.newest = std::max<long long>(
      {result.newest, status.st_mtim.tv_sec, status.st_ctim.tv_sec});
}

void StatAbsolute(std::string_view part, Result& result) {
  Lines lines(part);
  PathBuffer buffer;
  std::string_view path;
  while (lines.Next(path)) Stat(AT_FDCWD, buffer.Set(path), result);
}

bool IsBelow(std::string_view path, std::string_view ancestor) {
  return path.size() > ancestor.size() && path[ancestor.size()] == '/' &&
         path.starts_with(ancestor);
}

// The open ancestors of the path that was seen last, outermost first.
class Ancestors {
 public:
  ~Ancestors() {
    while (!open_.empty()) Pop();
  }

  void LeaveFor(std::string_view path) {
    while (!open_.empty() && !IsBelow(path, open_.back().path)) Pop();
  }

  int Base() const { return open_.empty() ? AT_FDCWD : open_.back().fd; }

  std::string_view Relative(std::string_view path) const {
    return open_.empty() ? path : path.substr(open_.back().path.size() + 1);
  }

  bool Enter(std::string_view path, const char* relative) {
    int fd = openat(Base(), relative, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) open_.push_back({path, fd});
    return fd >= 0;
  }

  // A path longer than the kernel takes is reached in several steps.
  void Approach(std::string_view path, PathBuffer& buffer) {
    while (Relative(path).size() >= PATH_MAX) {
      size_t base = path.size() - Relative(path).size();
      size_t end = path.rfind('/', base + PATH_MAX - 1);
      if (!Enter(path.substr(0, end),
                 buffer.Set(path.substr(base, end - base)))) {
        return;
      }
    }
  }

 private:
  struct Ancestor {
    std::string_view path;
    int fd;
  };

  void Pop() {
    close(open_.back().fd);
    open_.pop_back();
  }

  std::vector<Ancestor> open_;
};

void StatRelative(std::string_view part, Result& result) {
  Lines lines(part);
  Lines lines_ahead(part);
  std::string_view path;
  std::string_view ahead;
  bool has_ahead = true;
  for (int i = 0; i < kMinBelowOpened && has_ahead; ++i) {
    has_ahead = lines_ahead.Next(ahead);
  }
  Ancestors ancestors;
  PathBuffer buffer;
  while (lines.Next(path)) {
    has_ahead = has_ahead && lines_ahead.Next(ahead);
    ancestors.LeaveFor(path);
    ancestors.Approach(path, buffer);
    std::string_view relative = ancestors.Relative(path);
    const char* name = buffer.Set(relative);
    Stat(ancestors.Base(), name, result);
    if (has_ahead && IsBelow(ahead, path) &&
        std::count(relative.begin(), relative.end(), '/') + 1 >=
            kMinComponents) {
      ancestors.Enter(path, name);
    }
  }
}

std::vector<std::string_view> Split(std::string_view text, int parts) {
  std::vector<std::string_view> result;
  for (int left = parts; left > 0; --left) {
    size_t end = text.find('\n', text.size() / left);
    end = end == text.npos || left == 1 ? text.size() : end + 1;
    result.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return result;
}

int Run(const Options& options) {
  int fd = open(options.list, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0 || status.st_size == 0) {
    fprintf(stderr, "stat_floor: cannot read %s\n", options.list);
    return 2;
  }
  size_t size = static_cast<size_t>(status.st_size);
  void* map = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  if (map == MAP_FAILED) {
    perror("stat_floor: mmap");
    return 2;
  }
  // A chain of directories needs many open ancestors.
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  std::string_view list(static_cast<const char*>(map), size);
  std::vector<std::string_view> parts = Split(list, options.threads);
  std::vector<Result> results(parts.size());
  auto work = [&](size_t i) {
    (options.relative ? StatRelative : StatAbsolute)(parts[i], results[i]);
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < parts.size(); ++i) threads.emplace_back(work, i);
  work(0);
  for (std::thread& thread : threads) thread.join();
  Result sum;
  for (const Result& result : results) {
    sum.directories += result.directories;
    sum.failed += result.failed;
    sum.newest = std::max(sum.newest, result.newest);
  }
  printf("%ld directories, %ld failed, newest %lld\n", sum.directories,
         sum.failed, sum.newest);
  return 0;
}

int Main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string_view word = argv[i];
    if (word == "--relative") {
      options.relative = true;
    } else if (word == "--threads" && i + 1 < argc) {
      options.threads = atoi(argv[++i]);
    } else if (!word.starts_with("--") && options.list == nullptr) {
      options.list = argv[i];
    } else {
      options.threads = 0;
    }
  }
  if (options.list != nullptr && options.threads > 0) return Run(options);
  fprintf(stderr, "usage: stat_floor [--threads N] [--relative] LIST\n");
  return 2;
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) { return finder::Main(argc, argv); }
