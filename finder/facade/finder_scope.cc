// The parts of a scan that may do with less than the whole view. doc/design.md,
// "What is not needed".
#include <algorithm>
#include <functional>
#include <span>

#include "finder/facade/finder_impl.h"

namespace finder {
namespace {

// To list a directory takes about as long as to read and verify ten that are
// known, so this many lists more make hardly a difference to a run that must
// read the database after all.
constexpr uint64_t kDirectoriesPerAffordableList = 128;
constexpr uint64_t kLeastAffordableLists = 16;
constexpr uint64_t kMostAffordableLists = 2048;

// So many are explored by one worker, strictly in order, and it is asked so
// often whether that is enough that a quarter is too much at most. Then by as
// many as there is work for; to ask takes longer by then, and is done for each
// doubling.
constexpr uint64_t kDirectoriesInOrder = 512;

}  // namespace

// Whether this run needs the database, whatever it looks for.
bool Finder::Impl::NeedsDatabase() const { return options_.store_unchanged; }

// How many directories may be listed before it is known that the database must
// be read: a small part of what reading and verifying it costs.
uint64_t Finder::Impl::AffordableWithoutDatabase() const {
  const uint64_t known =
      CountDirectories(*environment_.files, options_.database, Owner())
          .value_or(0);
  return std::clamp(known / kDirectoriesPerAffordableList,
                    kLeastAffordableLists, kMostAffordableLists);
}

bool Finder::Impl::HasEnough() {
  const Directory* first = scanner_->FirstPending();
  if (first == nullptr) return true;
  if (!scope_.has_enough) return false;
  if (scope_.has_enough(*tree_, *first)) return true;
  // The guess was wrong, unless what is queued brings the answers back.
  if (scanner_->has_limit() && !first->verified) scanner_->LiftLimit();
  return false;
}

// Where the answer ends if the tree is as the database says. Only a quarter of
// it is asked, from the first root on: behind that there is not much to be
// gained, and whoever finds nothing is to lose little.
std::optional<AnswerPlace> Finder::Impl::GuessLimit() {
  if (!scope_.has_enough || !scope_.guess) return std::nullopt;
  if (tree_->roots.empty()) return std::nullopt;  // files alone
  std::span<const Piece> pieces = loaded_.database->pieces;
  const size_t most = pieces.size() / 4 + 1;
  const Directory* const root = tree_->roots.front().directory;
  const auto first =
      std::find_if(pieces.begin(), pieces.end(), [root](const Piece& piece) {
        return !std::less<>()(root, piece.directories) &&
               std::less<>()(root, piece.directories + piece.count);
      });
  if (first == pieces.end()) return std::nullopt;
  pieces = pieces.subspan(first - pieces.begin());
  pieces = pieces.first(std::min(pieces.size(), most));
  const auto believe = [pieces](bool verified) {
    for (const Piece& piece : pieces) {
      for (Directory& d : std::span(piece.directories, piece.count)) {
        if (!d.view_root) d.verified = verified;
      }
    }
  };
  believe(true);
  std::optional<AnswerPlace> place = scope_.guess(*tree_);
  believe(false);
  return place;
}

// Explores about `most` directories in the order of the output, or fewer if
// that is enough. Returns whether it is.
bool Finder::Impl::ExploreUntilEnough(uint64_t most) {
  uint64_t explored = 0;
  while (true) {
    if (HasEnough()) return true;
    if (explored >= most) return false;
    const bool alone = explored < kDirectoriesInOrder;
    uint64_t step = most - explored;
    if (scope_.has_enough) {
      step = std::min(step, alone ? explored / 4 + 1 : explored);
    }
    scanner_->ExploreSome(
        options_.threads.value_or(1),
        alone ? Scanner::Help::kAlone : Scanner::Help::kWanted, step);
    explored += step;
  }
}

// Shallow and first answers need so little that a walk finds them before a
// database is read. Returns whether it did.
absl::StatusOr<bool> Finder::Impl::StartWithoutDatabase() {
  progress_is_due_ = false;
  if (absl::Status status = Begin(); !status.ok()) return status;
  const PhaseTimer timer = TimePhase("scan", "explore");
  const bool done = ExploreUntilEnough(AffordableWithoutDatabase());
  progress_is_due_ = true;
  if (absl::Status status = CheckGivenUp(); !status.ok()) return status;
  return done;
}

}  // namespace finder
