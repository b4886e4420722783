// What an entry of a directory is: the one word for it everywhere, from the
// file system's answers to the letters of a listing and of printed answers.
#ifndef FINDER_FS_ENTRY_KIND_H_
#define FINDER_FS_ENTRY_KIND_H_

namespace finder {

// The letters stand in listings and in printed answers.
enum class EntryKind : char {
  kFile = 'f',
  kDirectory = 'd',
  // As a FileSystem tells it, wherever it leads; in a listing one that leads to
  // no directory, or of which nobody asked.
  kSymlink = 'l',
  // Known only where somebody has looked where a symlink leads. It never
  // reaches a database, for that is found anew on every run, nor an answer, in
  // which it is a symlink.
  kLinkToDirectory = 't',
  kOther = 'o',
};

inline bool IsLink(EntryKind kind) {
  return kind == EntryKind::kSymlink || kind == EntryKind::kLinkToDirectory;
}

}  // namespace finder

#endif  // FINDER_FS_ENTRY_KIND_H_
