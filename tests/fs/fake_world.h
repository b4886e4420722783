// The World of a FakeFileSystem.
#ifndef FINDER_TESTS_FS_FAKE_WORLD_H_
#define FINDER_TESTS_FS_FAKE_WORLD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "tests/fs/file_system_contract.h"

namespace finder {

class FakeWorld : public World {
 public:
  FakeWorld() : tree_(&clock_), fs_(&tree_) {
    // As coarse as Linux: a change within the same 4 ms bears the same stamp.
    tree_.SetStampRule("/", {.tick_ns = 4'000'000});
    tree_.MakeDirectories(root_);
    Tick();
  }

  FileSystem& fs() override { return fs_; }
  const std::string& root() const override { return root_; }

  void MakeDirectories(const std::string& path) override {
    tree_.MakeDirectories(path);
  }
  void WriteFile(const std::string& path, std::string_view bytes) override {
    tree_.WriteFile(path, bytes);
  }
  void Symlink(const std::string& target, const std::string& path) override {
    tree_.Symlink(target, path);
  }
  void MakePipe(const std::string& path) override { tree_.MakePipe(path); }
  void HardLink(const std::string& from, const std::string& to) override {
    tree_.HardLink(from, to);
  }
  void Rename(const std::string& from, const std::string& to) override {
    tree_.Rename(from, to);
  }
  void RemoveAll(const std::string& path) override { tree_.RemoveAll(path); }
  void Chmod(const std::string& path, uint32_t permissions) override {
    tree_.Chmod(path, permissions);
  }
  bool Chown(const std::string& path, uint32_t owner) override {
    tree_.Chown(path, owner);
    return true;
  }
  void SetModifiedTime(const std::string& path, int64_t ns) override {
    tree_.SetModifiedTime(path, ns);
  }
  std::string ReadFile(const std::string& path) override {
    return tree_.ReadFile(path);
  }
  std::vector<std::string> Names(const std::string& path) override {
    return tree_.Names(path);
  }

  void Tick() override { clock_.Advance(4'000'000); }
  int64_t NowNs() override { return clock_.RealtimeNs(); }
  uint32_t user_id() override { return FakeUser().id; }
  void LimitOpenFiles(int more) override {
    fs_.SetMaxOpenFiles(fs_.open_files() + more);
  }
  int CountOpenFiles() override { return fs_.open_files(); }

 private:
  const std::string root_ = "/tmp/contract";
  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem fs_;
};

}  // namespace finder

#endif  // FINDER_TESTS_FS_FAKE_WORLD_H_
