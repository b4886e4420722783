#include "tests/support/naive_walk.h"

#include <errno.h>
#include <fnmatch.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace finder {
namespace {

using Strings = std::vector<std::string>;

bool Holds(const Strings& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

class Walk {
 public:
  Walk(FileSystem& files, const View& view, const TypeSet& types)
      : files_(files), view_(view), types_(types) {}

  bool Root(const std::string& root, const std::string& absolute) {
    const auto stat =
        files_.Stat(DirectoryHandle(), absolute, SymlinkPolicy::kFollow);
    auto handle = files_.OpenDirectory(DirectoryHandle(), absolute,
                                       SymlinkPolicy::kFollow);
    if (!handle.ok() || !stat.ok()) return false;
    root_device_ = stat->device;
    above_ = {{stat->device, stat->inode}};
    const std::string prefix = root == "."   ? ""
                               : root == "/" ? "/"
                                             : root + "/";
    prefix_size_ = prefix.size();
    List(handle.value(), root, prefix, absolute + "/");
    return true;
  }

  NaiveAnswer Take() {
    for (const auto& [path, type] : found_) {
      answer_.lines.push_back(std::string(1, type) + " " + path);
    }
    std::sort(answer_.diagnostics.begin(), answer_.diagnostics.end(),
              [](const auto& a, const auto& b) {
                return std::tie(a.path, a.reason) < std::tie(b.path, b.reason);
              });
    answer_.ok = true;
    return std::move(answer_);
  }

 private:
  struct Entry {
    std::string name;
    EntryKind kind;
  };

  void Unreadable(const std::string& printed, SystemError error) {
    answer_.diagnostics.push_back({printed, error.Message()});
  }

  void List(const DirectoryHandle& handle, const std::string& printed,
            const std::string& prefix, const std::string& absolute) {
    std::vector<Entry> entries;
    const Outcome listed =
        files_.List(handle, [&entries](std::string_view name, EntryKind kind) {
          entries.push_back({std::string(name), kind});
        });
    if (!listed.ok()) return Unreadable(printed, listed.error());
    for (const Entry& entry : entries) {
      if (entry.kind != EntryKind::kDirectory &&
          Holds(view_.prune_files, entry.name)) {
        return;
      }
    }
    for (const Entry& entry : entries) Visit(entry, prefix, absolute);
  }

  void Visit(const Entry& entry, const std::string& prefix,
             const std::string& absolute) {
    const std::string path = absolute + entry.name;
    if (entry.kind == EntryKind::kDirectory) {
      if (!Excluded(prefix + entry.name, entry.name)) {
        Enter(path, prefix + entry.name, SymlinkPolicy::kNoFollow);
      }
      return;
    }
    if (entry.kind != EntryKind::kSymlink) {
      const bool file = entry.kind == EntryKind::kFile;
      if (Kept(entry.name) && (!types_.any() || (file && types_.files))) {
        Found(prefix + entry.name, file ? 'f' : 'o');
      }
      return;
    }
    const auto target =
        files_.Stat(DirectoryHandle(), path, SymlinkPolicy::kFollow);
    const bool directory = target.ok() && target->kind == EntryKind::kDirectory;
    const bool follow = view_.links == LinkPolicy::kFollow;
    if (directory && follow && !Excluded(prefix + entry.name, entry.name) &&
        !IsAbove({target->device, target->inode})) {
      Enter(path, prefix + entry.name, SymlinkPolicy::kFollow);
      return;
    }
    const bool wanted = !types_.any() ? !directory
                        : directory
                            ? types_.symlinks
                            : types_.symlinks || (types_.files && follow);
    if (wanted && Kept(entry.name)) Found(prefix + entry.name, 'l');
  }

  void Enter(const std::string& path, const std::string& printed,
             SymlinkPolicy policy) {
    if (types_.directories) Found(printed, 'd');
    const auto stat = files_.Stat(DirectoryHandle(), path, policy);
    if (!stat.ok()) return Unreadable(printed, stat.error());
    if (view_.boundary == Boundary::kOneFileSystem &&
        stat->device != root_device_) {
      return;
    }
    auto handle = files_.OpenDirectory(DirectoryHandle(), path, policy);
    if (!handle.ok()) return Unreadable(printed, handle.error());
    above_.push_back({stat->device, stat->inode});
    List(handle.value(), printed, printed + "/", path + "/");
    above_.pop_back();
  }

  bool IsAbove(const std::pair<uint64_t, uint64_t>& directory) const {
    return std::find(above_.begin(), above_.end(), directory) != above_.end();
  }

  // Of the globs with a '/' only those that fnmatch knows.
  bool Excluded(const std::string& printed, const std::string& name) const {
    const std::string below = printed.substr(prefix_size_);
    return std::any_of(
        view_.exclude_dirs.begin(), view_.exclude_dirs.end(),
        [&](const std::string& glob) {
          if (glob.find('/') == std::string::npos) {
            return fnmatch(glob.c_str(), name.c_str(), 0) == 0;
          }
          const std::string_view path =
              glob.starts_with("./") ? glob.c_str() + 2 : glob.c_str();
          return fnmatch(path.data(), below.c_str(), FNM_PATHNAME) == 0;
        });
  }

  bool Kept(const std::string& name) const {
    const KeepRules& keep = view_.keep;
    return keep.keeps_all() || Holds(keep.names, name) ||
           std::any_of(
               keep.suffixes.begin(), keep.suffixes.end(),
               [&name](const auto& suffix) { return name.ends_with(suffix); });
  }

  void Found(const std::string& path, char type) {
    found_.insert({path, type});
  }

  FileSystem& files_;
  const View& view_;
  const TypeSet types_;
  uint64_t root_device_ = 0;
  size_t prefix_size_ = 0;  // of what stands before the path below the root
  std::vector<std::pair<uint64_t, uint64_t>> above_;
  std::set<std::pair<std::string, char>> found_;
  NaiveAnswer answer_;
};

}  // namespace

NaiveAnswer NaiveWalk(FileSystem& files, std::string_view working_directory,
                      const View& view, const TypeSet& types) {
  Walk walk(files, view, types);
  for (const std::string& root : view.roots) {
    const bool absolute = root.starts_with('/');
    const std::string path =
        absolute ? root : std::string(working_directory) + "/" + root;
    if (!walk.Root(root, path)) return NaiveAnswer();
  }
  return walk.Take();
}

}  // namespace finder
