// The database of Android Soong's finder, "Android finder version 1", read as a
// legacy database and written so that the Go tool accepts it. Pure: text in,
// facts out, and back. doc/database_format.md, "The Soong format".
//
// Its facts are poorer than ours. Excluded directories are missing from it and
// pruned ones look empty, so it serves only views with at least those rules;
// a stamp carries no proof of age, and a name that is not UTF-8 is lost.
#ifndef FINDER_FINDER_DATABASE_SOONG_FORMAT_H_
#define FINDER_FINDER_DATABASE_SOONG_FORMAT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "finder/database/database.h"
#include "finder/tree/directory_tree.h"
#include "finder/view/view.h"

namespace finder {

inline constexpr std::string_view kSoongFirstLine =
    "Android finder version 1\n";

// `written_ns`: change time of the file. Fails with InvalidArgument, the
// message being the reason for a cold run.
absl::StatusOr<LoadedDatabase> DecodeSoong(std::string_view text,
                                           const LoadRequest& request,
                                           int64_t written_ns);

struct SoongRequest {
  const View* view = nullptr;
  const DirectoryTree* tree = nullptr;
  std::string working_directory;
  std::string view_id;
  unsigned processors = 1;  // the Go tool cuts into twice as many blocks
};

// The second line: the configuration, without its newline.
std::string EncodeSoongConfiguration(const SoongRequest& request);

// The whole file: what the view sees of the tree.
std::string EncodeSoong(const SoongRequest& request);

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_SOONG_FORMAT_H_
