// Goes through a scanned tree as find(1) goes through the disk: each operand,
// and below it each directory before or after what is in it, siblings by name.
//
// Where actions may have changed the tree since it was scanned, a directory's
// listing is believed only if its stamp still proves it; else the directory is
// listed anew.
//
// Thread-compatible.
#ifndef FINDER_CMD_FIND_FIND_WALK_H_
#define FINDER_CMD_FIND_FIND_WALK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/find/find_options.h"
#include "finder/expression/asked_entry.h"
#include "finder/expression/node.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/tree_walk.h"
#include "fs/file_system.h"

namespace finder {

// One PATH of the command line.
struct FindOperand {
  std::string path;
  std::string name;  // its last component
  std::string root;  // cleaned
  EntryKind kind = EntryKind::kFile;
  FileDetails details;
  std::string problem;  // why a directory cannot be entered; empty if it can
};

// Who is told of what a walk comes to.
class FindVisitor {
 public:
  virtual ~FindVisitor() = default;
  virtual Verdict Visit(AskedEntry& entry) = 0;
  // Whether the entry is passed over, with all that is below it.
  virtual bool Excludes(AskedEntry& entry) = 0;
  virtual void Problem(const std::string& path, std::string_view reason) = 0;
  // Of a directory that the scan could not read.
  virtual std::string ReasonFor(const std::string& path) = 0;
  // Whether the tree on the disk may no longer be what was scanned.
  virtual bool TreeMayHaveChanged() = 0;
};

class FindWalk {
 public:
  // All must outlive this.
  FindWalk(const FindOptions& options, FileSystem& files, FindVisitor& visitor)
      : options_(options), files_(files), visitor_(visitor) {}

  // `tree` may be null if the operand is no directory that can be entered.
  void Walk(const DirectoryTree* tree, const FindOperand& operand);
  // Whether a verdict has ended it.
  bool quit() const { return quit_; }
  // The walk ends before what is in this directory. Null: at the end.
  void set_last(const Directory* last) { last_ = last; }

 private:
  // What a directory holds, as it was listed during the walk.
  struct LiveEntry {
    std::string name;
    EntryKind kind = EntryKind::kFile;
  };
  // One directory, as far as its contents are not walked yet.
  struct Frame {
    const Directory* directory = nullptr;  // null if the tree does not know it
    std::string_view name;
    size_t path_size = 0;
    uint64_t device = 0;
    uint64_t inode = 0;
    // Of the tree's.
    Listing::Iterator entry = Listing().begin();
    ChildIterator<const Directory> child;
    // Or of the disk's; null if the tree is believed.
    std::unique_ptr<std::vector<LiveEntry>> live;
    size_t next_live = 0;
  };

  const Directory* FindRoot(const FindOperand& operand) const;
  void HandleDirectory(const Directory* d, std::string_view name,
                       const FileDetails* details);
  bool Enter(const Directory* d, std::string_view name);
  bool EnterAnew(const Directory* d, std::string_view name);
  void PushTree(const Directory& d, std::string_view name);
  bool StillProven(const Directory& d, const FileStat& stat) const;
  std::unique_ptr<std::vector<LiveEntry>> List(SymlinkPolicy links);
  void Leave();
  // One entry or child of the innermost directory.
  void Step(Frame& frame);
  void StepLive(Frame& frame);
  void StepInto(const Directory& child, size_t path_size);
  void StepOver(const Directory* parent, std::string_view name, EntryKind kind,
                size_t path_size);
  bool IsAbove(uint64_t device, uint64_t inode) const;
  uint64_t DeviceOf(const Directory& d) const;
  std::optional<FileDetails> Target();
  void SetPath(size_t directory_size, std::string_view name);

  KnownEntry Describe(std::string_view name, EntryKind kind);
  AskedEntry Ask(const KnownEntry& known, const FileDetails* details);
  void VisitOther(const KnownEntry& known, const FileDetails* details);
  Verdict Visit(AskedEntry& entry);
  std::optional<bool> IsEmpty(const Directory* d);

  const FindOptions& options_;
  FileSystem& files_;
  FindVisitor& visitor_;
  const DirectoryTree* tree_ = nullptr;  // null: nothing was scanned
  const FindOperand* operand_ = nullptr;
  std::string path_;
  std::vector<Frame> frames_;
  const Directory* last_ = nullptr;
  bool stopped_ = false;
  bool quit_ = false;
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_WALK_H_
