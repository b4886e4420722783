// A file that is rewritten only if its content changes, so that what depends on
// it is not built again: while the new content equals the old, nothing is
// written, and a change is put in place in one step.
//
// Thread-compatible.
#ifndef FINDER_CMD_OUTPUT_FILE_H_
#define FINDER_CMD_OUTPUT_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

class OutputFile final : public OutputStream {
 public:
  // Starts a new content for `path`. Fails with "PATH: reason" if that is no
  // place for a regular file. A symlink there is followed. `files` must outlive
  // the result.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Open(
      FileSystem& files, const std::string& path);

  Outcome Write(std::string_view bytes) override;
  // Puts the new content in place. Without it the file stays as it was.
  Outcome Close() override;
  bool IsTerminal() const override { return false; }

 private:
  OutputFile(FileSystem& files, std::string path);

  // Whether the old content goes on with `bytes`.
  bool OldContinuesWith(std::string_view bytes);
  // Starts a pending file with what was found equal so far.
  Outcome StartRewrite();

  FileSystem& files_;
  const std::string path_;  // no symlink
  uint32_t permissions_ = 0666;
  std::unique_ptr<ReadableFile> old_;  // null if there is none to compare with
  int64_t old_size_ = 0;
  int64_t equal_bytes_ = 0;
  std::unique_ptr<PendingFile> rewrite_;  // null as long as all is equal
};

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_FILE_H_
