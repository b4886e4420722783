// -delete: removes files and empty directories, each from the very directory in
// which it was found. Thread-compatible.
#ifndef FINDER_CMD_ACTIONS_DELETION_H_
#define FINDER_CMD_ACTIONS_DELETION_H_

#include <cstdint>

#include "cmd/actions/action_messages.h"
#include "cmd/actions/action_target.h"
#include "cmd/actions/directory_chain.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

class Deletion {
 public:
  // What to say of a file that is gone already.
  enum class Gone : uint8_t { kIsProblem, kIsFine };

  // Both must outlive this.
  Deletion(FileSystem& files, ActionMessages& messages)
      : files_(files), messages_(messages), chain_(files) {}

  // Whether it is removed, or was ".", which is left alone.
  bool Delete(const ActionTarget& target, Gone gone);

 private:
  Outcome Remove(const ActionTarget& target);

  FileSystem& files_;
  ActionMessages& messages_;
  DirectoryChain chain_;
};

}  // namespace finder

#endif  // FINDER_CMD_ACTIONS_DELETION_H_
