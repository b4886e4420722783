// Files written by write(2). Thread-safety: as of the interface.
#ifndef FINDER_FS_POSIX_POSIX_OUTPUT_FILES_H_
#define FINDER_FS_POSIX_POSIX_OUTPUT_FILES_H_

#include <string_view>

#include "fs/output_files.h"
#include "fs/result.h"

namespace finder {

class PosixOutputFiles : public OutputFiles {
 public:
  Result<OpenedOutput> Open(std::string_view path) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_OUTPUT_FILES_H_
