#include "finder/scanner/directory_reader.h"

#include <algorithm>

#include "finder/scanner/entry_kinds.h"
#include "finder/tree/child_links.h"
#include "finder/tree/tree_walk.h"

namespace finder {

void ChildNames::Clear() {
  names_.clear();
  items_.clear();
}

void ChildNames::Add(std::string_view name, bool via_link) {
  items_.push_back({static_cast<uint32_t>(names_.size()),
                    static_cast<uint16_t>(name.size()), via_link});
  names_ += name;
}

void ChildNames::Sort() {
  const char* names = names_.data();
  std::sort(items_.begin(), items_.end(),
            [names](const Item& a, const Item& b) {
              return ChildBefore({names + a.offset, a.size},
                                 {names + b.offset, b.size});
            });
}

DirectoryReader::DirectoryReader(const ScanState& state, Arena& arena)
    : state_(state), arena_(arena) {}

Outcome DirectoryReader::Read(Directory& d, const DirectoryHandle& handle,
                              int64_t directory_bytes) {
  listing_.Clear();
  listing_.Expect(directory_bytes);
  children_.Clear();
  has_git_ = false;
  bool prune_file_seen = false;
  const ViewRules& rules = *state_.request.rules;
  const Outcome outcome = state_.request.files->List(
      handle, [&](std::string_view name, EntryKind kind) {
        if (kind == EntryKind::kDirectory) {
          children_.Add(name, false);
          has_git_ |= name == IgnoreScopes::kGitName;
          return;
        }
        if (rules.IsPruneFile(name)) prune_file_seen = true;
        const bool follows = state_.follow && kind == EntryKind::kSymlink;
        if (!state_.stored_keep.Keeps(name) && !follows) return;
        listing_.Add(name, kind);
      });
  if (outcome.ok()) d.pruned = prune_file_seen;
  return outcome;
}

uint64_t DirectoryReader::ResolveLinks(const DirectoryHandle& handle) {
  if (!listing_.has_special()) return 0;
  uint64_t stat_calls = 0;
  const EntryBase base{*state_.request.files, handle, ""};
  for (size_t i = 0; i < listing_.count(); ++i) {
    if (listing_.kind(i) != EntryKind::kSymlink) continue;
    const std::string_view name = listing_.name(i);
    if (!state_.follow && !state_.AsksTarget(name)) continue;
    ++stat_calls;
    const EntryKind kind = LinkTarget(base, name);
    listing_.set_kind(i, kind);
    if (kind == EntryKind::kLinkToDirectory && state_.follow) {
      children_.Add(name, true);
    }
  }
  return stat_calls;
}

bool DirectoryReader::SetListing(Directory& d) {
  const size_t size = listing_.size_bytes();
  char* bytes = arena_.AllocateBytes(size);
  listing_.Write(bytes);
  const std::string_view text(bytes, size);
  const bool changed = !SameFacts(Listing(text), d.listing());
  if (text == d.listing().bytes()) {
    arena_.FreeLast(bytes, size);
  } else {
    dead_bytes_ += d.listing_size;
    d.set_listing(text);
  }
  d.has_special = listing_.has_special();
  d.kinds_unknown = false;
  d.as_stored = false;
  return changed;
}

Directory* DirectoryReader::NewChild(Directory& parent, std::string_view name,
                                     bool via_link) {
  Directory* child = arena_.NewArray<Directory>(1);
  child->parent = &parent;
  child->set_name(arena_.Copy(name));
  child->via_link = via_link;
  child->excluded = IsExcluded(parent, name);
  child->ignored =
      state_.ignore_marks && state_.ignore_marks->HidesChild(parent, name);
  child->removed = parent.removed;
  return child;
}

bool DirectoryReader::IsExcluded(const Directory& parent,
                                 std::string_view name) {
  const ViewRules& rules = *state_.request.rules;
  if (rules.Excludes(name)) return true;
  if (!rules.has_path_rules()) return false;
  path_.clear();
  AppendRelativePath(parent, path_);
  if (!path_.empty()) path_ += '/';
  path_ += name;
  return rules.ExcludesPath(path_);
}

// Merges the names just read with the children known. Both are sorted. A child
// that was stamped in this run may be in the hands of another worker by now, so
// nothing but its name and links is touched.
bool DirectoryReader::SetChildren(Directory& d) {
  children_.Sort();
  bool changed = false;
  ChildIterator<Directory> old = Children(d).begin();
  ChildLinks links(d);
  for (size_t i = 0; i < children_.size(); ++i) {
    const std::string_view name = children_.name(i);
    while (!old.at_end() && ChildBefore(old->name(), name)) {
      unlinked_.push_back(&*old);
      ++old;
      changed = true;
    }
    Directory* child = nullptr;
    if (!old.at_end() && old->name() == name) {
      if (old->via_link == children_.via_link(i)) {
        child = &*old;
      } else {
        unlinked_.push_back(&*old);
      }
      ++old;
    }
    if (child == nullptr) {
      child = NewChild(d, name, children_.via_link(i));
      // What hangs below a link is a fact only once it has been listed.
      changed |= !children_.via_link(i);
    }
    links.Append(*child);
  }
  for (; !old.at_end(); ++old) {
    unlinked_.push_back(&*old);
    changed = true;
  }
  links.Finish();
  return changed;
}

bool DirectoryReader::AdoptLinks(Directory& d) {
  children_.Clear();
  for (const Directory& child : Children(d)) {
    if (!child.via_link) children_.Add(child.name(), false);
  }
  for (auto it = d.listing().begin(); !it.at_end(); ++it) {
    if (it->kind == EntryKind::kLinkToDirectory) children_.Add(it->name, true);
  }
  return SetChildren(d);
}

}  // namespace finder
