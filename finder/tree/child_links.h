// Making the links between directories, which tree_walk.h follows. For those
// who build a tree or bring it up to date.
//
// Thread-safety: the links to a directory's children are changed by one thread.
#ifndef FINDER_FINDER_TREE_CHILD_LINKS_H_
#define FINDER_FINDER_TREE_CHILD_LINKS_H_

#include "finder/tree/directory.h"

namespace finder {

// Gives a directory its children anew, one after the other in the order of
// ChildBefore. A child that it has already may be given again; so whoever goes
// through the old ones steps on first. Until Finish() the rest of the old ones
// hangs on.
class ChildLinks {
 public:
  explicit ChildLinks(Directory& parent) : link_(&parent.first_child_) {}

  // Touches nothing of the child, whose `parent` is its maker's matter.
  void Append(Directory& child) {
    *link_ = &child;
    link_ = &child.next_sibling_;
  }
  void Finish() { *link_ = nullptr; }

  // Makes `child`, which has no links, the first child of `parent`, or that
  // behind `before`, the last one so far.
  static void Add(Directory& parent, Directory* before, Directory& child) {
    child.parent = &parent;
    (before == nullptr ? parent.first_child_ : before->next_sibling_) = &child;
  }
  // Makes `to` what `from` is, but linked to nothing.
  static void CopyUnlinked(const Directory& from, Directory& to) {
    to = from;
    to.parent = to.first_child_ = to.next_sibling_ = nullptr;
  }
  // Takes all of them away.
  static void Clear(Directory& parent) { parent.first_child_ = nullptr; }

 private:
  Directory** link_;
};

}  // namespace finder

#endif  // FINDER_FINDER_TREE_CHILD_LINKS_H_
