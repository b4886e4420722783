// --print-format: the formats of find's -printf (cmd/format/) for answers.
//
// Immutable once it is set up; any thread.
#ifndef FINDER_CMD_OUTPUT_MATCH_FORMAT_H_
#define FINDER_CMD_OUTPUT_MATCH_FORMAT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/format/print_format.h"
#include "cmd/format/printed_entry.h"
#include "finder/diagnostics.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/file_system.h"

namespace finder {

class MatchFormat {
 public:
  // Fails with InvalidArgument if the format is malformed, or names what is
  // not cheap to know: owners and file systems by their names. All must outlive
  // the format. What cannot be told of an entry goes to `diagnostics`.
  static absl::StatusOr<MatchFormat> Parse(std::string_view text,
                                           const View& view, FileSystem& files,
                                           Diagnostics& diagnostics);

  const std::vector<std::string>& warnings() const {
    return format_.warnings();
  }

  // Appends what the format says; nothing if it asks what the file does not
  // tell.
  void Append(const Match& match, PrintedFor reader, std::string& out) const;

 private:
  MatchFormat(PrintFormat format, const View& view, FileSystem& files,
              Diagnostics& diagnostics)
      : format_(std::move(format)),
        view_(view),
        files_(files),
        diagnostics_(diagnostics) {}

  PrintFormat format_;
  const View& view_;
  FileSystem& files_;
  Diagnostics& diagnostics_;
};

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_MATCH_FORMAT_H_
