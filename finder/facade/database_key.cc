#include "finder/facade/database_key.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "finder/text/checksum.h"
#include "fs/path.h"

namespace finder {

std::string DatabaseKey(const View& view, std::string_view working_directory,
                        std::string_view view_id) {
  // NUL separates, since neither paths nor names hold one.
  std::string text;
  const auto add = [&text](std::string_view part) {
    text += part;
    text += '\0';
  };
  add(view_id);
  add(view.links == LinkPolicy::kFollow ? "follow" : "");
  add(view.boundary == Boundary::kOneFileSystem ? "one" : "");
  std::vector<std::string> roots;
  for (const std::string& root : view.roots) {
    roots.push_back(AbsolutePath(root, working_directory));
  }
  if (roots.empty()) roots.push_back(std::string(working_directory));
  std::sort(roots.begin(), roots.end());
  for (const std::string& root : roots) add(root);
  add("");
  KeepRules keep = view.keep;
  keep.Canonicalize();
  for (const std::string& name : keep.names) add(name);
  add("");
  for (const std::string& suffix : keep.suffixes) add(suffix);
  return Checksum128Hex(text);
}

std::string DefaultViewId(const Host& host) {
  return host.user + '@' + host.name;
}

}  // namespace finder
