// Types of file systems that a test makes up. Thread-compatible.
#ifndef FINDER_FS_FAKE_FAKE_FILE_SYSTEM_NAMES_H_
#define FINDER_FS_FAKE_FAKE_FILE_SYSTEM_NAMES_H_

#include <cstdint>
#include <map>
#include <string>

#include "fs/file_system_names.h"

namespace finder {

class FakeFileSystemNames : public FileSystemNames {
 public:
  std::string TypeOf(uint64_t device) override {
    const auto found = types.find(device);
    return found == types.end() ? "unknown" : found->second;
  }

  std::map<uint64_t, std::string> types;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_FILE_SYSTEM_NAMES_H_
