// A process on a fake disk, with all that a run is handed in. Several of them
// on one FakeTree stand for processes that run side by side.
//
// Thread-safety: that of its parts.
#ifndef FINDER_FS_FAKE_FAKE_MACHINE_H_
#define FINDER_FS_FAKE_FAKE_MACHINE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "fs/clock.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_output_tree.h"
#include "fs/fake/disk/fake_shared_files.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_access_checks.h"
#include "fs/fake/fake_background_process.h"
#include "fs/fake/fake_child_process.h"
#include "fs/fake/fake_file_system_names.h"
#include "fs/fake/fake_output_files.h"
#include "fs/fake/fake_user_names.h"
#include "fs/machine.h"

namespace finder {

class FakeMachine {
 public:
  // The process is FakeUser()'s, called "me" on "here", and works in "/".
  // `tree` and `clock` must outlive this.
  FakeMachine(FakeTree* tree, Clock* clock)
      : files_(tree), shared_files_(&files_), outputs_(&files_) {
    machine_.files = &files_;
    machine_.clock = clock;
    machine_.shared_files = &shared_files_;
    machine_.processes = &background_;
    machine_.outputs = &outputs_;
    machine_.children = &children_;
    machine_.output_files = &output_files_;
    machine_.users = &users_;
    machine_.file_system_names = &file_system_names_;
    machine_.access = &access_;
    machine_.host.user = "me";
    machine_.host.name = "here";
    machine_.host.user_id = FakeUser().id;
    machine_.host.group_ids = {FakeUser().group};
    machine_.host.boot_id = "boot";
    machine_.host.processors = 2;
    machine_.host.max_open_files = 1024;
    machine_.working_directory = "/";
  }
  FakeMachine(const FakeMachine&) = delete;
  FakeMachine& operator=(const FakeMachine&) = delete;

  // Another user of the same group.
  void SetUser(uint32_t id) {
    files_.SetUser({.id = id});
    machine_.host.user_id = id;
  }
  // Requires a directory at `path`, which is absolute.
  void SetWorkingDirectory(std::string_view path) {
    files_.SetWorkingDirectory(path);
    machine_.working_directory = std::string(path);
  }

  // To hand in; a test may change what it likes.
  Machine& machine() { return machine_; }
  FakeFileSystem& files() { return files_; }
  FakeSharedFiles& shared_files() { return shared_files_; }
  FakeOutputTree& outputs() { return outputs_; }
  FakeBackgroundProcesses& background() { return background_; }
  FakeChildProcesses& children() { return children_; }
  FakeOutputFiles& output_files() { return output_files_; }
  FakeUserNames& users() { return users_; }
  FakeFileSystemNames& file_system_names() { return file_system_names_; }
  FakeAccessChecks& access() { return access_; }

 private:
  FakeFileSystem files_;
  FakeSharedFiles shared_files_;
  FakeBackgroundProcesses background_;
  FakeOutputTree outputs_;
  FakeChildProcesses children_;
  FakeOutputFiles output_files_;
  FakeUserNames users_;
  FakeFileSystemNames file_system_names_;
  FakeAccessChecks access_;
  Machine machine_;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_MACHINE_H_
