#include "finder/answer/depfile.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "finder/query/reach.h"

namespace finder {
namespace {

// Stands for all directories that cannot be written, and for the wish to be
// asked always.
constexpr std::string_view kNeverExists = ".finder-never-exists";

// Bytes that both tools take as they are, ninja 1.11 being the stricter one. Of
// these, make would expand a set in [] if it matched anything.
constexpr std::array<bool, 256> MakePlainBytes() {
  std::array<bool, 256> plain = {};
  for (size_t c = 0x80; c < plain.size(); ++c) plain[c] = true;
  for (size_t c = '0'; c <= '9'; ++c) plain[c] = true;
  for (size_t c = 'a'; c <= 'z'; ++c) plain[c] = true;
  for (size_t c = 'A'; c <= 'Z'; ++c) plain[c] = true;
  for (char c : std::string_view("+,/_.~()}{%=@[]!-")) {
    plain[static_cast<unsigned char>(c)] = true;
  }
  return plain;
}
constexpr std::array<bool, 256> kPlain = MakePlainBytes();

bool IsPlain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

// Whether a backslash before `c` is just that for both tools.
bool IsPlainAfterBackslash(char c) {
  return IsPlain(c) &&
         std::string_view("[]%~").find(c) == std::string_view::npos;
}

// Appends one path; false if there is no spelling that both tools read.
bool AppendEscaped(std::string_view path, std::string& out) {
  for (size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    const char next = i + 1 < path.size() ? path[i + 1] : ' ';
    switch (c) {
      case ' ':
      case '#':
        out += '\\';
        break;
      case ':':
        // In front of a blank ninja takes it for the colon of a rule.
        if (next == ' ') return false;
        out += '\\';
        break;
      case '$':
        out += '$';
        break;
      case '\\':
        // In front of anything special the tools count backslashes differently.
        if (!IsPlainAfterBackslash(next)) return false;
        break;
      default:
        if (!IsPlain(c)) return false;
    }
    out += c;
  }
  return true;
}

// The same for a directory, in a spelling that neither tool takes for anything
// else.
bool AppendDirectory(std::string_view path, std::string& out) {
  if (path.starts_with('~')) out += "./";  // not somebody's home
  if (std::all_of(path.begin(), path.end(), IsPlain) && !path.ends_with(')')) {
    out += path;
    return true;
  }
  // Not a member of an archive, a rule's colon or an escape.
  if (path.ends_with(')') || path.ends_with(':') || path.ends_with('\\')) {
    return AppendEscaped(std::string(path) + '/', out);
  }
  return AppendEscaped(path, out);
}

// Whether make reads a rule for this name as what it says, and not as a
// variable, a pattern or a command to make (.SILENT).
bool MayHaveRule(std::string_view escaped) {
  if (escaped.size() > 1 && escaped[0] == '.' && escaped[1] >= 'A' &&
      escaped[1] <= 'Z') {
    return false;
  }
  // Two searches, since find_first_of goes byte by byte.
  return escaped.find('=') == std::string_view::npos &&
         escaped.find('%') == std::string_view::npos;
}

Reach JoinedReach(std::span<const Query* const> queries) {
  if (queries.empty()) return Reach();
  Reach reach = Reach::Of(*queries.front());
  for (const Query* query : queries) reach.Join(Reach::Of(*query));
  return reach;
}

// Visits the directories below one root in pre-order, with their paths.
class Watcher {
 public:
  Watcher(const Root& root, std::string_view spelled, const Reach& reach)
      : root_(root),
        spelled_(spelled),
        prefix_(PrintedPrefix(root.path)),
        spelled_prefix_(PrintedPrefix(spelled)),
        reach_(reach) {}

  void Visit(absl::FunctionRef<void(std::string_view)> emit) {
    if (reach_.Includes(root_.path, 0)) emit(spelled_);
    if (!root_.directory->open()) return;
    path_ = spelled_prefix_;
    const Directory* d = root_.directory->first_child;
    std::vector<size_t> sizes;  // of the paths above the current directory
    while (d != nullptr) {
      const size_t size = path_.size();
      const bool seen = d->visible() && !d->foreign;
      path_ += d->name();
      if (seen && IsNeededHere(sizes.size() + 1)) emit(path_);
      if (seen && d->open() && d->first_child != nullptr) {
        path_ += '/';
        sizes.push_back(size);
        d = d->first_child;
        continue;
      }
      path_.resize(size);
      while (d->next_sibling == nullptr && !sizes.empty()) {
        path_.resize(sizes.back());
        sizes.pop_back();
        d = d->parent;
      }
      d = d->next_sibling;
    }
  }

 private:
  bool IsNeededHere(size_t depth) const {
    if (reach_.is_whole()) return true;
    return reach_.Includes(prefix_ + path_.substr(spelled_prefix_.size()),
                           static_cast<uint32_t>(depth));
  }

  const Root& root_;
  const std::string_view spelled_;
  const std::string prefix_;
  const std::string spelled_prefix_;
  const Reach& reach_;
  std::string path_;
};

// Collects the two parts of a depfile.
class Writer {
 public:
  void Add(std::string_view directory) {
    name_.clear();
    if (!AppendDirectory(directory, name_)) {
      unwritable_.emplace_back(directory);
    } else if (MayHaveRule(name_)) {
      AddName(name_, names_);
      rules_ += name_;
      rules_ += ":\n";
    } else {
      AddName(name_, late_names_);
    }
  }

  void AddNeverExists() {
    if (!has_never_exists_) Add(kNeverExists);
    has_never_exists_ = true;
  }

  Depfile Finish(const std::vector<std::string>& targets) {
    Depfile depfile;
    // Behind a colon make takes `a=b` for a variable, unless something else
    // comes first.
    const bool needs_first = names_.empty() && !late_names_.empty();
    if (!unwritable_.empty() || needs_first) AddNeverExists();
    std::string& text = depfile.text;
    for (const std::string& target : targets) {
      if (!text.empty()) text += ' ';
      AppendEscaped(target, text);
    }
    text.reserve(text.size() + names_.size() + late_names_.size() +
                 rules_.size() + 2);
    text += ':';
    text += names_;
    text += late_names_;
    text += '\n';
    text += rules_;
    depfile.unwritable = std::move(unwritable_);
    return depfile;
  }

 private:
  static void AddName(std::string_view name, std::string& to) {
    to += " \\\n  ";
    to += name;
  }

  std::string name_;
  std::string names_;       // of directories that get a rule of their own
  std::string late_names_;  // of the others
  std::string rules_;
  std::vector<std::string> unwritable_;
  bool has_never_exists_ = false;
};

}  // namespace

void VisitWatchedDirectories(const DirectoryTree& tree,
                             std::span<const Query* const> queries,
                             std::string Root::*path,
                             absl::FunctionRef<void(std::string_view)> visit) {
  const Reach reach = JoinedReach(queries);
  if (SegmentsAreSorted(tree)) {
    for (const Root& root : tree.roots()) {
      Watcher(root, root.*path, reach).Visit(visit);
    }
    return;
  }
  // One root lies below another.
  std::vector<std::string> watched;
  for (const Root& root : tree.roots()) {
    Watcher(root, root.*path, reach).Visit([&](std::string_view directory) {
      watched.emplace_back(directory);
    });
  }
  std::sort(watched.begin(), watched.end());
  watched.erase(std::unique(watched.begin(), watched.end()), watched.end());
  for (const std::string& directory : watched) visit(directory);
}

bool IsWritableTarget(std::string_view target) {
  std::string escaped;
  return !target.starts_with('~') && !target.ends_with(')') &&
         AppendEscaped(target, escaped) && MayHaveRule(escaped);
}

Depfile MakeDepfile(const std::vector<std::string>& targets,
                    const DirectoryTree& tree,
                    std::span<const Query* const> queries,
                    std::string Root::*path, Asking asking) {
  Writer writer;
  if (asking == Asking::kAlways) writer.AddNeverExists();
  VisitWatchedDirectories(
      tree, queries, path,
      [&writer](std::string_view directory) { writer.Add(directory); });
  return writer.Finish(targets);
}

Depfile MakeDepfile(const std::vector<std::string>& targets,
                    const std::vector<std::string>& directories) {
  Writer writer;
  for (const std::string& directory : directories) writer.Add(directory);
  return writer.Finish(targets);
}

}  // namespace finder
