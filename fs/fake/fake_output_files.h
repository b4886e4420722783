// Files in memory that remember what was written to them, and fail when a test
// says so. Two paths are one file if a test gives them one inode number.
// Thread-compatible.
#ifndef FINDER_FS_FAKE_FAKE_OUTPUT_FILES_H_
#define FINDER_FS_FAKE_FAKE_OUTPUT_FILES_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fs/output_files.h"
#include "fs/result.h"

namespace finder {

class FakeOutputFiles : public OutputFiles {
 public:
  struct File {
    uint64_t inode = 0;  // 0: the next free one
    std::string bytes;
    bool open = false;
    int times_opened = 0;
    std::optional<int> open_error;
    std::optional<int> write_error;
    std::optional<int> close_error;
  };

  Result<OpenedOutput> Open(std::string_view path) override {
    File& file = files[std::string(path)];
    if (file.open_error) return SystemError(*file.open_error);
    if (file.inode == 0) file.inode = next_inode_++;
    file.bytes.clear();
    file.open = true;
    ++file.times_opened;
    OpenedOutput opened;
    opened.stream = std::make_unique<Stream>(file);
    opened.stat.device = 1;
    opened.stat.inode = file.inode;
    return opened;
  }

  std::map<std::string, File> files;  // by path

 private:
  class Stream : public OutputStream {
   public:
    explicit Stream(File& file) : file_(file) {}
    Outcome Write(std::string_view bytes) override {
      if (file_.write_error) return SystemError(*file_.write_error);
      file_.bytes += bytes;
      return {};
    }
    Outcome Close() override {
      file_.open = false;
      if (file_.close_error) return SystemError(*file_.close_error);
      return {};
    }
    bool IsTerminal() const override { return false; }

   private:
    File& file_;
  };

  uint64_t next_inode_ = 1000;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_OUTPUT_FILES_H_
