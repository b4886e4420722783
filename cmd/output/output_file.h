// A file that is rewritten only if its content changes, so that what depends on
// it is not built again: while the new content equals the old, nothing is
// written, and a change is put in place in one step.
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
  // Starts a new content for `path`. Fails with "PATH: reason" if that is no
  // place for a regular file. A symlink there is followed, unless it is one
  // that another user than `user_id` may have laid out in a sticky directory
  // (fs/sticky_directory.h). `files` must outlive the result.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Open(
      FileSystem& files, const std::string& path, uint32_t user_id);

  Outcome Write(std::string_view bytes) override;
  // Finish and Commit. Without it the file stays as it was.
  Outcome Close() override;
  bool IsTerminal() const override { return false; }

  // The two halves of Close, for files that are to change together. Finish says
  // that the content is complete; all that can go wrong with a full disk has
  // gone wrong by then. Commit puts it in place, if it differs.
  Outcome Finish();
  Outcome Commit();
  // Undoes a Commit: what was there comes back, in one step, with its content
  // and permissions but a new time.
  Outcome Restore();

  // What tells this file from others, whatever the path that leads to it.
  struct Identity {
    uint64_t device = 0;  // of the directory
    uint64_t inode = 0;
    std::string name;
    friend bool operator==(const Identity&, const Identity&) = default;
  };
  const Identity& identity() const { return identity_; }
  // The path where it is, at the end of all symlinks.
  const std::string& real_path() const { return path_; }

  // To be called before Finish. A new content gets this time instead of the
  // present one.
  void SetTime(int64_t modified_ns) { time_ns_ = modified_ns; }
  // The content counts as new, even if it is the same.
  void Renew() { ending_ = Ending::kRenew; }
  // The file stays as it is, whatever was written.
  void Leave() { ending_ = Ending::kLeave; }

 private:
  enum class Ending : uint8_t { kIfChanged, kRenew, kLeave };

  OutputFile(FileSystem& files, std::string path);

  // Whether the old content goes on with `bytes`.
  bool OldContinuesWith(std::string_view bytes);
  // Starts a pending file with what was found equal so far.
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
