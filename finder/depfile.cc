#include "finder/depfile.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace finder {
namespace {

// Stands for all directories that cannot be written.
constexpr std::string_view kNeverExists = ".finder-never-exists";

// Taken as they are by both tools, ninja 1.11 being the stricter one. Of these,
// make would expand a set in [] if it matched anything.
bool IsPlain(unsigned char c) {
  if (c >= 0x80) return true;
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) return true;
  if (c >= 'A' && c <= 'Z') return true;
  return std::string_view("+,/_.~()}{%=@[]!-").find(static_cast<char>(c)) !=
         std::string_view::npos;
}

// Appends one path; false if there is no spelling that both tools read.
bool AppendEscaped(std::string_view path, std::string& out) {
  for (size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    switch (c) {
      case ' ':
      case '#':
        out += '\\';
        break;
      case ':':
        // At the end ninja takes it for the colon of a rule.
        if (i + 1 == path.size() || path[i + 1] == ' ') return false;
        out += '\\';
        break;
      case '$':
        out += '$';
        break;
      case '\\':
        // In front of anything special the tools count backslashes differently.
        if (i + 1 == path.size() || path[i + 1] == '\\') return false;
        if (!IsPlain(static_cast<unsigned char>(path[i + 1]))) return false;
        // make would take it for an escaped wildcard.
        if (std::string_view("[]%~").find(path[i + 1]) !=
            std::string_view::npos) {
          return false;
        }
        break;
      default:
        if (!IsPlain(static_cast<unsigned char>(c))) return false;
    }
    out += c;
  }
  return true;
}

// A directory, in a spelling that neither tool takes for anything else.
std::optional<std::string> EscapedDirectory(std::string_view path) {
  std::string plain;
  if (path.starts_with('~')) plain = "./";  // not somebody's home
  plain += path;
  // Not a member of an archive, a rule's colon or an escape.
  if (path.ends_with(')') || path.ends_with(':') || path.ends_with('\\')) {
    plain += '/';
  }
  std::string escaped;
  if (!AppendEscaped(plain, escaped)) return std::nullopt;
  return escaped;
}

// Whether make reads a rule for this name as what it says, and not as a
// variable, a pattern or a command to make (.SILENT).
bool MayHaveRule(std::string_view escaped) {
  if (escaped.size() > 1 && escaped[0] == '.' && escaped[1] >= 'A' &&
      escaped[1] <= 'Z') {
    return false;
  }
  return escaped.find_first_of("=%") == std::string_view::npos;
}

// Whether an entry of the directory at `path` and `depth` could be an answer or
// decide about one.
bool IsWatched(const Query& query, std::string_view path, uint32_t depth) {
  if (query.max_depth.has_value() && depth >= *query.max_depth) return false;
  if (query.at.empty()) return true;
  return std::any_of(query.at.begin(), query.at.end(), [path](const auto& at) {
    const std::string place = CleanPath(at);
    // Above it, too: it may come and go.
    return IsAtOrBelow(path, place) || IsAtOrBelow(place, path);
  });
}

}  // namespace

std::vector<std::string> WatchedDirectories(
    const DirectoryTree& tree, std::span<const Query* const> queries,
    std::string Root::*path) {
  std::vector<std::string> watched;
  for (const Root& root : tree.roots()) {
    const std::string prefix = PrintedPrefix(root.path);
    const std::string spelled_prefix = PrintedPrefix(root.*path);
    const Directory* const top = root.directory;
    uint32_t depth = 0;
    std::string below;
    for (const Directory* d = top; d != nullptr;) {
      const bool seen = d == top || (d->visible() && !d->foreign);
      if (seen) {
        below.clear();
        AppendRelativePath(*d, below);
        const std::string printed = below.empty() ? root.path : prefix + below;
        depth = below.empty() ? 0
                              : 1 + static_cast<uint32_t>(std::count(
                                        below.begin(), below.end(), '/'));
        const bool needed = std::any_of(
            queries.begin(), queries.end(),
            [&](const Query* q) { return IsWatched(*q, printed, depth); });
        if (needed) {
          watched.push_back(below.empty() ? root.*path
                                          : spelled_prefix + below);
        }
      }
      d = NextInPreorder(d, top, !(seen && d->open()));
    }
  }
  if (tree.roots().size() > 1) {
    std::sort(watched.begin(), watched.end());
    watched.erase(std::unique(watched.begin(), watched.end()), watched.end());
  }
  return watched;
}

bool IsWritableTarget(std::string_view target) {
  std::string escaped;
  return !target.starts_with('~') && !target.ends_with(')') &&
         AppendEscaped(target, escaped) && MayHaveRule(escaped);
}

Depfile MakeDepfile(const std::vector<std::string>& targets,
                    const std::vector<std::string>& directories) {
  Depfile depfile;
  std::vector<std::string> names;
  names.reserve(directories.size() + 1);
  for (const std::string& directory : directories) {
    if (std::optional<std::string> name = EscapedDirectory(directory)) {
      names.push_back(*std::move(name));
    } else {
      depfile.unwritable.push_back(directory);
    }
  }
  if (!depfile.unwritable.empty()) names.emplace_back(kNeverExists);
  // Behind a colon make takes `a=b` for a variable, unless something else comes
  // first.
  const auto harmless = std::find_if(names.begin(), names.end(), MayHaveRule);
  if (harmless != names.end())
    std::rotate(names.begin(), harmless, harmless + 1);

  std::string& text = depfile.text;
  for (const std::string& target : targets) {
    if (!text.empty()) text += ' ';
    AppendEscaped(target, text);
  }
  text += ':';
  for (const std::string& name : names) {
    text += " \\\n  ";
    text += name;
  }
  text += '\n';
  for (const std::string& name : names) {
    if (!MayHaveRule(name)) continue;
    text += name;
    text += ":\n";
  }
  return depfile;
}

}  // namespace finder
