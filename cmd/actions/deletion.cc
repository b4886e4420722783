#include "cmd/actions/deletion.h"

#include <errno.h>

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {

bool Deletion::Delete(const ActionTarget& target, Gone gone) {
  if (target.path == ".") return true;
  Outcome removed = Remove(target);
  if (!removed.ok() && removed.error().code() == ENOENT && target.depth > 0) {
    // A directory that is still open may have been replaced since.
    chain_.Forget();
    removed = Remove(target);
  }
  if (removed.ok()) return true;
  if (removed.error().code() == ENOENT && gone == Gone::kIsFine) return true;
  messages_.Problem(absl::StrCat(
      Abseil(target.path), ": cannot be deleted: ", removed.error().Message()));
  return false;
}

Outcome Deletion::Remove(const ActionTarget& target) {
  if (target.depth == 0) {
    return files_.RemoveAt(DirectoryHandle(), target.path, target.kind);
  }
  const Result<const DirectoryHandle*> directory = chain_.Enter(target);
  if (!directory.ok()) return directory.error();
  return files_.RemoveAt(*directory.value(), NameWithin(target.path),
                         target.kind);
}

}  // namespace finder
