// From the entries of an open directory to the listing and the children of a
// Directory. Internal to the scanner.
//
// Thread-safety: one thread each. A reader writes to the directory it is given,
// which its worker owns; children that were known before keep all but their
// links.
#ifndef FINDER_FINDER_SCANNER_DIRECTORY_READER_H_
#define FINDER_FINDER_SCANNER_DIRECTORY_READER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "finder/scanner/scan_state.h"
#include "finder/tree/arena.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/listing.h"

namespace finder {

// The directories that a listing names, sorted as children are.
class ChildNames {
 public:
  void Clear();
  void Add(std::string_view name, bool via_link);
  void Sort();
  size_t size() const { return items_.size(); }
  std::string_view name(size_t i) const {
    return {names_.data() + items_[i].offset, items_[i].size};
  }
  bool via_link(size_t i) const { return items_[i].via_link; }

 private:
  struct Item {
    uint32_t offset;
    uint16_t size;
    bool via_link;
  };
  std::string names_;
  std::vector<Item> items_;
};

// Keeps its memory from one directory to the next.
class DirectoryReader {
 public:
  // Names and new children go to `arena`.
  DirectoryReader(const ScanState& state, Arena& arena);

  // Reads the entries of `d`, which is open and about `directory_bytes` large
  // (st_size), and says whether it holds a prune file. The rest of `d` stays as
  // it is until the setters are called.
  Outcome Read(Directory& d, const DirectoryHandle& handle,
               int64_t directory_bytes);
  // Finds out what the symlinks read lead to. Returns the stat calls it took.
  uint64_t ResolveLinks(const DirectoryHandle& handle);

  // Give `d` what was read. True if it knew otherwise.
  bool SetListing(Directory& d);
  bool SetChildren(Directory& d);

  // Makes the symlinks to directories that the listing of `d` names children,
  // and those of before no more. True if anything changed.
  bool AdoptLinks(Directory& d);

  // The directories that were taken off the tree, each with all below it.
  const std::vector<Directory*>& unlinked() const { return unlinked_; }
  // About the bytes of the listings that were replaced.
  uint64_t dead_bytes() const { return dead_bytes_; }
  // Whether the directory read last holds one called .git.
  bool has_git() const { return has_git_; }

 private:
  Directory* NewChild(Directory& parent, std::string_view name, bool via_link);
  bool IsExcluded(const Directory& parent, std::string_view name);

  const ScanState& state_;
  Arena& arena_;
  ListingBuilder listing_;
  ChildNames children_;
  std::string path_;  // of a child, for rules by path
  std::vector<Directory*> unlinked_;
  uint64_t dead_bytes_ = 0;
  bool has_git_ = false;
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_DIRECTORY_READER_H_
