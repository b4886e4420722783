// Going through a tree: the one place that follows the links between
// directories.
//
//   for (const Directory& child : Children(d)) ...
//
//   VisitTree(*root.directory, [&](const Directory& d) {
//     return view.open(d) ? Descent::kInside : Descent::kOver;
//   });
//
// Nothing here is recursive, for trees may be deep. Any thread, as long as
// nobody changes the links meanwhile; a visitor may change those below the
// directory that it enters.
#ifndef FINDER_FINDER_TREE_TREE_WALK_H_
#define FINDER_FINDER_TREE_TREE_WALK_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "finder/tree/directory.h"

namespace finder {

// D is Directory or const Directory.
template <typename D>
class ChildIterator {
 public:
  ChildIterator() = default;  // at the end
  static ChildIterator FirstOf(D& parent) {
    return ChildIterator(parent.first_child_);
  }
  // At a directory itself, to go on with its siblings.
  static ChildIterator At(D& d) { return ChildIterator(&d); }

  D& operator*() const { return *at_; }
  D* operator->() const { return at_; }
  ChildIterator& operator++() {
    at_ = at_->next_sibling_;
    return *this;
  }
  bool at_end() const { return at_ == nullptr; }
  friend bool operator==(const ChildIterator&, const ChildIterator&) = default;

 private:
  explicit ChildIterator(D* at) : at_(at) {}

  D* at_ = nullptr;
};

template <typename D>
class ChildRange {
 public:
  explicit ChildRange(D& parent) : begin_(ChildIterator<D>::FirstOf(parent)) {}

  ChildIterator<D> begin() const { return begin_; }
  ChildIterator<D> end() const { return {}; }
  bool empty() const { return begin_.at_end(); }

 private:
  ChildIterator<D> begin_;
};

// The directories in `parent`, in the order of what is below them.
template <typename D>
ChildRange<D> Children(D& parent) {
  return ChildRange<D>(parent);
}

// The child of that name; null if there is none.
template <typename D>
D* FindChild(D& parent, std::string_view name) {
  for (D& child : Children(parent)) {
    if (child.name() == name) return &child;
  }
  return nullptr;
}

// Where a walk goes from a directory.
enum class Descent : uint8_t {
  kInside,
  kOver,  // past all that is below it
  kStop,  // nowhere: the walk ends at once
};

// Calls visitor.Enter(d), which returns a Descent, for the directories from
// `start` on to the last one below `top`, in pre-order; and visitor.Leave(d)
// when done with a directory and all that is below it, which includes those
// between `top` and `start`. With `entered`, `start` has been, and is left
// first. `start` is `top` or below it.
template <typename D, typename Visitor>
void WalkTree(D& start, const Directory& top, bool entered, Visitor& visitor) {
  D* d = &start;
  while (true) {
    if (!entered) {
      const Descent descent = visitor.Enter(*d);
      if (descent == Descent::kStop) return;
      const ChildRange<D> children = Children(*d);
      if (descent == Descent::kInside && !children.empty()) {
        d = &*children.begin();
        continue;
      }
    }
    entered = false;
    visitor.Leave(*d);
    ChildIterator<D> next;
    while (d != &top && (next = ++ChildIterator<D>::At(*d)).at_end()) {
      d = d->parent;
      visitor.Leave(*d);
    }
    if (d == &top) return;
    d = &*next;
  }
}

// The same for a tree as a whole. A visitor may be just a function that enters.
template <typename D, typename Visitor>
void VisitTree(D& top, Visitor&& visitor) {
  if constexpr (std::is_invocable_v<Visitor&, D&>) {
    struct Entering {
      Descent Enter(D& d) { return enter(d); }
      void Leave(D&) {}
      Visitor& enter;
    } entering = {visitor};
    WalkTree(top, top, false, entering);
  } else {
    WalkTree(top, top, false, visitor);
  }
}

// A place in a pre-order walk that can be put aside.
template <typename D>
class TreeCursor {
 public:
  TreeCursor() = default;  // at the end
  // `depth`: of `at` below the top of the walk.
  TreeCursor(D& at, size_t depth) : at_(&at), depth_(depth) {}

  bool at_end() const { return at_ == nullptr; }
  D& operator*() const { return *at_; }
  D* operator->() const { return at_; }
  size_t depth() const { return depth_; }

  // REQUIRES: !at_end(); `descent` is kInside or kOver.
  void Next(Descent descent) {
    ChildIterator<D> next;
    if (descent == Descent::kInside) next = Children(*at_).begin();
    if (!next.at_end()) {
      ++depth_;
    } else {
      while (depth_ > 0 && (next = ++ChildIterator<D>::At(*at_)).at_end()) {
        at_ = at_->parent;
        --depth_;
      }
    }
    at_ = depth_ == 0 ? nullptr : &*next;
  }

 private:
  D* at_ = nullptr;
  size_t depth_ = 0;
};

}  // namespace finder

#endif  // FINDER_FINDER_TREE_TREE_WALK_H_
