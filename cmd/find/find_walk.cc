#include "cmd/find/find_walk.h"

#include <errno.h>

#include <algorithm>
#include <utility>

#include "finder/tree/listing.h"

namespace finder {
namespace {

constexpr std::string_view kLoop = "the same as a directory above it";

// Whether `d` is `top` or lies below it.
bool LiesIn(const Directory& d, const Directory& top) {
  const Directory* at = &d;
  while (at != nullptr && at != &top) at = at->parent;
  return at != nullptr;
}

}  // namespace

void FindWalk::Walk(const DirectoryTree* tree, const FindOperand& operand) {
  tree_ = tree;
  operand_ = &operand;
  path_ = operand.path;
  if (operand.kind == EntryKind::kDirectory) {
    const Directory* const root = FindRoot(operand);
    HandleDirectory(root, operand.name, &operand.details);
  } else {
    VisitOther(Describe(operand.name, operand.kind), &operand.details);
  }
  while (!frames_.empty() && !stopped_) {
    Frame& frame = frames_.back();
    if (frame.live != nullptr ? frame.next_live == frame.live->size()
                              : frame.entry.at_end() && frame.child.at_end()) {
      Leave();
    } else if (frame.live != nullptr) {
      StepLive(frame);
    } else {
      Step(frame);
    }
  }
  frames_.clear();
}

const Directory* FindWalk::FindRoot(const FindOperand& operand) const {
  if (tree_ == nullptr) return nullptr;
  for (const Root& root : tree_->roots) {
    if (root.path == operand.root) return root.directory;
  }
  return nullptr;
}

uint64_t FindWalk::DeviceOf(const Directory& d) const {
  return d.device == kNoDevice ? 0 : tree_->devices[d.device].number;
}

// Whether the walk is inside of this directory already: behind a symlink that
// leads up, or where one is mounted.
bool FindWalk::IsAbove(uint64_t device, uint64_t inode) const {
  return std::any_of(frames_.begin(), frames_.end(), [=](const Frame& frame) {
    return frame.inode == inode && frame.device == device;
  });
}

// --- Directories

// The directory at path_. `d` is null if the scan could not enter it.
void FindWalk::HandleDirectory(const Directory* d, std::string_view name,
                               const FileDetails* details) {
  KnownEntry known = Describe(name, EntryKind::kDirectory);
  known.is_empty = IsEmpty(d);
  const bool goes_inside = known.depth < options_.max_depth;
  AskedEntry entry = Ask(known, details);
  if (visitor_.Excludes(entry)) return;
  if (options_.order == VisitOrder::kContentsFirst) {
    if (goes_inside && (Enter(d, name) || stopped_)) return;
    Visit(entry);
    return;
  }
  const Verdict verdict = Visit(entry);
  if (stopped_ || !goes_inside) return;
  if (!verdict.prune) {
    Enter(d, name);
  } else if (last_ != nullptr && d != nullptr && LiesIn(*last_, *d)) {
    stopped_ = true;
  }
}

// Whether what is in the directory at path_ comes next.
bool FindWalk::Enter(const Directory* d, std::string_view name) {
  if (d != nullptr && d == last_) {
    stopped_ = true;
    return false;
  }
  if (visitor_.TreeMayHaveChanged()) return EnterAnew(d, name);
  if (d == nullptr || d->knowledge == Knowledge::kUnreadable) {
    const std::string& reason = operand_->problem;
    visitor_.Problem(path_, frames_.empty() && !reason.empty()
                                ? reason
                                : visitor_.ReasonFor(path_));
    return false;
  }
  if (!d->open()) return false;
  PushTree(*d, name);
  return true;
}

void FindWalk::PushTree(const Directory& d, std::string_view name) {
  Frame frame;
  frame.directory = &d;
  frame.name = name;
  frame.path_size = path_.size();
  frame.device = DeviceOf(d);
  frame.inode = d.inode;
  frame.entry = d.listing().begin();
  frame.child = Children(d).begin();
  frames_.push_back(std::move(frame));
}

bool FindWalk::EnterAnew(const Directory* d, std::string_view name) {
  const auto depth = static_cast<uint32_t>(frames_.size());
  const bool via_link = d != nullptr && d->via_link;
  const SymlinkPolicy links =
      via_link ? SymlinkPolicy::kFollow : options_.LinksAt(depth);
  const Result<FileStat> stat = files_.Stat({}, path_, links);
  if (!stat.ok()) {
    visitor_.Problem(path_, stat.error().Message());
    return false;
  }
  if (stat->kind != EntryKind::kDirectory) return false;
  if (options_.boundary == Boundary::kOneFileSystem &&
      stat->device != operand_->details.device) {
    return false;
  }
  if (d != nullptr && d->open() && StillProven(*d, stat.value())) {
    PushTree(*d, name);
    return true;
  }
  auto live = List(links);
  if (live == nullptr) return false;
  Frame frame;
  frame.directory = d;
  frame.name = name;
  frame.path_size = path_.size();
  frame.device = stat->device;
  frame.inode = stat->inode;
  frame.live = std::move(live);
  if (d != nullptr) frame.child = Children(*d).begin();
  frames_.push_back(std::move(frame));
  return true;
}

// Whether nothing was made, removed or renamed in it since it was scanned.
bool FindWalk::StillProven(const Directory& d, const FileStat& stat) const {
  return d.trusted && d.inode == stat.inode && DeviceOf(d) == stat.device &&
         d.change_ns == stat.change_ns;
}

// What is in the directory at path_, in the order of a tree; null if it cannot
// be read.
std::unique_ptr<std::vector<FindWalk::LiveEntry>> FindWalk::List(
    SymlinkPolicy links) {
  const Result<DirectoryHandle> handle = files_.OpenDirectory({}, path_, links);
  Outcome outcome = handle.ok() ? Outcome() : Outcome(handle.error());
  auto entries = std::make_unique<std::vector<LiveEntry>>();
  if (outcome.ok()) {
    outcome = files_.List(handle.value(),
                          [&entries](std::string_view name, EntryKind kind) {
                            entries->push_back({std::string(name), kind});
                          });
  }
  if (!outcome.ok()) {
    visitor_.Problem(path_, outcome.error().Message());
    return nullptr;
  }
  const auto key = [](const LiveEntry& entry) {
    return entry.kind == EntryKind::kDirectory ? entry.name + '/' : entry.name;
  };
  std::sort(entries->begin(), entries->end(),
            [&key](const LiveEntry& a, const LiveEntry& b) {
              return key(a) < key(b);
            });
  return entries;
}

void FindWalk::Leave() {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (options_.order == VisitOrder::kDirectoryFirst) return;
  path_.resize(frame.path_size);
  KnownEntry known = Describe(frame.name, EntryKind::kDirectory);
  if (frame.live == nullptr) known.is_empty = IsEmpty(frame.directory);
  AskedEntry entry = Ask(known, nullptr);
  Visit(entry);
}

// --- What is in them

void FindWalk::Step(Frame& frame) {
  const size_t path_size = frame.path_size;
  if (!frame.entry.at_end() &&
      (frame.child.at_end() ||
       EntryBeforeChild(frame.entry->name, frame.child->name()))) {
    const Entry entry = *frame.entry;
    ++frame.entry;
    StepOver(frame.directory, entry.name, entry.kind, path_size);
    return;
  }
  const Directory& child = *frame.child;
  ++frame.child;
  if (child.visible()) StepInto(child, path_size);
}

void FindWalk::StepLive(Frame& frame) {
  const LiveEntry& entry = (*frame.live)[frame.next_live++];
  const size_t path_size = frame.path_size;
  if (entry.kind != EntryKind::kDirectory) {
    StepOver(nullptr, entry.name, entry.kind, path_size);
    return;
  }
  while (!frame.child.at_end() &&
         ChildBefore(frame.child->name(), entry.name)) {
    ++frame.child;
  }
  const bool known = !frame.child.at_end() && frame.child->name() == entry.name;
  const Directory* const child = known ? &*frame.child : nullptr;
  SetPath(path_size, entry.name);
  HandleDirectory(child, entry.name, nullptr);
}

void FindWalk::StepInto(const Directory& child, size_t path_size) {
  SetPath(path_size, child.name());
  if (child.device != kNoDevice && IsAbove(DeviceOf(child), child.inode)) {
    return visitor_.Problem(path_, kLoop);
  }
  HandleDirectory(&child, child.name(), nullptr);
}

// `parent`: null if its listing is not the tree's.
void FindWalk::StepOver(const Directory* parent, std::string_view name,
                        EntryKind kind, size_t path_size) {
  KnownEntry known = Describe(name, IsLink(kind) ? EntryKind::kSymlink : kind);
  known.path_size = path_size;
  known.adds_name = true;
  if (known.kind != EntryKind::kSymlink ||
      known.links == SymlinkPolicy::kNoFollow) {
    return VisitOther(known, nullptr);
  }
  if (parent != nullptr) {
    const Directory* const child = FindChild(*parent, name);
    if (child != nullptr && child->visible()) return;  // comes as a child
  }
  SetPath(path_size, name);
  const std::optional<FileDetails> target = Target();
  if (!target) return;
  known.kind = target->kind;
  if (known.kind != EntryKind::kDirectory) return VisitOther(known, &*target);
  // Every other directory behind a symlink is a child.
  if (parent != nullptr || IsAbove(target->device, target->inode)) {
    return visitor_.Problem(path_, kLoop);
  }
  HandleDirectory(nullptr, name, &*target);
}

// What the symlink at path_ leads to; itself if that is nothing. None if find
// complains of it and passes over it.
std::optional<FileDetails> FindWalk::Target() {
  const Result<FileDetails> target = FollowedDetails(files_, path_);
  if (target.ok()) return target.value();
  visitor_.Problem(path_, target.error().Message());
  if (target.error().code() == ELOOP) return std::nullopt;
  FileDetails unknown;
  unknown.kind = EntryKind::kOther;
  return unknown;
}

void FindWalk::SetPath(size_t directory_size, std::string_view name) {
  path_.resize(directory_size);
  AppendComponent(name, path_);
}

// --- Visits

// An entry whose path is in path_.
KnownEntry FindWalk::Describe(std::string_view name, EntryKind kind) {
  const auto depth = static_cast<uint32_t>(frames_.size());
  return {.path = &path_,
          .path_size = path_.size(),
          .adds_name = false,
          .name = name,
          .start = operand_->path,
          .depth = depth,
          .kind = kind,
          .links = options_.LinksAt(depth),
          .is_empty = std::nullopt};
}

// `details` may be null.
AskedEntry FindWalk::Ask(const KnownEntry& known, const FileDetails* details) {
  AskedEntry entry(known, files_);
  if (details != nullptr && !visitor_.TreeMayHaveChanged()) {
    entry.SetDetails(*details);
  }
  return entry;
}

// Something that is no directory.
void FindWalk::VisitOther(const KnownEntry& known, const FileDetails* details) {
  AskedEntry entry = Ask(known, details);
  if (!visitor_.Excludes(entry)) Visit(entry);
}

Verdict FindWalk::Visit(AskedEntry& entry) {
  if (entry.known().depth < options_.min_depth) return {};
  const Verdict verdict = visitor_.Visit(entry);
  if (verdict.quit) stopped_ = quit_ = true;
  return verdict;
}

// As its listing says, if this run has proven that: then it is what a listing
// made now would say, as far as that can be said of any moment of the run.
std::optional<bool> FindWalk::IsEmpty(const Directory* d) {
  if (d == nullptr || !d->open() || visitor_.TreeMayHaveChanged()) {
    return std::nullopt;
  }
  for (const Directory& child : Children(*d)) {
    if (child.visible()) return false;
  }
  return d->listing().empty();
}

}  // namespace finder
