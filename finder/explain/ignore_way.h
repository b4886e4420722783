// The ignore files on the way from a root to a path, and which of them hides
// what. Internal to the explanation.
//
// One thread.
#ifndef FINDER_FINDER_EXPLAIN_IGNORE_WAY_H_
#define FINDER_FINDER_EXPLAIN_IGNORE_WAY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "finder/ignore/ignore_reader.h"
#include "fs/file_system.h"

namespace finder {

class IgnoreWay {
 public:
  // `root` as printed, and its absolute path.
  IgnoreWay(FileSystem& files, const IgnoreSettings& settings,
            const std::string& root, std::string absolute);

  // Goes into the root, or from there into the next directory on the way.
  // `path` as printed.
  void Enter(const std::string& path, const IgnoreSources& sources);

  // What hides an entry of the directory entered last; none if nothing does.
  // `shown_by` becomes what shows it, if a rule says so.
  std::optional<std::string> Hiding(const std::string& path, bool is_directory,
                                    std::string* shown_by = nullptr) const;

 private:
  std::string_view Below(std::string_view path) const {
    return path.size() < prefix_size_ ? std::string_view()
                                      : path.substr(prefix_size_);
  }

  IgnoreReader reader_;
  const std::string absolute_;
  const size_t prefix_size_;
  uint32_t scope_;
};

}  // namespace finder

#endif  // FINDER_FINDER_EXPLAIN_IGNORE_WAY_H_
