// What files hold, known without reading them again: a hash is kept with the
// stamp of its file, and believed as long as the stamp is equal and proves
// something. doc/result_format.md, "Hashes".
//
//   FileHashes hashes(machine.files, ..., kept);       // kept: of earlier runs
//   std::vector<FileFact> facts = hashes.Look(paths);  // stats; reads the new
//   ... the command runs ...
//   hashes.Changed(paths, facts)                       // which moved meanwhile
//   if (hashes.has_news()) store(hashes.Encode());
//
// Used for inputs, for outputs that may be in place already, and for payloads
// of the store. A stamp is believed by the rules for directories
// (finder/tree/stamp.h, doc/consistency.md): never of a file that changed less
// than a tick before it was read, of a file system that is not known to move
// the times of its files, or of a clock that was set back.
//
// Thread-compatible; works on all processors by itself.
#ifndef FINDER_FINDER_RESULTS_HASHES_FILE_HASHES_H_
#define FINDER_FINDER_RESULTS_HASHES_FILE_HASHES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "finder/results/hashes/content_hash.h"
#include "finder/threads/thread_pool.h"
#include "fs/clock.h"
#include "fs/file_system.h"
#include "fs/host.h"

namespace finder {

enum class FileKind : uint8_t {
  kAbsent,
  kFile,
  kDirectory,   // known by its name only
  kSymlink,     // by its text and, where it leads to a file, what that holds
  kOther,       // a pipe or device: by its name only
  kUnreadable,  // there, but not to be read
};

// What a command can see of a file.
struct FileFact {
  FileKind kind = FileKind::kAbsent;
  bool executable = false;  // for its owner
  // Of the contents; of a symlink, of its text and the file it leads to. All
  // zeros for all other kinds.
  ContentHash hash;
  // The stamp, taken before the contents were read; of a symlink that leads to
  // a file, that file's. This and what follows is no part of the comparison.
  FileStat stat;
  // Whether the fact holds as long as the stamp is equal.
  bool proven = false;

  friend bool operator==(const FileFact& a, const FileFact& b) {
    return a.kind == b.kind && a.executable == b.executable && a.hash == b.hash;
  }
};

struct FileHashCounts {
  uint64_t known = 0;       // files whose hash was kept
  uint64_t read = 0;        // files that were read
  uint64_t read_bytes = 0;  // of them
};

class FileHashes {
 public:
  // Nothing is owned; all must outlive it. `kept` is the text of an earlier
  // Encode(), and may be empty, foreign or damaged: then nothing is known.
  FileHashes(FileSystem& files, Clock& clock, const Host& host,
             ThreadPool& pool, std::string_view kept);
  ~FileHashes();
  FileHashes(const FileHashes&) = delete;
  FileHashes& operator=(const FileHashes&) = delete;

  // A fact for each path (absolute, or of the working directory), in order.
  std::vector<FileFact> Look(std::span<const std::string> paths);
  // The same without reading anything: `hash` is of the stamp (size and time
  // of the last modification) instead of the contents.
  std::vector<FileFact> LookAtStamps(std::span<const std::string> paths);

  // Indexes of the paths that are not what they were when `facts` were looked
  // at, or were written meanwhile. Files whose stamp proves nothing yet are
  // read again.
  std::vector<size_t> Changed(std::span<const std::string> paths,
                              std::span<const FileFact> facts);

  // Notes what a file holds whose bytes the caller has seen itself. `stat` was
  // taken before that, or when nothing more was to be written. Of no use for a
  // file that was written just now: its stamp proves nothing yet. Nor on a file
  // system that nothing was looked at on.
  void Note(const FileStat& stat, const ContentHash& hash);

  // Whether an Encode() would say more than what was kept.
  bool has_news() const;
  // All that is known, with what was kept and not looked at now, up to
  // kMaxKeptHashes.
  std::string Encode() const;

  FileHashCounts counts() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

// 72 bytes each.
inline constexpr size_t kMaxKeptHashes = 1'000'000;

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_HASHES_FILE_HASHES_H_
