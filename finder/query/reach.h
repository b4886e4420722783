// Which part of a view the answers of a query can come from, as far as depth
// and literal places say: only there must a scan look. doc/design.md, "What is
// not needed".
//
// A value; const use from any thread.
#ifndef FINDER_FINDER_QUERY_REACH_H_
#define FINDER_FINDER_QUERY_REACH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "finder/query/query.h"
#include "finder/tree/directory_tree.h"

namespace finder {

class Reach {
 public:
  // Everything.
  Reach() = default;
  // Of one query. What is malformed in it reaches everything.
  static Reach Of(const Query& query);

  bool is_whole() const { return parts_.empty(); }
  // Adds what `other` reaches.
  void Join(const Reach& other);

  // Whether an entry of the directory at the printed, cleaned path `path`, so
  // many levels below its root, could be an answer or decide about one.
  bool Includes(std::string_view path, uint32_t depth) const;
  // The same for `d`, which is no root and whose parent is included; the root
  // above it is called `root_path`. What is behind a symlink is included one
  // level deeper: only a look at it tells whether it is a directory or a loop.
  bool Includes(const Directory& d, std::string_view root_path) const;

 private:
  struct Part {
    std::vector<std::string> at;  // cleaned; empty: everywhere
    uint32_t max_depth = UINT32_MAX;

    bool IncludesPath(std::string_view path) const;
  };

  bool has_places_ = false;  // whether a part has any
  std::vector<Part> parts_;  // one must include it; none: everything
};

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_REACH_H_
