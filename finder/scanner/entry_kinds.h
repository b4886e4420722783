// Finds out what a directory's entries are where the listing alone does not
// tell: what its symlinks lead to, and, for facts of a legacy database, which
// entries are symlinks at all. Internal to the scanner.
#ifndef FINDER_FINDER_SCANNER_ENTRY_KINDS_H_
#define FINDER_FINDER_SCANNER_ENTRY_KINDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "finder/tree/arena.h"
#include "finder/tree/directory_tree.h"
#include "finder/view/view.h"
#include "fs/file_system.h"

namespace finder {

// A directory through which its entries can be reached: an open one, and the
// path below it, which is empty or ends with '/'.
struct EntryBase {
  FileSystem& files;
  const DirectoryHandle& handle;
  std::string_view prefix;
};

// What a symlink leads to: kLinkToDirectory or kSymlink (anything else, or
// nothing). `target` is filled if it is a directory.
EntryKind LinkTarget(const EntryBase& base, std::string_view name,
                     FileStat* target = nullptr);

// Sets the letters of the symlinks in the listing of `d` for which `asked`
// returns true. Copies the listing if one changes. Returns the number of stat
// calls.
uint64_t ResolveLinks(const EntryBase& base, Directory& d, Arena& arena,
                      absl::FunctionRef<bool(std::string_view name)> asked);

// Writes the listing of `d` anew with the kind of each entry, dropping those
// that are gone. Returns the number of stat calls.
uint64_t ResolveKinds(const EntryBase& base, Directory& d, Arena& arena);

// Whether two listings are the same facts: what symlinks lead to is none.
bool SameFacts(Listing a, Listing b);

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_ENTRY_KINDS_H_
