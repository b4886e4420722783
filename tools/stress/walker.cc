#include "tools/stress/walker.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace finder {
namespace {

class Walker {
 public:
  Walker(const View& view, const TypeSet& types) : view_(view), types_(types) {}

  void AddRoot(const std::string& real, const std::string& printed) {
    struct stat found;
    if (stat(real.c_str(), &found) != 0) return;
    root_device_ = found.st_dev;
    above_ = {{found.st_dev, found.st_ino}};
    if (!S_ISDIR(found.st_mode)) return AddEntryRoot(real, printed);
    const std::string prefix = printed == "." ? "" : printed + '/';
    root_size_ = prefix.size();
    AddDirectory(real, prefix);
  }

  std::vector<std::string> TakeDoubtful() { return std::move(doubtful_); }

  std::string Take() {
    std::sort(answers_.begin(), answers_.end());
    answers_.erase(std::unique(answers_.begin(), answers_.end()),
                   answers_.end());
    std::string text;
    for (const std::string& answer : answers_) {
      text += answer;
      text += '\0';
    }
    return text;
  }

 private:
  bool follows() const { return view_.links == LinkPolicy::kFollow; }

  void AddEntryRoot(const std::string& real, const std::string& printed) {
    struct stat found;
    if (lstat(real.c_str(), &found) != 0) return;
    const size_t name = printed.rfind('/') + 1;
    AddEntry(real, printed.substr(0, name), printed.substr(name), found);
  }

  bool Excludes(const std::string& prefix, const std::string& name) const {
    return Has(view_.exclude_dirs, name) ||
           Has(view_.exclude_dirs, prefix.substr(root_size_) + name);
  }

  bool Keeps(const std::string& name) const {
    const KeepRules& keep = view_.keep;
    if (keep.names.empty() && keep.suffixes.empty()) return true;
    return Has(keep.names, name) ||
           std::any_of(keep.suffixes.begin(), keep.suffixes.end(),
                       [&name](const auto& s) { return name.ends_with(s); });
  }

  void AddDirectory(const std::string& real, const std::string& prefix) {
    std::vector<std::pair<std::string, struct stat>> entries;
    DIR* directory = opendir(real.c_str());
    if (directory == nullptr) {
      // Its parent lists it, and yet it is not there.
      if (errno != EACCES) doubtful_.push_back(prefix);
      return;
    }
    bool pruned = false;
    while (const dirent* entry = readdir(directory)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      struct stat found = {};
      if (lstat((real + '/' + name).c_str(), &found) != 0) {
        // Without permission to pass, its type is all one can know.
        found.st_mode = DTTOIF(entry->d_type);
        if (errno != EACCES) doubtful_.push_back(prefix + name + '/');
      } else if (entry->d_type != DT_UNKNOWN &&
                 static_cast<mode_t>(DTTOIF(entry->d_type)) !=
                     (found.st_mode & S_IFMT)) {
        // What prunes decides about all that is beside it.
        doubtful_.push_back(Has(view_.prune_files, name) ? prefix
                                                         : prefix + name + '/');
      }
      if (!S_ISDIR(found.st_mode) && Has(view_.prune_files, name)) {
        pruned = true;
      }
      entries.emplace_back(name, found);
    }
    closedir(directory);
    if (pruned) return;
    for (const auto& [name, found] : entries) {
      AddEntry(real + '/' + name, prefix, name, found);
    }
  }

  void AddEntry(const std::string& real, const std::string& prefix,
                const std::string& name, const struct stat& found) {
    if (S_ISDIR(found.st_mode)) {
      if (!Excludes(prefix, name)) Enter(real, prefix + name, found);
      return;
    }
    if (!S_ISLNK(found.st_mode)) {
      const bool wanted =
          !types_.any() || (types_.files && S_ISREG(found.st_mode));
      if (wanted && Keeps(name)) answers_.push_back(prefix + name);
      return;
    }
    struct stat target;
    const bool leads_to_directory =
        stat(real.c_str(), &target) == 0 && S_ISDIR(target.st_mode);
    if (follows() && leads_to_directory && !Excludes(prefix, name) &&
        !IsDead(real, target) && !Has(above_, {target.st_dev, target.st_ino})) {
      Enter(real, prefix + name, target);
      return;
    }
    const bool is_file = !leads_to_directory && follows() && types_.files;
    const bool wanted =
        types_.any() ? types_.symlinks || is_file : !leads_to_directory;
    if (wanted && Keeps(name)) answers_.push_back(prefix + name);
  }

  void Enter(const std::string& real, const std::string& printed,
             const struct stat& found) {
    if (IsDead(real, found)) {
      doubtful_.push_back(printed + '/');
      return;
    }
    if (types_.directories) answers_.push_back(printed);
    if (view_.boundary == Boundary::kOneFileSystem &&
        found.st_dev != root_device_) {
      return;
    }
    above_.emplace_back(found.st_dev, found.st_ino);
    AddDirectory(real, printed + '/');
    above_.pop_back();
  }

  // A directory that was removed lives on where it is mounted, but cannot be
  // listed any more: to the finder it is absent. Unless nobody lists it.
  bool IsDead(const std::string& real, const struct stat& found) const {
    // Where all directories have one link (btrfs, merged ones of overlay), a
    // dead one has it too.
    return (found.st_nlink == 0 ||
            (found.st_nlink == 1 && HasNotEvenDots(real))) &&
           (view_.boundary == Boundary::kCross || found.st_dev == root_device_);
  }

  // Whether a directory can be opened, and lists not even itself.
  static bool HasNotEvenDots(const std::string& real) {
    DIR* directory = opendir(real.c_str());
    if (directory == nullptr) return false;
    const bool empty = readdir(directory) == nullptr;
    closedir(directory);
    return empty;
  }

  using Identity = std::pair<dev_t, ino_t>;
  static bool Has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }
  static bool Has(const std::vector<Identity>& all, const Identity& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }

  const View& view_;
  const TypeSet& types_;
  dev_t root_device_ = 0;
  size_t root_size_ = 0;  // of what stands before paths below the root
  std::vector<Identity> above_;
  std::vector<std::string> answers_;
  std::vector<std::string> doubtful_;
};

}  // namespace

std::string Walk(const std::string& top, const View& view, const TypeSet& types,
                 std::vector<std::string>& doubtful) {
  Walker walker(view, types);
  for (const std::string& root : view.roots) {
    walker.AddRoot(root == "." ? top : top + '/' + root, root);
  }
  doubtful = walker.TakeDoubtful();
  return walker.Take();
}

}  // namespace finder
