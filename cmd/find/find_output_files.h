// The files of -fprint and its like: emptied when the command line is read,
// even if nothing is ever written. A file that is named twice, by whatever
// path, has one stream; /dev/stdout and /dev/stderr are this process's streams.
//
// Thread-compatible.
#ifndef FINDER_CMD_FIND_FIND_OUTPUT_FILES_H_
#define FINDER_CMD_FIND_FIND_OUTPUT_FILES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cmd/actions/action_messages.h"
#include "cmd/find/find_output.h"
#include "fs/output_files.h"
#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

class FindOutputFiles {
 public:
  // All must outlive this. `files` may be null where none is opened.
  FindOutputFiles(OutputFiles* files, FindOutput& output, OutputStream& err)
      : files_(files),
        output_(output),
        error_output_(err, FindOutput::Buffering::kNone) {}

  // The stream of the file, which is good as long as this is.
  Result<FindOutput*> Open(const std::string& path);

  void Flush();
  // Whether something could not be written so far, but for standard output.
  bool failed() const;
  // Ends all files, and tells of each that lacks something.
  void Close(ActionMessages& messages);

 private:
  struct File {
    std::string path;
    uint64_t device;
    uint64_t inode;
    std::unique_ptr<OutputStream> stream;
    std::unique_ptr<FindOutput> output;
  };

  OutputFiles* const files_;
  FindOutput& output_;
  FindOutput error_output_;
  std::vector<File> opened_;
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_OUTPUT_FILES_H_
