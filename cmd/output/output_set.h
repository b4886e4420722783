// Several output files that change together: all of them, or none.
//
// No file gets into place before all are written. After that only a rename
// within a directory can fail; then the files already renamed get their old
// content back. One case cannot be undone: a process killed between two renames
// leaves some files new and some old, each of them whole.
//
// Thread-compatible.
#ifndef FINDER_CMD_OUTPUT_OUTPUT_SET_H_
#define FINDER_CMD_OUTPUT_OUTPUT_SET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/output/output_file.h"
#include "fs/file_system.h"

namespace finder {

class OutputSet {
 public:
  // For `user_id`, as OutputFile::Open. `files` must outlive this.
  OutputSet(FileSystem& files, uint32_t user_id)
      : files_(files), user_id_(user_id) {}

  // Starts new content for `path`; the set owns the result. Fails with "PATH:
  // reason", also if another path of the set leads to the same file.
  absl::StatusOr<OutputFile*> Add(const std::string& path);

  // Gives all new content this time, in ns since the epoch.
  void SetTimes(int64_t modified_ns);
  // Whether all files are on one device.
  bool IsOnOneDevice() const;

  // Puts all content in place. `written` has the outcome of writing each file,
  // in the order of Add; if one failed, Commit changes nothing. Fails with
  // "PATH: reason".
  absl::Status Commit(const std::vector<Outcome>& written);

 private:
  struct Member {
    std::string path;  // as given
    std::unique_ptr<OutputFile> file;
  };
  void Restore(size_t committed, std::string& message);

  FileSystem& files_;
  const uint32_t user_id_;
  std::vector<Member> members_;
};

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_OUTPUT_SET_H_
