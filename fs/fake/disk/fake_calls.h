// The calls of a FakeFileSystem, and which of them fail: a log and counters,
// injected errors, and a hook.
//
// Thread-safe.
#ifndef FINDER_FS_FAKE_DISK_FAKE_CALLS_H_
#define FINDER_FS_FAKE_DISK_FAKE_CALLS_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fs/result.h"

namespace finder {

// The calls of FileSystem, ReadableFile (kRead is ReadAt) and PendingFile; of
// SharedFiles (kOpenShared may make a file; unique directories are made by
// kMakeDirectory) and of SharedFile, whose Read is kRead and whose Append is
// kAppend; of DirectoryWatcher its Watch. A file or symlink that an OutputTree
// places is a kCreate, a kAppend and a kCommit.
enum class Operation {
  kStat,
  kDetails,
  kOpenDirectory,
  kList,
  kReadLink,
  kOpenFile,
  kRead,
  kReadSmall,
  kOpenShared,
  kLock,
  kWatch,
  kCreate,
  kAppend,
  kSync,
  kCommit,
  kRename,
  kRemove,
  kMakeDirectory,
  kCreateSmall,
  kResize,
  kSetTime,
  kExchange,
  kMoveToFree,
  kSetPermissions,
};

// The word for it in the log, as "open_directory".
std::string_view NameOf(Operation operation);
// Whether it can change the disk: kCreate and all that follow it.
bool IsWrite(Operation operation);

class FakeCalls {
 public:
  struct Counters {
    int stat = 0;
    int details = 0;
    int open_directory = 0;
    int list = 0;
    int read_link = 0;
    int open_file = 0;
    int read = 0;
    int read_small = 0;
    int open_shared = 0;
    int lock = 0;
    int watch = 0;
    int create = 0;
    int append = 0;
    int sync = 0;
    int commit = 0;
    int rename = 0;
    int remove = 0;
    int make_directory = 0;
    int create_small = 0;
    int resize = 0;
    int set_time = 0;
    int exchange = 0;
    int move_to_free = 0;
    int set_permissions = 0;

    int writes() const {
      return create + append + sync + commit + rename + remove +
             make_directory + create_small + resize + set_time + exchange +
             move_to_free + set_permissions;
    }
    friend bool operator==(const Counters&, const Counters&) = default;
  };

  // How long an injected error lasts.
  enum class Lasting { kOnce, kFromThenOn };

  // Calls since construction or Reset, failed ones included.
  Counters counters() const;
  // One line a call, in order: "stat /a/b", "rename /a /b". Paths are absolute,
  // without "." and doubled slashes; symlinks and ".." stay.
  std::vector<std::string> log() const;
  // Forgets counters and log; faults and hook stay.
  void Reset();

  // The `n`th call of the kind from now on fails with `error_code`; the next
  // one is the first. A failed append has written half of its bytes.
  void FailNthCall(Operation operation, int n, int error_code,
                   Lasting lasting = Lasting::kOnce);
  // The same for calls of any kind that can change the disk.
  void FailNthWrite(int n, int error_code, Lasting lasting = Lasting::kOnce);
  // The same for calls of any kind. With kFromThenOn the disk sees the death of
  // the process.
  void FailNthCallOfAny(int n, int error_code,
                        Lasting lasting = Lasting::kOnce);
  // Every call (of the kind) on `path`, spelled as in the log, fails.
  void FailPath(std::string_view path, int error_code);
  void FailPath(Operation operation, std::string_view path, int error_code);
  void ClearFaults();

  // Called before every call takes effect, with no lock held: it may change
  // the tree, and may be called from many threads at once.
  using Hook = std::function<void(Operation operation, std::string_view path)>;
  void OnCall(Hook hook);

  // For FakeFileSystem: notes a call and returns the error it must fail with.
  // `second_path` is the other path of a rename.
  Outcome Note(Operation operation, std::string_view path,
               std::string_view second_path = "");

 private:
  struct Fault {
    std::optional<Operation> operation;  // none: every write, or every call
    bool any_call;
    int calls_left;
    int error_code;
    Lasting lasting;
  };
  struct PathFault {
    std::optional<Operation> operation;  // none: every call
    int error_code;
  };

  Outcome FindFault(Operation operation, std::string_view path)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  Counters counters_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> log_ ABSL_GUARDED_BY(mutex_);
  std::vector<Fault> faults_ ABSL_GUARDED_BY(mutex_);
  std::multimap<std::string, PathFault, std::less<>> path_faults_
      ABSL_GUARDED_BY(mutex_);
  Hook hook_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_DISK_FAKE_CALLS_H_
