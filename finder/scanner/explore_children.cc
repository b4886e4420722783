// From a directory to those below it: which of them are to be looked at, too.
#include <cstdint>
#include <optional>
#include <utility>

#include "finder/scanner/entry_kinds.h"
#include "finder/scanner/explore_worker.h"
#include "finder/tree/tree_walk.h"

namespace finder {

// Why what is known of `c` may not be what its name leads to now, although it
// was when the tree was last brought up to date; none if it is. For a child
// whose parent was just listed: what bears its name may be another directory,
// and nobody would name what is below that.
std::optional<ListReason> ExploreWorker::DoubtByName(
    const Directory& c, const DirectoryHandle& parent) {
  ++counts_.stat_calls;
  const Result<FileStat> stat =
      state_.request.files->Stat(parent, c.name(), PolicyFor(c));
  const bool listed = c.knowledge == Knowledge::kListed;
  if (!stat.ok() || stat->kind != EntryKind::kDirectory || !listed) {
    return listed ? ListReason::kNamed : ListReason::kUnknown;
  }
  // A server is asked by opening.
  if (c.foreign || state_.devices.NeedsOpening(c.device)) {
    return ListReason::kUncovered;
  }
  const std::optional<ListReason> reason = state_.Doubt(c, stat.value());
  // The first look at another device in this update identifies it.
  return reason == ListReason::kDevice ? ListReason::kUncovered : reason;
}

// Why child `c` is to be looked at; none if it is not.
std::optional<ListReason> ExploreWorker::ReasonToPush(
    const Directory& c, Parent parent, const DirectoryHandle& handle) {
  const bool asks_again =
      state_.request.is_update && parent == Parent::kListed && !c.queued;
  if (c.verified && !asks_again) return std::nullopt;
  if (c.hidden() || !state_.IsInReach(c)) return std::nullopt;
  if (c.verified) return DoubtByName(c, handle);
  return c.knowledge == Knowledge::kListed ? ListReason::kUncovered
                                           : ListReason::kUnknown;
}

// Queues the children that the view shows and nobody has looked at yet, the
// first on top of the stack.
void ExploreWorker::PushChildren(Directory& d, DirectoryHandle handle,
                                 Parent state) {
  if (d.pruned) return NoteClosed(d);
  pending_.clear();
  for (Directory& c : Children(d)) {
    const std::optional<ListReason> reason = ReasonToPush(c, state, handle);
    if (!reason.has_value()) continue;
    c.verified = true;
    if (c.knowledge == Knowledge::kGone) {
      c.knowledge = Knowledge::kNameOnly;
      Changed(d);
    }
    pending_.push_back({&c, nullptr, *reason});
  }
  if (pending_.empty()) return;
  SharedDirectory* parent = nullptr;
  if (state_.open_count.load(std::memory_order_relaxed) < state_.most_open) {
    state_.open_count.fetch_add(1, std::memory_order_relaxed);
    parent = new SharedDirectory(std::move(handle),
                                 static_cast<uint32_t>(pending_.size()),
                                 state_.open_count);
  }
  for (auto item = pending_.rbegin(); item != pending_.rend(); ++item) {
    item->parent = parent;
    work_.Push(*item);
  }
  // Each item holds one reference; the analyzer takes the stack for empty.
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks)

// The listing holds, but what its symlinks lead to may have changed. Under
// --follow a directory behind a symlink is a child.
void ExploreWorker::AdoptLinks(Directory& d, DirectoryHandle handle) {
  const EntryBase base{*state_.request.files, handle, ""};
  const char* const before = d.listing_bytes;
  counts_.stat_calls +=
      ResolveLinks(base, d, arena_, [this](std::string_view name) {
        return state_.follow || state_.AsksTarget(name);
      });
  if (d.listing_bytes != before) dead_bytes_ += d.listing_size;
  if (state_.follow && reader_.AdoptLinks(d)) Changed(d);
  PushChildren(d, std::move(handle), Parent::kHolds);
}

void ExploreWorker::NoteClosed(Directory& d) {
  if (state_.request.is_update) closed_.push_back(&d);
}

void ExploreWorker::NoteLinks(Directory& d) {
  if (state_.request.is_update) with_links_.push_back(&d);
}

}  // namespace finder
