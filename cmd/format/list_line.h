// The lines of find's -ls, in the format of GNU find 4.9: inode, blocks, mode,
// links, owner, group, size, time of the last change, path, target.
#ifndef FINDER_CMD_FORMAT_LIST_LINE_H_
#define FINDER_CMD_FORMAT_LIST_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cmd/format/printed_entry.h"
#include "fs/file_details.h"

namespace finder {

// Writes lines one below the other. A column becomes wider with a text that
// needs it, for all lines that follow. Thread-compatible.
class ListLines {
 public:
  // `block_bytes`: in what the blocks in use are counted; 1024, or 512 for
  // POSIX. `names` must outlive this.
  ListLines(const FileTime& now, int64_t block_bytes, PrintedNames names)
      : now_(now), block_bytes_(block_bytes), names_(names) {}

  // Nothing if the file tells no details.
  void Append(PrintedEntry& entry, std::string& out);

 private:
  // Appends `text` to the right of the column, or to the left of it.
  static void AppendRight(const std::string& text, size_t& width,
                          std::string& out);
  static void AppendLeft(const std::string& text, size_t& width,
                         std::string& out);
  void AppendSize(const FileDetails& details, std::string& out);

  const FileTime now_;
  const int64_t block_bytes_;
  const PrintedNames names_;
  size_t inode_width_ = 9;
  size_t blocks_width_ = 6;
  size_t links_width_ = 3;
  size_t owner_width_ = 8;
  size_t group_width_ = 8;
  size_t major_width_ = 3;
  size_t minor_width_ = 3;
  size_t size_width_ = 8;
};

// Appends a name so that it is one word of one line: blanks, quotes, control
// characters and all that is not ASCII behind a backslash.
void AppendListedName(std::string_view name, std::string& out);

}  // namespace finder

#endif  // FINDER_CMD_FORMAT_LIST_LINE_H_
