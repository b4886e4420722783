// A directory of the real file system, removed with its object, whatever is in
// it and however deep. One thread.
#ifndef FINDER_TESTS_SUPPORT_TEMPORARY_TREE_H_
#define FINDER_TESTS_SUPPORT_TEMPORARY_TREE_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fs/clock.h"
#include "fs/file_system.h"
#include "fs/host.h"
#include "fs/posix/posix_clock.h"
#include "fs/posix/posix_host.h"
#include "tests/support/finder_fixture.h"

namespace finder {

class TemporaryTree {
 public:
  TemporaryTree() {
    const char* const directory = getenv("TEST_TMPDIR");
    path_ = std::string(directory == nullptr ? "/tmp" : directory) +
            "/finder.XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) abort();
  }
  ~TemporaryTree() { std::filesystem::remove_all(path_); }
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;

  const std::string& path() const { return path_; }

  // Makes the directory at `path` below this one, and those above it.
  void MakeDirectories(const std::string& path) const {
    std::filesystem::create_directories(path_ + "/" + path);
  }
  // Makes a file, and the directories above it.
  void WriteFile(const std::string& path) const {
    const std::string full = path_ + "/" + path;
    std::filesystem::create_directories(
        std::filesystem::path(full).parent_path());
    std::ofstream(full) << "bytes";
  }

 private:
  std::string path_;
};

// The machine's clock, an hour ahead: the stamp of a directory that a test has
// just changed is old enough to be trusted.
class HourLaterClock : public PosixClock {
 public:
  int64_t RealtimeNs() override {
    return PosixClock::RealtimeNs() + 3600 * kSecondNs;
  }
};

// Real files, run in the directory of `tree`.
inline Environment RealEnvironment(FileSystem* files, Clock* clock,
                                   const TemporaryTree& tree) {
  return {files, clock, ReadHost(), tree.path()};
}

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_TEMPORARY_TREE_H_
