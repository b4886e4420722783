#include "finder/session/view_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace finder {

std::string ViewText(const View& view) {
  KeepRules keep = view.keep;
  keep.Canonicalize();
  return absl::StrCat(
      "links=", view.links == LinkPolicy::kFollow ? "follow" : "keep",
      " boundary=", view.boundary == Boundary::kOneFileSystem ? "one" : "cross",
      " names=", absl::StrJoin(keep.names, ","),
      " suffixes=", absl::StrJoin(keep.suffixes, ","));
}

std::optional<Boundary> BoundaryOf(std::string_view view_text) {
  // What comes behind it may hold anything.
  for (const std::string_view links : {"links=follow ", "links=keep "}) {
    if (!view_text.starts_with(links)) continue;
    view_text.remove_prefix(links.size());
    if (view_text.starts_with("boundary=one ")) return Boundary::kOneFileSystem;
    if (view_text.starts_with("boundary=cross ")) return Boundary::kCross;
  }
  return std::nullopt;
}

}  // namespace finder
