// The text of a database, version 3: lines in, values out, and back. Pure: no
// I/O, no clock, no threads. doc/database_format.md has the grammar, a worked
// example and the limits.
//
//   finder database 3
//   {header}
//   [block] ...
//   {trailer}
//
// What is in a file is never believed: every decoder says InvalidArgument for
// whatever does not follow the grammar, and asks for memory in proportion to
// its input only.
#ifndef FINDER_FINDER_DATABASE_DATABASE_FORMAT_H_
#define FINDER_FINDER_DATABASE_DATABASE_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/tree/arena.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/stamp.h"
#include "finder/view/view.h"

namespace finder {

inline constexpr std::string_view kDatabaseMagic = "finder database ";
inline constexpr std::string_view kDatabaseFirstLine = "finder database 3\n";

struct DatabaseHeader {
  std::string writer;
  std::string view_id;
  std::vector<std::string> roots;  // absolute; index is a block's root
  KeepRules keep;                  // which names the listings hold
  LinkPolicy links = LinkPolicy::kNoFollow;
  // Set where the facts came from a source that had already applied rules:
  // directories of these names are missing, and those with such a file empty.
  std::vector<std::string> blind_excludes;
  std::vector<std::string> blind_prunes;
  std::string boot_id;
  ScanTime time;
  std::vector<Device> devices;  // what records name by its index
};

struct BlockInfo {
  uint64_t size_bytes = 0;  // of the line, without its newline
  uint32_t directories = 0;
  uint64_t files = 0;
  uint64_t checksum = 0;
};

struct DatabaseTrailer {
  std::vector<BlockInfo> blocks;
  uint64_t header_checksum = 0;  // of the first two lines
};

// The first two lines, newlines included.
std::string EncodeHeader(const DatabaseHeader& header);
// `line` is the second line without its newline.
absl::StatusOr<DatabaseHeader> DecodeHeader(std::string_view line);

// The last line, newline included.
std::string EncodeTrailer(const DatabaseTrailer& trailer);
absl::StatusOr<DatabaseTrailer> DecodeTrailer(std::string_view line);

// Writes one block. Reusable; one thread.
class BlockEncoder {
 public:
  // `parent_path`: of the first directory's parent, below its top; empty for
  // the top itself and for its children.
  void Begin(size_t root, uint16_t device, std::string_view parent_path);
  // Directories in pre-order.
  void Add(const Directory& directory, size_t depth);
  // Ends the block.
  BlockInfo Finish();
  // The finished block, without a newline.
  std::string TakeLine() { return std::move(line_); }
  // Writes the next block into this string, for the sake of its memory.
  void Reuse(std::string memory) { line_ = std::move(memory); }

 private:
  bool AddFacts(const Directory& directory);

  std::string line_;
  std::string scratch_;
  uint16_t device_ = kNoDevice;
  BlockInfo info_;
};

// One block's directories, in pre-order in one array. Those whose parent is in
// the block are linked to it and to their siblings.
struct DecodedBlock {
  size_t root = 0;
  std::string parent_path;
  Directory* directories = nullptr;
  uint32_t count = 0;
  // Of all its directories; the least there is if it has none with a stamp.
  int64_t latest_change_ns = std::numeric_limits<int64_t>::min();
  // Directories whose parent lies in an earlier block, with their depth.
  struct Top {
    Directory* directory;
    uint32_t depth;
  };
  std::vector<Top> tops;
};

// Reads blocks. Reusable; one thread.
class BlockDecoder {
 public:
  BlockDecoder();
  ~BlockDecoder();
  BlockDecoder(const BlockDecoder&) = delete;
  BlockDecoder& operator=(const BlockDecoder&) = delete;

  // `line` must stay where it is as long as `arena`, since names are views into
  // it. `block` becomes the
  // directories' block index; `devices` is the number of known devices.
  absl::StatusOr<DecodedBlock> Decode(std::string_view line,
                                      const BlockInfo& info, uint32_t block,
                                      size_t devices, Arena& arena);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_DATABASE_FORMAT_H_
