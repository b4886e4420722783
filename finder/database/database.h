// Reading a database file into a tree, in parallel, and writing a tree into a
// database file, atomically. All I/O goes through the FileSystem handed in.
// The text itself is finder/database/database_format.h.
//
// A file that is missing, damaged, foreign, too new or not ours is no error:
// loading then gives the reason for a cold run, and the file stays untouched
// until a new one is renamed over it.
#ifndef FINDER_FINDER_DATABASE_DATABASE_H_
#define FINDER_FINDER_DATABASE_DATABASE_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "finder/database/database_format.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/directory_tree.h"
#include "finder/view/view.h"
#include "fs/file_system.h"

namespace finder {

// What a database must match to be used. Nothing is owned.
struct LoadRequest {
  const View* view = nullptr;
  const ViewRules* rules = nullptr;
  std::vector<std::string> absolute_roots;
  std::string working_directory;
  std::string view_id;
  // The only owner that is trusted; none: any, since the directory's own rules
  // say who may write there.
  std::optional<uint32_t> owner;
  std::string boot_id;
  ScanTime now;
};

struct LoadedDatabase {
  DirectoryTree tree;  // known() is filled, roots() is not
  // One for each block, in order; texts and sums are empty for a legacy file.
  std::vector<Piece> pieces;
  std::vector<std::string_view> texts;
  std::vector<BlockInfo> infos;
  bool legacy = false;  // a Soong file
  KeepRules keep;
  std::vector<std::string> blind_excludes;
  std::vector<std::string> blind_prunes;
  // Change times from here on prove nothing.
  int64_t distrusted_from_ns = std::numeric_limits<int64_t>::max();
  // The latest change time of all; the latest there can be if that
  // is not known.
  int64_t latest_change_ns = std::numeric_limits<int64_t>::max();
  // When all of its stamps had been seen.
  int64_t scanned_at_ns = 0;
  uint64_t bytes = 0;
  uint64_t directories = 0;
};

struct LoadResult {
  std::optional<LoadedDatabase> database;
  // Why there is none, for people: "no database yet", "database is damaged:
  // block 3's checksum differs", ...
  std::string reason;
};

// Uses up to `workers` threads of `pool`.
LoadResult LoadDatabase(FileSystem& files, std::string_view path,
                        const LoadRequest& request, ThreadPool& pool,
                        unsigned workers);

// How many directories the database holds; none if it is none of ours or
// damaged in the trailer. To tell how long a scan may take; costs no more than
// reading the trailer.
std::optional<uint64_t> CountDirectories(FileSystem& files,
                                         std::string_view path,
                                         std::optional<uint32_t> owner);

struct SaveRequest {
  DatabaseHeader header;  // roots and devices are filled in from the tree
  const DirectoryTree* tree = nullptr;
  // Where the tree came from, for copying unchanged blocks; may be null.
  const LoadedDatabase* loaded = nullptr;
  uint32_t permissions = 0600;
};

struct SaveCounts {
  uint64_t blocks_copied = 0;
  uint64_t blocks_encoded = 0;
  uint64_t bytes = 0;
  // What is stored.
  uint64_t directories = 0;
  uint64_t files = 0;
};

// Writes all that is known and renames it into place. An error is
// "PATH: reason".
absl::Status SaveDatabase(FileSystem& files, std::string_view path,
                          const SaveRequest& request, ThreadPool& pool,
                          unsigned workers, SaveCounts& counts);

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_DATABASE_H_
