// The formats of find's -printf: text with directives such as %p, which stand
// for what is known of an entry, and escapes such as \n. Reads them as GNU find
// 4.9 does, and prints the time of birth, too, where a file system keeps it.
//
// Immutable after parsing; any thread.
#ifndef FINDER_CMD_FORMAT_PRINT_FORMAT_H_
#define FINDER_CMD_FORMAT_PRINT_FORMAT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/format/printed_entry.h"

namespace finder {

class PrintFormat {
 public:
  // Fails with InvalidArgument; the message says what is wrong with the format,
  // which it does not repeat.
  static absl::StatusOr<PrintFormat> Parse(std::string_view text);

  // What is odd in the format and printed as it stands, a line each.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Whether it cannot be printed without PrintedEntry::Details. Formats with %y
  // need them only for entries that are no files, directories or symlinks.
  bool needs_details() const { return needs_details_; }
  // Whether it prints what a PrintedNames knows: %u, %g, %F.
  bool needs_names() const { return needs_names_; }
  // Whether what was printed shall be handed on at once (\c).
  bool flushes() const { return flushes_; }

  // Appends what the format says of `entry`; nothing if it needs details and
  // there are none.
  void Append(PrintedEntry& entry, const PrintedNames& names, PrintedFor reader,
              std::string& out) const;

 private:
  // Text, and then a directive, but for the last piece.
  struct Piece {
    std::string text;
    char directive = '\0';
    char time_letter = '\0';  // of A, B, C and T
    // For printf(3), from '%' on; empty if there is no flag, width or precision
    // and the value can be appended as it is.
    std::string conversion;
  };
  class Parser;

  static void AppendValue(const Piece& piece, PrintedEntry& entry,
                          const PrintedNames& names, PrintedFor reader,
                          std::string& out);

  std::vector<Piece> pieces_;
  std::vector<std::string> warnings_;
  bool needs_details_ = false;
  bool needs_names_ = false;
  bool flushes_ = false;
};

}  // namespace finder

#endif  // FINDER_CMD_FORMAT_PRINT_FORMAT_H_
