#include "finder/tree/tree_repacking.h"

#include <algorithm>
#include <cstddef>

#include "finder/tree/child_links.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Directories of a piece: the first is small, since most trees are.
constexpr uint32_t kLeastPiece = 32;
constexpr uint32_t kMostPiece = 512;

// About what a directory weighs beside its listing, as for other landmarks.
constexpr uint64_t kDirectoryWeight = 54;

// Where walks of tiny trees begin does not matter.
constexpr size_t kPiecesWorthLandmarks = 3;

// Copies tree after tree, in the order of the walk.
class Repacker {
 public:
  Repacker(const DirectoryTree& old, Repacking what, MovedCallback moved,
           RepackedTree& out)
      : old_(old),
        what_(what),
        moved_(moved),
        out_(out),
        arena_(out.tree.NewArena()) {}

  void Run() {
    out_.tree.devices = old_.devices;
    if (what_ == Repacking::kAsItIs) out_.tree.roots = old_.roots;
    for (const Root& top : old_.known) {
      if (what_ == Repacking::kFactsAlone && IsNothing(*top.directory)) {
        moved_(*top.directory, nullptr);
        continue;
      }
      out_.tree.known.push_back(top);
      used_ = size_ = 0;
      VisitTree(static_cast<const Directory&>(*top.directory), *this);
    }
    PlaceLandmarks();
    out_.tree.ReturnArena(arena_);
  }

  Descent Enter(const Directory& d) {
    if (what_ == Repacking::kFactsAlone && d.via_link &&
        d.knowledge != Knowledge::kListed) {
      // What hangs below links is found again.
      LeaveOut(d);
      above_.push_back({nullptr, nullptr});
      return Descent::kOver;
    }
    Directory& copy = Copy(d);
    if (above_.empty()) {
      out_.tree.known.back().directory = &copy;
    } else {
      ChildLinks::Add(*above_.back().copy, above_.back().last, copy);
      above_.back().last = &copy;
    }
    moved_(d, &copy);
    above_.push_back({&copy, nullptr});
    if (what_ == Repacking::kAsItIs || d.knowledge != Knowledge::kGone) {
      return Descent::kInside;
    }
    for (const Directory& child : Children(d)) LeaveOut(child);
    return Descent::kOver;
  }
  void Leave(const Directory&) { above_.pop_back(); }

 private:
  struct Level {
    Directory* copy;
    Directory* last;  // of its children so far
  };

  void LeaveOut(const Directory& top) {
    VisitTree(top, [this](const Directory& d) {
      moved_(d, nullptr);
      return Descent::kInside;
    });
  }

  // A root that was never there.
  static bool IsNothing(const Directory& top) {
    return top.knowledge != Knowledge::kListed && Children(top).empty();
  }

  Directory& Copy(const Directory& d) {
    Directory& copy = NextPlace();
    ++out_.directories;
    ChildLinks::CopyUnlinked(d, copy);
    copy.set_name(arena_.Copy(d.name()));
    copy.block = Directory::kNoBlock;
    if (what_ == Repacking::kFactsAlone) Forget(copy);
    copy.set_listing(arena_.Copy(copy.listing().bytes()));
    weights_.back() += kDirectoryWeight + copy.listing_size;
    if (!d.view_root) return copy;
    for (Root& root : out_.tree.roots) {
      if (root.directory == &d) root.directory = &copy;
    }
    return copy;
  }

  // Leaves of `d` what a database would say of it.
  static void Forget(Directory& d) {
    d.verified = d.foreign = d.beyond = d.view_root = d.ignored = false;
    d.ignore_scope = 0;
    if (d.knowledge == Knowledge::kListed) return;
    d.knowledge = Knowledge::kNameOnly;
    d.set_listing("");
    d.inode = 0;
    d.change_ns = 0;
    d.device = kNoDevice;
    d.trusted = d.has_special = d.kinds_unknown = d.pruned = false;
  }

  Directory& NextPlace() {
    if (used_ == size_) {
      size_ = std::clamp(2 * size_, kLeastPiece, kMostPiece);
      used_ = 0;
      out_.pieces.push_back({arena_.NewArray<Directory>(size_), 0});
      weights_.push_back(0);
    }
    ++used_;
    return out_.pieces.back().directories[out_.pieces.back().count++];
  }

  void PlaceLandmarks() {
    if (out_.pieces.size() < kPiecesWorthLandmarks) return;
    for (size_t i = 0; i < out_.pieces.size(); ++i) {
      out_.tree.landmarks.push_back({out_.pieces[i].directories, weights_[i]});
    }
  }

  const DirectoryTree& old_;
  const Repacking what_;
  const MovedCallback moved_;
  RepackedTree& out_;
  Arena& arena_;
  std::vector<Level> above_;       // of the directory at hand
  std::vector<uint64_t> weights_;  // of the pieces
  uint32_t used_ = 0;              // of the last piece
  uint32_t size_ = 0;
};

}  // namespace

RepackedTree Repack(const DirectoryTree& old, Repacking what,
                    MovedCallback moved) {
  RepackedTree out;
  Repacker(old, what, moved, out).Run();
  return out;
}

}  // namespace finder
