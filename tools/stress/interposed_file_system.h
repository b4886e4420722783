// A FileSystem that passes every call on, after telling a listener: so that a
// tree can change between any two calls of a run.
#ifndef FINDER_TOOLS_STRESS_INTERPOSED_FILE_SYSTEM_H_
#define FINDER_TOOLS_STRESS_INTERPOSED_FILE_SYSTEM_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fs/file_details.h"
#include "fs/file_system.h"

namespace finder {

// As thread-safe as `before_call`.
class InterposedFileSystem : public FileSystem {
 public:
  InterposedFileSystem(FileSystem& files, std::function<void()> before_call)
      : files_(files), before_call_(std::move(before_call)) {}

  Result<DirectoryHandle> OpenDirectory(const DirectoryHandle& base,
                                        std::string_view path,
                                        SymlinkPolicy symlinks) override {
    before_call_();
    return files_.OpenDirectory(base, path, symlinks);
  }
  Result<FileStat> Stat(const DirectoryHandle& base, std::string_view path,
                        SymlinkPolicy symlinks) override {
    before_call_();
    return files_.Stat(base, path, symlinks);
  }
  Result<FileDetails> Details(const DirectoryHandle& base,
                              std::string_view path,
                              SymlinkPolicy symlinks) override {
    before_call_();
    return files_.Details(base, path, symlinks);
  }
  Outcome List(
      const DirectoryHandle& directory,
      absl::FunctionRef<void(std::string_view, EntryKind)> visit) override {
    before_call_();
    return files_.List(directory, visit);
  }
  Volume IdentifyVolume(const DirectoryHandle& directory) override {
    return files_.IdentifyVolume(directory);
  }
  Result<std::string> ReadLink(const DirectoryHandle& base,
                               std::string_view path) override {
    return files_.ReadLink(base, path);
  }
  Result<std::unique_ptr<ReadableFile>> OpenFile(
      std::string_view path, SymlinkPolicy symlinks) override {
    return files_.OpenFile(path, symlinks);
  }
  Result<std::unique_ptr<PendingFile>> CreateFile(
      std::string_view path, uint32_t permissions) override {
    return files_.CreateFile(path, permissions);
  }
  Outcome Rename(std::string_view from, std::string_view to) override {
    return files_.Rename(from, to);
  }
  Outcome Remove(std::string_view path) override { return files_.Remove(path); }
  Outcome RemoveAt(const DirectoryHandle& base, std::string_view path,
                   EntryKind kind) override {
    before_call_();
    return files_.RemoveAt(base, path, kind);
  }
  Outcome MakeDirectory(std::string_view path, uint32_t permissions) override {
    return files_.MakeDirectory(path, permissions);
  }

 private:
  // Handles belong to the file system within.
  void CloseDirectory(int) override {}

  FileSystem& files_;
  const std::function<void()> before_call_;
};

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_INTERPOSED_FILE_SYSTEM_H_
