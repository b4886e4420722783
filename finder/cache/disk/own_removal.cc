#include "finder/cache/disk/own_removal.h"

#include <errno.h>

#include <string_view>
#include <utility>
#include <vector>

#include "finder/cache/disk/own_names.h"
#include "fs/file_system.h"

namespace finder {
namespace {

struct Child {
  std::string path;
  std::string name;
  bool is_directory;
};

class Remover {
 public:
  explicit Remover(const CacheEnvironment& environment)
      : files_(*environment.files), kinds_(environment.kinds) {}

  void RemoveEntryOrArea(const std::string& path) {
    std::string lock;
    for (Child& child : ChildrenOf(path)) {
      if (child.is_directory) {
        if (child.name == kDataName) {
          RemoveData(child.path);
        } else if (IsCacheKey(child.name)) {
          RemoveEntryOrArea(child.path);  // on its way out
        }
      } else if (child.name == kEntryLockName) {
        lock = std::move(child.path);
      } else if (IsEntryFileName(child.name)) {
        Remove(child.path);
      }
    }
    // What could not be removed now is to be found and locked later.
    if (HasFailed()) return;
    if (!lock.empty()) Remove(lock);
    Remove(path);
  }

  const Outcome& first_failure() const { return first_failure_; }

 private:
  void RemoveData(const std::string& path) {
    for (const Child& child : ChildrenOf(path)) {
      if (!child.is_directory && IsDataFileName(child.name, kinds_)) {
        Remove(child.path);
      }
    }
    Remove(path);
  }

  std::vector<Child> ChildrenOf(const std::string& path) {
    std::vector<Child> children;
    Result<DirectoryHandle> directory =
        files_.OpenDirectory({}, path, SymlinkPolicy::kNoFollow);
    if (!directory.ok()) {
      Note(directory.error());
      return children;
    }
    Note(files_.List(
        directory.value(), [&](std::string_view name, EntryKind kind) {
          children.push_back({path + "/" + std::string(name), std::string(name),
                              kind == EntryKind::kDirectory});
        }));
    return children;
  }

  void Remove(const std::string& path) {
    const Outcome removed = files_.Remove(path);
    const int code = removed.error().code();
    if (code == EEXIST) return Note(SystemError(ENOTEMPTY));
    Note(removed);
  }

  // Somebody else may be removing the same.
  void Note(const Outcome& outcome) {
    if (outcome.ok() || outcome.error().code() == ENOENT) return;
    // That something stays is told only if nothing worse happened.
    if (!HasFailed()) first_failure_ = outcome;
  }

  bool HasFailed() const {
    return !first_failure_.ok() && first_failure_.error().code() != ENOTEMPTY;
  }

  FileSystem& files_;
  const ObjectKinds kinds_;
  Outcome first_failure_;
};

}  // namespace

Outcome RemoveOwn(const CacheEnvironment& environment,
                  const std::string& path) {
  Remover remover(environment);
  remover.RemoveEntryOrArea(path);
  return remover.first_failure();
}

}  // namespace finder
