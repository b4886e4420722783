#include "cmd/find/find_output_files.h"

#include <errno.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace finder {

Result<FindOutput*> FindOutputFiles::Open(const std::string& path) {
  if (path == "/dev/stdout") return &output_;
  if (path == "/dev/stderr") return &error_output_;
  if (files_ == nullptr) return SystemError(EROFS);
  Result<OpenedOutput> opened = files_->Open(path);
  if (!opened.ok()) return opened.error();
  const FileStat& stat = opened->stat;
  for (const File& file : opened_) {
    if (file.device == stat.device && file.inode == stat.inode) {
      return file.output.get();
    }
  }
  File& file = opened_.emplace_back();
  file.path = path;
  file.device = stat.device;
  file.inode = stat.inode;
  file.stream = std::move(opened->stream);
  file.output = std::make_unique<FindOutput>(*file.stream);
  return file.output.get();
}

void FindOutputFiles::Flush() {
  output_.Flush();
  for (const File& file : opened_) file.output->Flush();
}

bool FindOutputFiles::failed() const {
  return std::any_of(opened_.begin(), opened_.end(), [](const File& file) {
    return !file.output->written().ok();
  });
}

void FindOutputFiles::Close(ActionMessages& messages) {
  for (const File& file : opened_) {
    const Outcome closed = file.output->Close();
    if (closed.ok()) continue;
    messages.Problem(absl::StrCat(
        file.path, ": cannot be written: ", closed.error().Message()));
  }
  opened_.clear();
}

}  // namespace finder
