// What every FileSystem must do. The tests (*_contract_test.cc) run once on
// each World: on the real file system in a temporary directory, on the real one
// with named temporary files, and on the fake one, so that the fake cannot
// drift from what it stands for.
#ifndef FINDER_TESTS_FS_FILE_SYSTEM_CONTRACT_H_
#define FINDER_TESTS_FS_FILE_SYSTEM_CONTRACT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fs/file_system.h"
#include "fs/result.h"
#include "gtest/gtest.h"

namespace finder {

// A FileSystem and, beside it, means to change what it sees. Edits that fail
// end the test. Paths are absolute.
class World {
 public:
  virtual ~World() = default;

  virtual FileSystem& fs() = 0;
  // An empty directory on a local file system. The caller of fs() is not
  // privileged in it and owns all that is made in it.
  virtual const std::string& root() const = 0;

  virtual void MakeDirectories(const std::string& path) = 0;
  virtual void WriteFile(const std::string& path, std::string_view bytes) = 0;
  virtual void Symlink(const std::string& target, const std::string& path) = 0;
  virtual void MakePipe(const std::string& path) = 0;
  virtual void HardLink(const std::string& from, const std::string& to) = 0;
  virtual void Rename(const std::string& from, const std::string& to) = 0;
  virtual void RemoveAll(const std::string& path) = 0;
  virtual void Chmod(const std::string& path, uint32_t permissions) = 0;
  // Gives something of the caller's group to another user. False if nobody here
  // may do that, which takes root.
  virtual bool Chown(const std::string& path, uint32_t owner) = 0;
  virtual void SetModifiedTime(const std::string& path, int64_t ns) = 0;
  virtual std::string ReadFile(const std::string& path) = 0;
  virtual std::vector<std::string> Names(const std::string& path) = 0;

  // Lets so much time pass that the next change is stamped later.
  virtual void Tick() = 0;
  virtual int64_t NowNs() = 0;
  virtual uint32_t user_id() = 0;
  // Allows `more` files to be open than are now.
  virtual void LimitOpenFiles(int more) = 0;
  virtual int CountOpenFiles() = 0;
};

struct WorldKind {
  std::string name;
  std::function<std::unique_ptr<World>()> make;
};

class FileSystemContract : public testing::TestWithParam<WorldKind> {
 protected:
  FileSystem& fs() { return world_->fs(); }
  World& world() { return *world_; }
  // The absolute path of `relative` in the world's root.
  std::string At(std::string_view relative) const {
    return world_->root() + "/" + std::string(relative);
  }

  // Opens a directory that must exist.
  DirectoryHandle Open(const std::string& path) {
    Result<DirectoryHandle> opened =
        fs().OpenDirectory(DirectoryHandle(), path, SymlinkPolicy::kFollow);
    EXPECT_TRUE(opened.ok()) << path << ": " << ErrorOf(opened);
    return opened.ok() ? std::move(opened).value() : DirectoryHandle();
  }
  std::map<std::string, EntryKind> List(const std::string& path) {
    std::map<std::string, EntryKind> entries;
    const Outcome listed =
        fs().List(Open(path), [&](std::string_view name, EntryKind kind) {
          EXPECT_TRUE(entries.emplace(name, kind).second) << "twice: " << name;
        });
    EXPECT_EQ(ErrorOf(listed), 0) << path;
    return entries;
  }
  Result<FileStat> Stat(const std::string& path,
                        SymlinkPolicy symlinks = SymlinkPolicy::kNoFollow) {
    return fs().Stat(DirectoryHandle(), path, symlinks);
  }
  // The stat of what must exist.
  FileStat StatOf(const std::string& path) {
    const Result<FileStat> stat = Stat(path);
    EXPECT_EQ(ErrorOf(stat), 0) << path;
    return stat.ok() ? stat.value() : FileStat();
  }
  int64_t StampOf(const std::string& path) { return StatOf(path).change_ns; }

  // The errno, or 0 if all went well.
  template <typename T>
  static int ErrorOf(const Result<T>& result) {
    return result.ok() ? 0 : result.error().code();
  }
  static int ErrorOf(const Outcome& outcome) { return outcome.error().code(); }

 private:
  std::unique_ptr<World> world_ = GetParam().make();
};

}  // namespace finder

#endif  // FINDER_TESTS_FS_FILE_SYSTEM_CONTRACT_H_
