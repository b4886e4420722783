// An entry that a test makes up.
#ifndef FINDER_TESTS_CMD_FORMAT_FAKE_ENTRY_H_
#define FINDER_TESTS_CMD_FORMAT_FAKE_ENTRY_H_

#include <errno.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/format/printed_entry.h"
#include "fs/result.h"

namespace finder {

// As it is: a file of five bytes, "dir/name", one level below "dir".
class FakeEntry : public PrintedEntry {
 public:
  FakeEntry() {
    details->kind = EntryKind::kFile;
    details->mode = 0100644;
    details->size_bytes = 5;
    details->blocks = 8;
    details->links = 1;
    details->inode = 4711;
    details->device = 65024;
  }

  std::string_view path() override { return its_path; }
  std::string_view start() override { return its_start; }
  uint32_t depth() override { return its_depth; }
  EntryKind kind() override { return its_kind; }
  const FileDetails* Details() override {
    ++details_asked;
    return details.has_value() ? &*details : nullptr;
  }
  Result<std::string> LinkTarget() override { return target; }
  Result<FileDetails> TargetDetails() override { return target_details; }
  void Problem(SystemError error) override { problems.push_back(error.code()); }

  std::string its_path = "dir/name";
  std::string its_start = "dir";
  uint32_t its_depth = 1;
  EntryKind its_kind = EntryKind::kFile;
  std::optional<FileDetails> details = FileDetails();
  Result<std::string> target = SystemError(EINVAL);
  Result<FileDetails> target_details = SystemError(ENOENT);
  std::vector<int> problems;
  int details_asked = 0;
};

}  // namespace finder

#endif  // FINDER_TESTS_CMD_FORMAT_FAKE_ENTRY_H_
