#include "finder/answer/depfile.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "finder/ignore/ignore_scopes.h"
#include "finder/query/reach.h"
#include "finder/tree/tree_walk.h"
#include "fs/path.h"

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

// Of these, those with no meaning wherever they stand in the name of a
// directory or of a rule.
constexpr std::array<bool, 256> MakeSimpleBytes() {
  std::array<bool, 256> simple = MakePlainBytes();
  for (char c : std::string_view("~(){}%=[]!")) {
    simple[static_cast<unsigned char>(c)] = false;
  }
  return simple;
}
constexpr std::array<bool, 256> kSimple = MakeSimpleBytes();

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
    // An entry is replaced in the directory that holds it.
    const bool is_entry = root_.kind == RootKind::kEntry;
    if (is_entry || reach_.Includes(root_.path, 0)) emit(spelled_);
    if (!root_.directory->open()) return;
    VisitTree(*root_.directory, Below{*this, emit, {}});
  }

 private:
  // At a directory, path_ is its own.
  struct Below {
    Descent Enter(const Directory& d) {
      const bool is_top = &d == watcher.root_.directory;
      std::string& path = watcher.path_;
      sizes.push_back(path.size());
      if (is_top) {
        path = watcher.spelled_prefix_;
        return Descent::kInside;
      }
      if (sizes.size() > 2) path += '/';
      path += d.name();
      const bool seen = d.visible() && !d.foreign;
      if (seen && watcher.IsNeededHere(sizes.size() - 1)) emit(path);
      return seen && d.open() ? Descent::kInside : Descent::kOver;
    }
    void Leave(const Directory&) {
      watcher.path_.resize(sizes.back());
      sizes.pop_back();
    }

    Watcher& watcher;
    absl::FunctionRef<void(std::string_view)> emit;
    std::vector<size_t> sizes;  // of the paths above
  };

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

// Bytes at a time: few calls, and they stay in the processor's cache.
constexpr size_t kChunk = size_t{64} << 10;

// Writes the two parts of a depfile: first the names of all directories, then
// their rules.
class Writer {
 public:
  explicit Writer(WriteDepfileText write) : write_(write) {
    out_.reserve(kChunk + (size_t{4} << 10));
  }

  void AddTargets(const std::vector<std::string>& targets) {
    for (const std::string& target : targets) {
      if (!out_.empty()) out_ += ' ';
      AppendEscaped(target, out_);
    }
    out_ += ':';
  }

  void AddName(std::string_view directory) {
    simple_.push_back(IsSimple(directory));
    if (simple_.back()) {
      AppendName(directory);
    } else if (!Escape(directory)) {
      unwritable_.emplace_back(directory);
    } else if (MayHaveRule(escaped_)) {
      AppendName(escaped_);
    } else {
      late_names_.push_back(escaped_);
    }
  }

  void FinishNames(Asking asking) {
    // Behind a colon make takes `a=b` for a variable, unless something else
    // comes first.
    const bool needs_first = !has_names_ && !late_names_.empty();
    never_exists_ =
        asking == Asking::kAlways || !unwritable_.empty() || needs_first;
    if (never_exists_) AppendName(kNeverExists);
    for (const std::string& name : late_names_) AppendName(name);
    out_ += '\n';
  }

  void AddRule(std::string_view directory) {
    if (simple_[next_rule_++]) {
      AppendRule(directory);
    } else if (Escape(directory) && MayHaveRule(escaped_)) {
      AppendRule(escaped_);
    }
  }

  std::vector<std::string> Finish() {
    if (never_exists_) AppendRule(kNeverExists);
    Flush();
    return std::move(unwritable_);
  }

 private:
  // Whether a directory is written as it is and gets a rule; most are. A child
  // or a sibling of the one before is not looked at from its beginning.
  bool IsSimple(std::string_view directory) {
    const size_t slash = directory.rfind('/');
    const size_t parent = slash == std::string_view::npos ? 0 : slash + 1;
    const bool known = parent > 0 && last_simple_.size() >= parent - 1 &&
                       std::string_view(last_simple_).substr(0, parent - 1) ==
                           directory.substr(0, parent - 1);
    for (size_t at = known ? parent : 0; at < directory.size(); ++at) {
      if (!kSimple[static_cast<unsigned char>(directory[at])]) return false;
    }
    if (!known && !MayHaveRule(directory)) return false;
    last_simple_ = directory;
    return true;
  }

  bool Escape(std::string_view directory) {
    escaped_.clear();
    return AppendDirectory(directory, escaped_);
  }

  void AppendName(std::string_view name) {
    out_ += " \\\n  ";
    out_ += name;
    has_names_ = true;
    FlushIfLong();
  }
  void AppendRule(std::string_view name) {
    out_ += name;
    out_ += ":\n";
    FlushIfLong();
  }
  void FlushIfLong() {
    if (out_.size() >= kChunk) Flush();
  }
  void Flush() {
    if (!stopped_ && !out_.empty()) stopped_ = !write_(out_);
    out_.clear();
  }

  WriteDepfileText write_;
  bool stopped_ = false;
  std::string out_;
  std::string last_simple_;
  std::vector<bool> simple_;  // for each directory, so as to look once
  size_t next_rule_ = 0;      // of them
  std::string escaped_;
  bool has_names_ = false;
  bool never_exists_ = false;
  std::vector<std::string> late_names_;  // of directories without a rule
  std::vector<std::string> unwritable_;
};

}  // namespace

void VisitWatchedDirectories(const DirectoryTree& tree,
                             std::span<const Query* const> queries,
                             std::string Root::*path,
                             absl::FunctionRef<void(std::string_view)> visit) {
  const Reach reach = JoinedReach(queries);
  const bool has_entries = std::any_of(
      tree.roots.begin(), tree.roots.end(),
      [](const Root& root) { return root.kind == RootKind::kEntry; });
  if (!has_entries && SegmentsAreSorted(tree)) {
    for (const Root& root : tree.roots) {
      Watcher(root, root.*path, reach).Visit(visit);
    }
    return;
  }
  // One root lies below another, or two are in one directory.
  std::vector<std::string> watched;
  for (const Root& root : tree.roots) {
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

std::vector<std::string> WriteDepfile(const std::vector<std::string>& targets,
                                      VisitDirectories directories,
                                      WriteDepfileText write, Asking asking) {
  Writer writer(write);
  writer.AddTargets(targets);
  directories([&writer](std::string_view path) { writer.AddName(path); });
  writer.FinishNames(asking);
  directories([&writer](std::string_view path) { writer.AddRule(path); });
  return writer.Finish();
}

std::vector<std::string> WriteDepfile(const std::vector<std::string>& targets,
                                      const DirectoryTree& tree,
                                      std::span<const Query* const> queries,
                                      std::string Root::*path,
                                      WriteDepfileText write, Asking asking) {
  return WriteDepfile(
      targets,
      [&](absl::FunctionRef<void(std::string_view)> visit) {
        VisitWatchedDirectories(tree, queries, path, visit);
        if (tree.ignore_scopes == nullptr) return;
        for (const std::string& file : tree.ignore_scopes->FilesRead(
                 path == &Root::path ? IgnoreScopes::Spelling::kPrinted
                                     : IgnoreScopes::Spelling::kAbsolute)) {
          visit(file);
        }
      },
      write, asking);
}

}  // namespace finder
