// The meaning of a query, as plain code: look at every entry, apply every
// filter, sort the paths. Tests compare the real walk with this. One thread.
#ifndef FINDER_TESTS_SUPPORT_REFERENCE_QUERY_H_
#define FINDER_TESTS_SUPPORT_REFERENCE_QUERY_H_

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/path.h"
#include "tests/support/tree_builder.h"

namespace finder {

// Whether `text` matches `regex`, by the test's own rule.
using RegexMeaning =
    std::function<bool(std::string_view regex, std::string_view text)>;

// Only stars and question marks; exponential, but plain.
inline bool ReferenceGlob(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob.substr(0, 3) == "**/") {
    if (ReferenceGlob(glob.substr(3), text)) return true;
    const size_t slash = text.find('/');
    return slash != std::string_view::npos &&
           ReferenceGlob(glob, text.substr(slash + 1));
  }
  if (glob == "**") return true;
  if (glob[0] == '*') {
    if (ReferenceGlob(glob.substr(1), text)) return true;
    return !text.empty() && text[0] != '/' &&
           ReferenceGlob(glob, text.substr(1));
  }
  if (text.empty()) return false;
  const bool same = glob[0] == text[0] || (glob[0] == '?' && text[0] != '/');
  return same && ReferenceGlob(glob.substr(1), text.substr(1));
}

class ReferenceQuery {
 public:
  ReferenceQuery(const Query& query, const View& view, RegexMeaning regex)
      : query_(query), view_(view), regex_(std::move(regex)) {}

  // "TYPE PATH" of every answer, sorted by path. A forest whose printed
  // prefixes begin one another has repetitions.
  std::vector<std::string> Answers(const Forest& forest) {
    found_.clear();
    for (const auto& [path, model] : forest) {
      root_size_ = PrintedPrefix(path).size();
      if (model.open()) Visit(PrintedPrefix(path), model, 1);
    }
    std::sort(found_.begin(), found_.end());
    std::vector<std::string> lines;
    for (const auto& [path, type] : found_) {
      lines.push_back(std::string(1, type) + " " + path);
    }
    return lines;
  }

 private:
  using List = std::vector<std::string>;

  void Visit(const std::string& prefix, const TreeModel& d, uint32_t depth) {
    const size_t before = found_.size();
    for (const auto& [name, kind] : d.entries) {
      const auto child = d.children.find(name);
      const bool entered = view_.links == LinkPolicy::kFollow &&
                           child != d.children.end() &&
                           child->second.visible() && child->second.via_link;
      if (entered && kind != EntryKind::kFile && kind != EntryKind::kOther) {
        continue;
      }
      if (!WantsKind(kind) || !Kept(name)) continue;
      if (Matches(prefix, name, depth)) {
        found_.emplace_back(prefix + name, TypeLetter(kind));
      }
    }
    for (const auto& [name, child] : d.children) {
      if (!query_.types.directories || !child.visible()) continue;
      if (Matches(prefix, name, depth)) found_.emplace_back(prefix + name, 'd');
    }
    if (query_.first == FirstRule::kFirstOnly && found_.size() > before) return;
    for (const auto& [name, child] : d.children) {
      if (!child.visible() || !child.open()) continue;
      Visit(prefix + name + "/", child, depth + 1);
    }
  }

  static char TypeLetter(EntryKind kind) {
    return IsLink(kind) ? 'l' : static_cast<char>(kind);
  }

  bool WantsKind(EntryKind kind) const {
    const TypeSet& types = query_.types;
    if (!types.any()) return kind != EntryKind::kLinkToDirectory;
    switch (kind) {
      case EntryKind::kFile:
        return types.files;
      case EntryKind::kSymlink:
        return types.symlinks ||
               (types.files && view_.links == LinkPolicy::kFollow);
      case EntryKind::kLinkToDirectory:
        return types.symlinks;
      case EntryKind::kDirectory:
      case EntryKind::kOther:
        break;
    }
    return false;
  }

  bool Kept(const std::string& name) const {
    const KeepRules& keep = view_.keep;
    if (keep.keeps_all()) return true;
    return Any(keep.names, [&](const auto& n) { return n == name; }) ||
           Any(keep.suffixes, [&](const auto& s) { return name.ends_with(s); });
  }

  template <typename Test>
  static bool Any(const List& list, Test test) {
    return std::any_of(list.begin(), list.end(), test);
  }

  std::string Fold(std::string_view text) const {
    return FoldedCopy(text, query_.case_rule);
  }

  bool Matches(const std::string& prefix, const std::string& raw_name,
               uint32_t depth) const {
    if (depth < query_.min_depth.value_or(0)) return false;
    if (depth > query_.max_depth.value_or(UINT32_MAX)) return false;
    const std::string raw_path = prefix + raw_name;
    const std::string name = Fold(raw_name);
    const std::string path = Fold(raw_path);
    const auto none_or = [](const List& list, auto test) {
      return list.empty() || Any(list, test);
    };
    return none_or(query_.names,
                   [&](const auto& n) { return Fold(n) == name; }) &&
           !Any(query_.exclude_names,
                [&](const auto& n) { return Fold(n) == name; }) &&
           !Any(query_.exclude_globs,
                [&](const auto& g) {
                  // One of directories is the view's.
                  if (g.ends_with('/')) return false;
                  const std::string_view glob =
                      std::string_view(g).substr(g.starts_with("./") ? 2 : 0);
                  return ReferenceGlob(glob, g.find('/') == std::string::npos
                                                 ? raw_name
                                                 : raw_path.substr(root_size_));
                }) &&
           none_or(query_.suffixes,
                   [&](const auto& s) { return name.ends_with(Fold(s)); }) &&
           none_or(query_.extensions,
                   [&](const auto& e) {
                     const std::string dotted =
                         Fold(e.starts_with('.') ? e : "." + e);
                     return name.ends_with(dotted) &&
                            name.size() > dotted.size();
                   }) &&
           none_or(query_.globs,
                   [&](const auto& g) {
                     const bool is_path = g.find('/') != std::string::npos;
                     return ReferenceGlob(Fold(g), is_path ? path : name);
                   }) &&
           none_or(query_.regexes,
                   [&](const auto& r) { return regex_(r, raw_path); }) &&
           none_or(query_.at, [&](const auto& a) {
             return raw_path.starts_with(PrintedPrefix(CleanPath(a)));
           });
  }

  const Query& query_;
  const View& view_;
  RegexMeaning regex_;
  size_t root_size_ = 0;  // of what stands before paths below the root
  std::vector<std::pair<std::string, char>> found_;
};

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_REFERENCE_QUERY_H_
