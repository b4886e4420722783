// A file that is rewritten only if its content changes, so that its dependents
// are not built again. While the new content equals the old, nothing is
// written; changed content gets into place in one step.
//
// Thread-compatible.
#ifndef FINDER_CMD_OUTPUT_OUTPUT_FILE_H_
#define FINDER_CMD_OUTPUT_OUTPUT_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

class OutputFile final : public OutputStream {
 public:
  // Starts new content for `path`. Fails with "PATH: reason" if no regular file
  // can be there. Follows a symlink there, unless another user than `user_id`
  // may have planted it in a sticky directory (fs/sticky_directory.h). `files`
  // must outlive the result.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Open(
      FileSystem& files, const std::string& path, uint32_t user_id);

  Outcome Write(std::string_view bytes) override;
  // Finish and Commit. Without it the file stays as it was.
  Outcome Close() override;
  bool IsTerminal() const override { return false; }

  // The two halves of Close, for files that change together. Finish ends the
  // content; a full disk shows there at the latest. Commit puts it in place, if
  // it differs.
  Outcome Finish();
  Outcome Commit();
  // Undoes a Commit: the old content and permissions come back, in one step,
  // with a new time.
  Outcome Restore();

  // The same for each path that leads to this file, and for no other file.
  struct Identity {
    uint64_t device = 0;  // of the directory
    uint64_t inode = 0;
    std::string name;
    friend bool operator==(const Identity&, const Identity&) = default;
  };
  const Identity& identity() const { return identity_; }
  // The path of the file itself, at the end of all symlinks.
  const std::string& real_path() const { return path_; }

  // Call it before Finish. New content gets this time, in ns since the epoch,
  // instead of the present one.
  void SetTime(int64_t modified_ns) { time_ns_ = modified_ns; }
  // Makes Commit treat the content as new, even if it is the same.
  void Renew() { ending_ = Ending::kRenew; }
  // Makes Commit leave the file as it is, whatever was written.
  void Leave() { ending_ = Ending::kLeave; }

 private:
  enum class Ending : uint8_t { kIfChanged, kRenew, kLeave };

  OutputFile(FileSystem& files, std::string path);

  // Whether the old content goes on with `bytes`.
  bool OldContinuesWith(std::string_view bytes);
  // Starts a pending file with the bytes that were equal so far.
  Outcome StartRewrite();
  // Appends the first bytes of the old content.
  Outcome CopyOld(int64_t size, PendingFile& to);

  FileSystem& files_;
  const std::string path_;  // no symlink
  Identity identity_;
  uint32_t permissions_ = 0666;
  bool existed_ = false;
  bool planted_ =
      false;  // by another user, so that it is replaced even if equal
  bool replaced_ = false;
  Ending ending_ = Ending::kIfChanged;
  std::optional<int64_t> time_ns_;
  std::unique_ptr<ReadableFile> old_;  // null if there is none to compare with
  int64_t old_size_ = 0;
  int64_t equal_bytes_ = 0;
  std::unique_ptr<PendingFile> rewrite_;  // null as long as all is equal
};

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_OUTPUT_FILE_H_
