// One directory of the tree (directory_tree.h): what is known of it, and how
// directories and entries are ordered.
//
// Thread-safety: as the tree's.
#ifndef FINDER_FINDER_TREE_DIRECTORY_H_
#define FINDER_FINDER_TREE_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "finder/tree/listing.h"

namespace finder {

// How much is known of a directory.
enum class Knowledge : uint8_t {
  kNameOnly,    // its parent's listing names it; never stamped nor listed
  kListed,      // stamp and listing
  kUnreadable,  // exists, but could not be stamped or listed; seen as empty
  kGone,        // vanished; not part of any answer nor of the next database
};

// No device is known under this index.
inline constexpr uint16_t kNoDevice = 0xffff;

struct Directory {
  Directory* parent = nullptr;  // null for a root

 private:
  // Children are linked in the order of ChildBefore. tree_walk.h follows the
  // links, and child_links.h makes them; nobody else does.
  template <typename D>
  friend class ChildIterator;
  friend class ChildLinks;

  Directory* first_child_ = nullptr;
  Directory* next_sibling_ = nullptr;

 public:
  const char* name_bytes = nullptr;
  const char* listing_bytes = nullptr;

  // The stamp: identity and change time, taken before the listing was read.
  uint64_t inode = 0;
  int64_t change_ns = 0;

  uint32_t listing_size = 0;
  // Index of the database block it was read from; kNoBlock if from none, or if
  // the facts have changed since.
  uint32_t block = kNoBlock;
  // Which ignore files count inside; a number of DirectoryTree::ignore_scopes.
  uint32_t ignore_scope = 0;
  uint16_t name_size = 0;
  uint16_t device = kNoDevice;  // index into DirectoryTree::devices
  Knowledge knowledge = Knowledge::kNameOnly;

  // The flags are grouped by who writes them while others may be reading:
  // neighbouring bits are one memory location.

  // By the owner during a scan; the parent's owner reads it.
  bool verified = false;  // stamped in this pass or an earlier one, or queued
  bool foreign = false;   // beyond the view's file-system boundary
  // By the owner, when it reads the listing.
  bool pruned = false;  // by the view: the listing holds a prune file
  // Before any thread shares the directory.
  bool excluded : 1 = false;  // by the view, through its own name
  bool ignored : 1 = false;   // by an ignore file, or what lies above is
  bool via_link : 1 = false;  // entered through a symlink (--follow)
  bool beyond : 1 =
      false;  // when last stamped, on another device than its root
  // A root of the view. It may lie inside a wider tree of which the view sees
  // nothing else; `parent` is then not null.
  bool view_root : 1 = false;
  // By who calls for an update, before it: it has an item of its own, so its
  // parent's owner leaves it alone.
  bool queued : 1 = false;
  // By the owner, and read by nobody else during a scan.
  bool : 0;
  bool trusted : 1 = false;      // equality of the stamp proves the listing
  bool has_special : 1 = false;  // the listing has entries that are no files
  // Name, stamp and listing stand in this order in the text of the database
  // they were read from, without escapes. Holds as long as there is a block.
  bool as_stored : 1 = false;
  // The listing is from a source that does not tell files from symlinks.
  bool kinds_unknown : 1 = false;
  // Taken off the tree, by itself or with one above it. Written once a scan is
  // idle, or with the directory if its parent was.
  bool removed : 1 = false;

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
  bool visible() const { return !hidden() && knowledge != Knowledge::kGone; }
  bool hidden() const { return excluded || ignored; }
  // Whether the view shows what is inside, given that it shows the directory.
  bool open() const {
    return verified && !pruned && !foreign && knowledge == Knowledge::kListed;
  }
};

// Whether child directory `a` comes before `b`: by the bytes of name + '/'.
bool ChildBefore(std::string_view a, std::string_view b);

// Whether an entry called `entry` comes before everything below directory
// `directory`: by the bytes of `entry` against `directory` + '/'.
bool EntryBeforeChild(std::string_view entry, std::string_view directory);

// Whether `a` comes before `b` in pre-order.
// REQUIRES: they have the same top, and are linked to it.
bool PreorderBefore(const Directory& a, const Directory& b);

// Path of `d` below its view root: "a/b/c", empty for the root itself.
std::string RelativePath(const Directory& d);
// Appends the same to `out`.
void AppendRelativePath(const Directory& d, std::string& out);

}  // namespace finder

#endif  // FINDER_FINDER_TREE_DIRECTORY_H_
