// Roots of arbitrary bytes, cleaned and made absolute; and the same bytes as
// names in rules.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "finder/view/view.h"
#include "fs/path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string clean = finder::CleanPath(text);
  if (clean.empty() || clean != finder::CleanPath(clean)) abort();
  if (clean.find("//") != std::string::npos) abort();
  if (clean.starts_with('/') != text.starts_with('/')) abort();
  const std::string absolute = finder::AbsolutePath(text, "/work");
  if (!absolute.starts_with('/')) abort();
  if (absolute != finder::AbsolutePath(absolute, "/elsewhere")) abort();
  finder::View view;
  view.exclude_dirs = {text};
  view.prune_files = {text.substr(0, text.size() / 2)};
  view.keep.suffixes = {text};
  const auto rules = finder::ViewRules::Compile(view);
  if (rules.ok()) {
    rules->Excludes(text);
    const bool excludes = rules->ExcludesPath(clean + "/x");
    if (excludes && !rules->MayExcludeBelow(clean)) abort();
  }
  finder::KeepFilter(view.keep).Keeps(clean);
  return 0;
}
