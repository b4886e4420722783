// An entry of which an expression is asked: what a walk knows of it for
// nothing, and what its file says when somebody wants to know, each at most
// once.
//
// Thread-compatible.
#ifndef FINDER_FINDER_EXPRESSION_ASKED_ENTRY_H_
#define FINDER_FINDER_EXPRESSION_ASKED_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fs/entry_kind.h"
#include "fs/file_details.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// What a walk knows.
struct KnownEntry {
  // Where the path as printed is: `path_size` bytes of it, and behind these
  // `name`, if that is still to be added.
  std::string* path = nullptr;
  size_t path_size = 0;
  bool adds_name = true;
  std::string_view name;   // the last component
  std::string_view start;  // the operand that the walk began with
  uint32_t depth = 0;      // below that
  // Of a symlink that is followed, what it leads to, if to anything.
  EntryKind kind = EntryKind::kFile;
  SymlinkPolicy links = SymlinkPolicy::kNoFollow;
  // Of a directory whose listing this run has proven: whether it is empty.
  std::optional<bool> is_empty;
};

class AskedEntry {
 public:
  // `known.path` is changed by path().
  AskedEntry(const KnownEntry& known, FileSystem& files)
      : known_(known), files_(&files) {}

  const KnownEntry& known() const { return known_; }
  std::string_view name() const { return known_.name; }
  EntryKind kind() const { return known_.kind; }
  // Put together when it is first asked for.
  const std::string& path();
  // From now on the path is put together there. What `name` and `start` view
  // must outlive this, as ever.
  void MovePathTo(std::string& path);

  // The inode's data, by the walk's policy for symlinks: of one that leads
  // nowhere, its own.
  const Result<FileDetails>& Details();
  void SetDetails(const FileDetails& details) { details_ = details; }
  bool has_details() const { return details_.has_value(); }
  // The same by the other policy.
  const Result<FileDetails>& OtherDetails();
  const Result<std::string>& LinkTarget();
  // Lists a directory, unless the walk knows.
  const Result<bool>& IsEmptyDirectory();

 private:
  Result<FileDetails> Ask(SymlinkPolicy links);

  KnownEntry known_;
  FileSystem* files_;
  bool has_path_ = false;
  std::optional<Result<FileDetails>> details_;
  std::optional<Result<FileDetails>> other_details_;
  std::optional<Result<std::string>> link_target_;
  std::optional<Result<bool>> is_empty_;
};

// The details of a symlink's target, or its own if it leads nowhere.
Result<FileDetails> FollowedDetails(FileSystem& files, std::string_view path);

// Adds `name` to the path of a directory.
void AppendComponent(std::string_view name, std::string& path);

}  // namespace finder

#endif  // FINDER_FINDER_EXPRESSION_ASKED_ENTRY_H_
