// A tree that stands: going on with what the last pass has left.
#include <algorithm>
#include <utility>

#include "finder/facade/finder_impl.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Devices that nothing lies on any more are looked for by a walk, once there
// are so many more than there were.
constexpr size_t kMoreDevicesWorthAWalk = 16;

}  // namespace

std::vector<const Directory*> Finder::Impl::FindDirectories(
    std::string_view absolute) const {
  std::vector<const Directory*> found;
  // Asks for the next one until there is none.
  static_cast<void>(FindKnown(absolute, [&found](const Directory& d) {
    found.push_back(&d);
    return false;
  }));
  std::sort(found.begin(), found.end(), std::less<>());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// Of a tree that is about to go.
void Finder::Impl::TellDropped(const DirectoryTree& tree) const {
  if (observer_ == nullptr) return;
  for (const Root& top : tree.known) {
    VisitTree(static_cast<const Directory&>(*top.directory),
              [this](const Directory& d) {
                observer_->Dropped(d);
                return Descent::kInside;
              });
  }
}

// After a scan: what an earlier pass has shown may be hidden now.
void Finder::Impl::TellHidden() {
  scanner_->MakeNotes(notes_);
  for (const Root& top : tree_->known) {
    VisitTree(static_cast<const Directory&>(*top.directory),
              [this](const Directory& d) {
                if (!d.verified) observer_->Dropped(d);
                return Descent::kInside;
              });
  }
}

void Finder::Impl::Forget() {
  TellDropped(*tree_);
  loaded_ = LoadResult();
  own_tree_ = DirectoryTree();
  tree_ = &own_tree_;
  notes_ = StandingNotes();
  other_roots_.clear();
  facts_changed_ = other_format_ = is_stored_ = is_saved_ = false;
  distrusted_from_ns_ = std::numeric_limits<int64_t>::max();
  latest_change_ns_ = std::numeric_limits<int64_t>::min();
}

// What is known is from the last pass.
void Finder::Impl::GoOn() {
  metrics_.cache = CacheState::kWarm;
  metrics_.cache_reason = "ok";
  distrusted_from_ns_ = DistrustedFromNs(ended_, began_, /*same_boot=*/true);
}

// Gives back the memory of what was replaced and of the text that was loaded.
// What is left is as if it had been loaded.
void Finder::Impl::RepackTree(Repacking what) {
  RepackedTree packed =
      Repack(*tree_, what, [this](const Directory& from, const Directory* to) {
        if (observer_ == nullptr) return;
        if (to == nullptr) {
          observer_->Dropped(from);
        } else {
          observer_->Moved(from, *to);
        }
      });
  LoadedDatabase database;
  database.tree = std::move(packed.tree);
  database.tree.FreeUnusedDevices();
  database.pieces = std::move(packed.pieces);
  database.directories = packed.directories;
  database.keep = StoredKeep();
  if (loaded_.database.has_value()) {
    database.blind_excludes = std::move(loaded_.database->blind_excludes);
    database.blind_prunes = std::move(loaded_.database->blind_prunes);
  }
  database.scanned_at_ns = ended_.realtime_ns;
  database.latest_change_ns = latest_change_ns_;
  loaded_.database = std::move(database);
  tree_ = &loaded_.database->tree;
  own_tree_ = DirectoryTree();
  notes_ = StandingNotes();
  directories_ = packed.directories;
  devices_ = tree_->devices.size();
}

// Whether the tree is of such a kind that what nobody speaks of is as it was.
// Of the contents of ignore files nobody speaks.
bool Finder::Impl::CanUpdate() const {
  return standing_ && scope_.is_whole() && other_roots_.empty() &&
         options_.view.links == LinkPolicy::kNoFollow &&
         options_.view.ignore_files == IgnoreFileUse::kNone;
}

absl::Status Finder::Impl::Update(const TreeChanges& changes,
                                  const ScanScope& scope) {
  if (!CanUpdate()) return Scan(scope);
  BeginPass();
  scope_ = ScanScope();
  scope_.asks_target = scope.asks_target;
  is_update_ = true;
  const absl::Status status = TryUpdate(changes);
  is_update_ = false;
  scanner_.reset();
  // Perhaps a root is a file now, or missing, or there are too many
  // directories: a scan knows what to say.
  return status.ok() ? status : Scan(scope);
}

absl::Status Finder::Impl::TryUpdate(const TreeChanges& changes) {
  GoOn();
  scanner_.emplace(MakeScanRequest(), *tree_, pool_);
  if (absl::Status status = scanner_->OpenRoots(); !status.ok()) return status;
  {
    const PhaseTimer timer = TimePhase("update", "update");
    scanner_->Update(changes, notes_, options_.threads.value_or(1));
  }
  if (absl::Status status = CheckGivenUp(); !status.ok()) {
    standing_ = false;
    return status;
  }
  NoteChanges(Finish());
  scanner_.reset();
  if (tree_->devices.size() > devices_ + kMoreDevicesWorthAWalk) {
    tree_->FreeUnusedDevices();
    devices_ = tree_->devices.size();
  }
  if (tree_->dead_bytes > tree_->size_bytes() / 2) {
    RepackTree(Repacking::kAsItIs);
  }
  return absl::OkStatus();
}

}  // namespace finder
