// The tree of directories that one run knows: loaded from a database, brought
// up to date by the scanner, read by queries, written to a database again.
// Pure memory: no I/O, no clock, no threads.
//
// Layout: each directory is 80 bytes in an arena, linked to its parent, its
// first child and its next sibling; children are in the order of the bytes of
// name + '/', so that walking the tree and merging each listing in between
// gives paths in byte order without sorting. Files are not objects: a
// directory's files are one Listing.
//
// Thread-safety: during loading and scanning a directory's children are
// touched only by the thread that owns the directory at that time; afterwards
// the tree is const and may be read by all.
#ifndef FINDER_FINDER_TREE_DIRECTORY_TREE_H_
#define FINDER_FINDER_TREE_DIRECTORY_TREE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finder/tree/arena.h"
#include "finder/tree/listing.h"
#include "fs/volume.h"

namespace finder {

// How much is known of a directory.
enum class Knowledge : uint8_t {
  kNameOnly,    // its parent's listing names it; never stamped nor listed
  kListed,      // stamp and listing
  kUnreadable,  // exists, but could not be stamped or listed; seen as empty
  kGone,        // vanished; not part of any answer nor of the next database
};

// A device on which directories lie.
struct Device {
  uint64_t number = 0;  // st_dev when it was last seen; 0: a free place
  // Which file system that was; none if the source of the facts does not say.
  std::optional<Volume> volume;

  friend bool operator==(const Device&, const Device&) = default;
};

// No device is known under this index.
inline constexpr uint16_t kNoDevice = 0xffff;

struct Directory {
  Directory* parent = nullptr;  // null for a root
  Directory* first_child = nullptr;
  Directory* next_sibling = nullptr;
  const char* name_bytes = nullptr;
  const char* listing_bytes = nullptr;

  // The stamp: identity and change time, taken before the listing was read.
  uint64_t inode = 0;
  int64_t change_ns = 0;

  uint32_t listing_size = 0;
  // Index of the database block it was read from; kNoBlock if from none, or if
  // the facts have changed since.
  uint32_t block = kNoBlock;
  uint16_t name_size = 0;
  uint16_t device = kNoDevice;  // index into DirectoryTree::devices()
  Knowledge knowledge = Knowledge::kNameOnly;

  // The flags are grouped by who writes them while others may be reading:
  // neighbouring bits are one memory location.

  // By the owner during a scan; the parent's owner reads it.
  bool verified = false;  // stamped in this run, or queued to be
  bool foreign = false;   // beyond the view's file-system boundary
  // By the owner, when it reads the listing.
  bool pruned = false;  // by the view: the listing holds a prune file
  // Before any thread shares the directory.
  bool excluded : 1 = false;  // by the view, through its own name
  bool via_link : 1 = false;  // entered through a symlink (--follow)
  bool beyond : 1 =
      false;  // when last stamped, on another device than its root
  // A root of the view. It may lie inside a wider tree of which the view sees
  // nothing else; `parent` is then not null.
  bool view_root : 1 = false;
  // By the owner, and read by nobody else during a scan.
  bool : 0;
  bool trusted : 1 = false;      // equality of the stamp proves the listing
  bool has_special : 1 = false;  // the listing has entries that are no files
  // Name, stamp and listing stand in this order in the text of the database
  // they were read from, without escapes. Holds as long as there is a block.
  bool as_stored : 1 = false;
  // The listing is from a source that does not tell files from symlinks.
  bool kinds_unknown : 1 = false;

  static constexpr uint32_t kNoBlock = 0xffffffff;

  std::string_view name() const { return {name_bytes, name_size}; }
  Listing listing() const {
    return Listing(std::string_view(listing_bytes, listing_size));
  }
  void set_name(std::string_view name) {
    name_bytes = name.data();
    name_size = static_cast<uint16_t>(name.size());
  }
  void set_listing(std::string_view bytes) {
    listing_bytes = bytes.data();
    listing_size = static_cast<uint32_t>(bytes.size());
  }

  // Whether the view shows this directory, given that it shows the parent's
  // contents.
  bool visible() const { return !excluded && knowledge != Knowledge::kGone; }
  // Whether the view shows what is inside, given that it shows the directory.
  // What this run has not verified is never shown.
  bool open() const {
    return verified && !pruned && !foreign && knowledge == Knowledge::kListed;
  }
};

// Whether child directory `a` comes before `b`: by the bytes of name + '/'.
bool ChildBefore(std::string_view a, std::string_view b);

// Whether an entry called `entry` comes before everything below directory
// `directory`: by the bytes of `entry` against `directory` + '/'.
bool EntryBeforeChild(std::string_view entry, std::string_view directory);

// The directory after `d` in pre-order within the tree below `top`; null at
// the end. With `skip_children` those below `d` are left out.
Directory* NextInPreorder(const Directory* d, const Directory* top,
                          bool skip_children = false);

// Whether `a` comes before `b` in pre-order.
// REQUIRES: they have the same top, and are linked to it.
bool PreorderBefore(const Directory& a, const Directory& b);

// Path of `d` below its view root: "a/b/c", empty for the root itself.
std::string RelativePath(const Directory& d);
// Appends the same to `out`.
void AppendRelativePath(const Directory& d, std::string& out);

// What a root is.
enum class RootKind : uint8_t {
  kDirectory,
  // No directory: the root stands for the directory that holds it, of which it
  // shows that one entry, or none if there is nothing. Never stored.
  kEntry,
};

// One root, and what is known below it.
struct Root {
  std::string path;      // as the user gave it, cleaned: "src", "/usr", "."
  std::string absolute;  // where it is; the key in a database
  Directory* directory = nullptr;
  RootKind kind = RootKind::kDirectory;
};

// A directory to start at, and about how much lies between it and the next one
// in pre-order.
struct Landmark {
  const Directory* directory = nullptr;
  uint64_t weight = 0;
};

class DirectoryTree {
 public:
  DirectoryTree() = default;
  DirectoryTree(DirectoryTree&&) = default;
  DirectoryTree& operator=(DirectoryTree&&) = default;

  // The roots of the view. Their directories are view_root.
  std::vector<Root>& roots() { return roots_; }
  const std::vector<Root>& roots() const { return roots_; }

  // Everything known, in the order of a database: the tops of trees, some of
  // which the view may not see, or only in part. `path` is empty here.
  std::vector<Root>& known() { return known_; }
  const std::vector<Root>& known() const { return known_; }

  // Places all over the tree, in pre-order, so that nobody has to walk it to
  // cut it into parts. Empty if there are none: then, or for a tree with
  // several tops, it must be walked. Whoever unlinks directories clears them.
  std::vector<Landmark>& landmarks() { return landmarks_; }
  const std::vector<Landmark>& landmarks() const { return landmarks_; }

  // What Directory::device is an index of. A tree spans few.
  const std::vector<Device>& devices() const { return devices_; }
  std::vector<Device>& devices() { return devices_; }
  // Makes free the places under which no directory of the tree lies. Walks it.
  void FreeUnusedDevices();

  // A new arena that lives as long as the tree.
  Arena& NewArena();

 private:
  std::vector<Root> roots_;
  std::vector<Root> known_;
  std::vector<Landmark> landmarks_;
  std::vector<Device> devices_;
  std::deque<std::unique_ptr<Arena>> arenas_;
};

// A run of directories in pre-order that one worker verifies at a time.
struct Piece {
  Directory* directories = nullptr;
  uint32_t count = 0;
};

// Paths of files and directories below a root, as they are printed: what goes
// before a relative path. "" for ".", "/" for "/", else the root and a '/'.
std::string PrintedPrefix(std::string_view root_path);

}  // namespace finder

#endif  // FINDER_FINDER_TREE_DIRECTORY_TREE_H_
