// The tree of directories that one run knows, or a Finder that stands: loaded
// from a database, brought up to date by the scanner, read by queries, written
// to a database again.
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
#include "finder/tree/directory.h"
#include "fs/volume.h"

namespace finder {

class IgnoreScopes;

// A device on which directories lie.
struct Device {
  uint64_t number = 0;  // st_dev when it was last seen; 0: a free place
  // Which file system that was; none if the source of the facts does not say.
  std::optional<Volume> volume;

  friend bool operator==(const Device&, const Device&) = default;
};

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

// Its parts are open to whoever has the tree: const ones to those who only
// read it.
struct DirectoryTree {
  // The roots of the view. Their directories are view_root.
  std::vector<Root> roots;

  // Everything known, in the order of a database: the tops of trees, some of
  // which the view may not see, or only in part. `path` is empty here.
  std::vector<Root> known;

  // Places all over the tree, in pre-order, so that nobody has to walk it to
  // cut it into parts. Empty if there are none: then, or for a tree with
  // several tops, it must be walked. Whoever unlinks directories clears them.
  std::vector<Landmark> landmarks;

  // What Directory::device is an index of. A tree spans few.
  std::vector<Device> devices;

  // The ignore files of the view; null if it has none. Not owned.
  const IgnoreScopes* ignore_scopes = nullptr;

  // Makes free the places under which no directory of the tree lies. Walks it.
  void FreeUnusedDevices();

  // A new arena that lives as long as the tree.
  Arena& NewArena();
  // One with room left, or else a new one, for one thread until it returns it.
  Arena& TakeArena();
  void ReturnArena(Arena& arena) { spare_arenas_.push_back(&arena); }

  // Of all arenas. What is taken off the tree stays there, until the tree is
  // repacked (tree_repacking.h).
  uint64_t size_bytes() const;
  // About how much of that belongs to nothing in the tree any more.
  uint64_t dead_bytes = 0;

 private:
  std::deque<std::unique_ptr<Arena>> arenas_;
  std::vector<Arena*> spare_arenas_;
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
