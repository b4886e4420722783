#include "finder/query/reach.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "finder/view/glob.h"
#include "finder/view/view.h"
#include "fs/path.h"

namespace finder {
namespace {

// As CompiledQuery has it: all globs must name a directory.
std::vector<std::string> LiteralDirectories(const Query& query) {
  std::vector<std::string> directories;
  for (const std::string& text : query.globs) {
    const absl::StatusOr<Glob> glob = Glob::Compile(text, query.case_rule);
    if (!glob.ok() || !glob->is_path_pattern() ||
        glob->literal_directory().empty()) {
      return {};
    }
    directories.push_back(CleanPath(glob->literal_directory()));
  }
  return directories;
}

}  // namespace

Reach Reach::Of(const Query& query) {
  Part part;
  for (const std::string& at : query.at) part.at.push_back(CleanPath(at));
  if (part.at.empty()) part.at = LiteralDirectories(query);
  part.max_depth = query.max_depth.value_or(UINT32_MAX);
  Reach reach;
  if (part.at.empty() && part.max_depth == UINT32_MAX) return reach;
  reach.has_places_ = !part.at.empty();
  reach.parts_.push_back(std::move(part));
  return reach;
}

void Reach::Join(const Reach& other) {
  if (is_whole()) return;
  if (other.is_whole()) {
    *this = Reach();
    return;
  }
  parts_.insert(parts_.end(), other.parts_.begin(), other.parts_.end());
  has_places_ = has_places_ || other.has_places_;
}

bool Reach::Part::IncludesPath(std::string_view path) const {
  return at.empty() ||
         std::any_of(at.begin(), at.end(), [path](const std::string& place) {
           // Above it, too: it may come and go.
           return IsAtOrBelow(path, place) || IsAtOrBelow(place, path);
         });
}

bool Reach::Includes(std::string_view path, uint32_t depth) const {
  return is_whole() ||
         std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
           return depth < part.max_depth && part.IncludesPath(path);
         });
}

bool Reach::Includes(const Directory& d, std::string_view root_path) const {
  if (is_whole()) return true;
  uint32_t depth = 0;
  for (const Directory* at = &d; !at->view_root; at = at->parent) ++depth;
  if (d.via_link) --depth;
  if (!has_places_) return Includes(root_path, depth);
  std::string path = PrintedPrefix(root_path);
  AppendRelativePath(d, path);
  return Includes(path, depth);
}

}  // namespace finder
