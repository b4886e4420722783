// CutIntoSegments and SegmentsAreSorted of query.h.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "finder/query/query.h"
#include "finder/query/tree_range.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// A directory weighs as much as this many bytes of names: about what visiting
// it costs beside looking through its listing.
constexpr uint64_t kDirectoryWeight = 32;

// Marks that are kept for each segment wanted: more make the segments more
// even.
constexpr size_t kMarksPerSegment = 16;

// What the paths of a root begin with; of an entry, its path.
std::string Beginning(const Root& root) {
  std::string text = PrintedPrefix(root.path);
  if (root.kind == RootKind::kDirectory) return text;
  for (auto it = root.directory->listing().begin(); !it.at_end(); ++it) {
    text += it->name;
  }
  return text;
}

// Visible roots in output order.
std::vector<size_t> RootsInOrder(const DirectoryTree& tree) {
  const std::vector<Root>& roots = tree.roots;
  std::vector<size_t> order;
  for (size_t i = 0; i < roots.size(); ++i) {
    if (EntersRoot(roots[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return Beginning(roots[a]) < Beginning(roots[b]);
  });
  return order;
}

// A directory before which the output could be cut, and the weight from there
// to the next mark.
struct Mark {
  size_t root = 0;
  const Directory* at = nullptr;
  uint64_t weight = 0;
  bool begins_root = false;
};

// Whether a walk from `top` comes to what is inside `d`.
bool IsEntered(const Directory& d, const Directory* top) {
  const Directory* at = &d;
  for (; at != top && at != nullptr; at = at->parent) {
    if (!at->visible() || !at->open()) return false;
  }
  return at == top;
}

bool LandmarksWillDo(const DirectoryTree& tree) {
  return !tree.landmarks.empty() && tree.known.size() == 1 &&
         tree.roots[0].directory == tree.known[0].directory;
}

// Marks the output at about even distances without knowing how long it is: when
// there are too many marks, every other one is dropped and distances double.
class Marker {
 public:
  explicit Marker(size_t max_marks) : max_marks_(max_marks) {}

  void AddRoot(size_t index, const Directory* top) {
    marks_.push_back({index, top, 0, true});
    VisitTree(*top, [this, index, top](const Directory& d) {
      const bool enter = (&d == top || d.visible()) && d.open();
      if (enter) Add(index, &d);
      return enter ? Descent::kInside : Descent::kOver;
    });
  }

  // The same for a tree with landmarks, whose one top is root 0.
  void AddLandmarks(const DirectoryTree& tree) {
    const Directory* top = tree.roots[0].directory;
    marks_.push_back({0, top, 0, true});
    for (const Landmark& landmark : tree.landmarks) {
      if (landmark.directory != top && IsEntered(*landmark.directory, top)) {
        marks_.push_back({0, landmark.directory, 0, false});
      }
      marks_.back().weight += landmark.weight;
      if (marks_.size() > max_marks_) Thin();
    }
  }

  const std::vector<Mark>& marks() const { return marks_; }

 private:
  void Add(size_t root, const Directory* d) {
    if (marks_.back().weight >= grain_) {
      marks_.push_back({root, d, 0, false});
      if (marks_.size() > max_marks_) Thin();
    }
    marks_.back().weight += kDirectoryWeight + d->listing_size;
  }

  void Thin() {
    grain_ *= 2;
    std::vector<Mark> kept;
    for (const Mark& mark : marks_) {
      if (kept.empty() || mark.begins_root || kept.back().weight >= grain_) {
        kept.push_back(mark);
      } else {
        kept.back().weight += mark.weight;
      }
    }
    marks_ = std::move(kept);
  }

  size_t max_marks_;
  uint64_t grain_ = 1;
  std::vector<Mark> marks_;
};

}  // namespace

std::vector<Segment> CutIntoSegments(const DirectoryTree& tree, size_t count) {
  const std::vector<size_t> order = RootsInOrder(tree);
  std::vector<Segment> segments;
  if (count <= order.size()) {
    for (size_t root : order) {
      segments.push_back({root, tree.roots[root].directory, nullptr});
    }
    return segments;
  }
  Marker marker(order.size() + count * kMarksPerSegment);
  if (order.size() == 1 && order[0] == 0 && LandmarksWillDo(tree)) {
    marker.AddLandmarks(tree);
  } else {
    for (size_t root : order) {
      marker.AddRoot(root, tree.roots[root].directory);
    }
  }
  uint64_t total = 0;
  for (const Mark& mark : marker.marks()) total += mark.weight;
  const uint64_t share = std::max<uint64_t>(total / count, 1);
  uint64_t weight = 0;  // of the last segment so far
  for (const Mark& mark : marker.marks()) {
    const bool cut = !segments.empty() && !mark.begins_root &&
                     weight + mark.weight / 2 >= share;
    if (cut) segments.back().end = mark.at;
    if (cut || mark.begins_root) {
      segments.push_back({mark.root, mark.at, nullptr});
      weight = 0;
    }
    weight += mark.weight;
  }
  return segments;
}

bool SegmentsAreSorted(const DirectoryTree& tree) {
  const std::vector<size_t> order = RootsInOrder(tree);
  for (size_t i = 1; i < order.size(); ++i) {
    // In byte order, a prefix is directly followed by what it begins.
    const Root& first = tree.roots[order[i - 1]];
    const std::string before = Beginning(first);
    const std::string after = Beginning(tree.roots[order[i]]);
    const bool is_one_path = first.kind == RootKind::kEntry;
    if (is_one_path ? after == before : after.starts_with(before)) return false;
  }
  return true;
}

}  // namespace finder
