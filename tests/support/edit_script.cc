#include "tests/support/edit_script.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <string_view>

#include "fs/path.h"

namespace finder {
namespace {

constexpr std::string_view kRoot = "/r";

// Few, so that names meet again: as file, directory and symlink, and in many
// places. Some sort before and some after a '/', some need escapes.
constexpr const char* kNames[] = {
    "a",   "b",   "c",   "d",       "a.c",         "x.h",
    "a-b", "a b", "out", "caf\xe9", "new\nline.c", "q\"\\\xef\xbf\xbd",
};

constexpr uint32_t kModes[] = {0, 0444, 0111, 0755, 0755, 0755, 0555};

constexpr int64_t kMillisecondNs = 1'000'000;
constexpr int64_t kHourNs = 3600 * kSecondNs;

template <typename List>
const auto& At(const List& list, uint32_t number) {
  return list[number % std::size(list)];
}

std::string DirectoryOf(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

bool IsAtOrBelow(const std::string& path, const std::string& directory) {
  return path == directory || path.starts_with(directory + "/");
}

}  // namespace

EditScript RandomScript(uint64_t seed, size_t steps,
                        const std::vector<Edit>& edits) {
  std::mt19937_64 random(seed);
  const auto draw = [&random] { return static_cast<uint32_t>(random()); };
  EditScript script;
  while (script.size() < steps) {
    const Edit edit = At(edits, draw());
    const uint32_t a = draw();
    const uint32_t b = draw();
    script.push_back({edit, a, b, draw()});
  }
  return script;
}

std::string ScriptPlayer::Apply(const EditStep& step) {
  using Method = std::string (ScriptPlayer::*)(const EditStep&);
  static constexpr Method kMethods[] = {
      // in the order of Edit
      &ScriptPlayer::AddFile,         &ScriptPlayer::AddDirectory,
      &ScriptPlayer::Remove,          &ScriptPlayer::Move,
      &ScriptPlayer::SwapDirectories, &ScriptPlayer::Replace,
      &ScriptPlayer::Chmod,           &ScriptPlayer::TogglePruneFile,
      &ScriptPlayer::Symlink,         &ScriptPlayer::HardLink,
      &ScriptPlayer::Touch,           &ScriptPlayer::Mount,
      &ScriptPlayer::Unmount,         &ScriptPlayer::RenumberDevice,
      &ScriptPlayer::Reboot,          &ScriptPlayer::AdvanceClock,
      &ScriptPlayer::SetClockBack,    &ScriptPlayer::SwitchView,
  };
  static_assert(std::size(kMethods) == kEditKinds);
  paths_.clear();
  const std::string root(kRoot);
  const FileStat stat = machine_.tree.Stat(root);
  paths_.push_back({root, stat.kind, false});
  Collect(root, stat.device);
  return (this->*kMethods[static_cast<size_t>(step.edit)])(step);
}

void ScriptPlayer::Collect(const std::string& directory, uint64_t device) {
  for (const std::string& name : machine_.tree.Names(directory)) {
    const std::string path = directory + "/" + name;
    const FileStat stat = machine_.tree.Stat(path);
    paths_.push_back({path, stat.kind, stat.device != device});
    if (stat.kind == EntryKind::kDirectory) Collect(path, stat.device);
  }
}

std::optional<ScriptPlayer::Path> ScriptPlayer::Pick(
    uint32_t number, std::initializer_list<EntryKind> kinds) const {
  std::vector<Path> fitting;
  std::copy_if(paths_.begin(), paths_.end(), std::back_inserter(fitting),
               [&kinds](const Path& path) {
                 return std::find(kinds.begin(), kinds.end(), path.kind) !=
                        kinds.end();
               });
  if (fitting.empty()) return std::nullopt;
  return At(fitting, number);
}

std::string ScriptPlayer::NewPath(const EditStep& step) const {
  const std::optional<Path> directory = Pick(step.b, {EntryKind::kDirectory});
  return directory->path + "/" + At(kNames, step.c);
}

bool ScriptPlayer::HasMount(const std::string& path) const {
  return std::any_of(paths_.begin(), paths_.end(), [&path](const Path& p) {
    return p.mount_point && IsAtOrBelow(p.path, path);
  });
}

bool ScriptPlayer::SameDevice(const std::string& a,
                              const std::string& b) const {
  return machine_.tree.Stat(a).device == machine_.tree.Stat(b).device;
}

std::string ScriptPlayer::AddFile(const EditStep& step) {
  const std::string path = NewPath(step);
  if (machine_.tree.Exists(path)) return "";
  machine_.tree.WriteFile(path);
  return "write " + path;
}

std::string ScriptPlayer::AddDirectory(const EditStep& step) {
  const std::string path = NewPath(step);
  if (machine_.tree.Exists(path)) return "";
  machine_.tree.WriteFile(path + "/" + At(kNames, step.a));
  return "mkdir " + path + " with file " + At(kNames, step.a);
}

std::string ScriptPlayer::Remove(const EditStep& step) {
  const std::string path = At(paths_, step.a).path;
  if (path == kRoot || HasMount(path)) return "";
  machine_.tree.RemoveAll(path);
  return "rm -r " + path;
}

std::string ScriptPlayer::Move(const EditStep& step) {
  const std::string from = At(paths_, step.a).path;
  const std::string to = NewPath(step);
  if (from == kRoot || machine_.tree.Exists(to) || IsAtOrBelow(to, from) ||
      HasMount(from) || !SameDevice(from, DirectoryOf(to))) {
    return "";
  }
  machine_.tree.Rename(from, to);
  return "mv " + from + " " + to;
}

std::string ScriptPlayer::SwapDirectories(const EditStep& step) {
  const std::string a = Pick(step.a, {EntryKind::kDirectory})->path;
  const std::string b = Pick(step.b, {EntryKind::kDirectory})->path;
  if (IsAtOrBelow(a, b) || IsAtOrBelow(b, a) || HasMount(a) || HasMount(b) ||
      !SameDevice(a, b)) {
    return "";
  }
  const std::string aside = DirectoryOf(a) + "/swapped";
  machine_.tree.Rename(a, aside);
  machine_.tree.Rename(b, a);
  machine_.tree.Rename(aside, b);
  return "swap " + a + " " + b;
}

std::string ScriptPlayer::Replace(const EditStep& step) {
  const Path& old = At(paths_, step.a);
  if (old.path == kRoot || HasMount(old.path)) return "";
  machine_.tree.RemoveAll(old.path);
  if (old.kind == EntryKind::kDirectory) {
    machine_.tree.WriteFile(old.path);
    return "replace directory by file " + old.path;
  }
  machine_.tree.WriteFile(old.path + "/" + At(kNames, step.b));
  return "replace file by directory " + old.path + " with file " +
         At(kNames, step.b);
}

std::string ScriptPlayer::Chmod(const EditStep& step) {
  const std::string path = Pick(step.a, {EntryKind::kDirectory})->path;
  const uint32_t mode = At(kModes, step.b);
  if (path == kRoot && (mode & 0500) != 0500) return "";
  machine_.tree.Chmod(path, mode);
  return "chmod " + path + " to " + std::to_string(mode) + " (decimal)";
}

std::string ScriptPlayer::TogglePruneFile(const EditStep& step) {
  const std::string path =
      Pick(step.a, {EntryKind::kDirectory})->path + "/.prune";
  const bool exists = machine_.tree.Exists(path);
  if (exists) {
    machine_.tree.RemoveAll(path);
  } else {
    machine_.tree.WriteFile(path);
  }
  return (exists ? "rm " : "write ") + path;
}

std::string ScriptPlayer::Symlink(const EditStep& step) {
  const std::optional<Path> old = Pick(step.c, {EntryKind::kSymlink});
  std::string path = NewPath(step);
  if (step.a % 2 == 0 && old.has_value()) {
    path = old->path;
    machine_.tree.RemoveAll(path);
  }
  if (machine_.tree.Exists(path)) return "";
  std::string target = At(paths_, step.a / 2).path;
  if (step.a % 11 == 0) target = "nowhere";
  if (step.a % 13 == 0) target = "..";
  machine_.tree.Symlink(target, path);
  return "ln -s " + target + " " + path;
}

std::string ScriptPlayer::HardLink(const EditStep& step) {
  const std::optional<Path> file = Pick(step.a, {EntryKind::kFile});
  const std::string path = NewPath(step);
  if (!file.has_value() || machine_.tree.Exists(path) ||
      !SameDevice(file->path, DirectoryOf(path))) {
    return "";
  }
  machine_.tree.HardLink(file->path, path);
  return "ln " + file->path + " " + path;
}

std::string ScriptPlayer::Touch(const EditStep& step) {
  constexpr int64_t kAges[] = {24 * kHourNs, 3 * kSecondNs, -3 * kSecondNs,
                               -kHourNs};
  const std::string& path = At(paths_, step.a).path;
  const int64_t age = At(kAges, step.b);
  machine_.tree.SetModifiedTime(path, machine_.clock.RealtimeNs() - age);
  return "touch " + path + ", age " + std::to_string(age) + " ns";
}

std::string ScriptPlayer::Mount(const EditStep& step) {
  const Path directory = *Pick(step.a, {EntryKind::kDirectory});
  if (directory.path == kRoot || directory.mount_point) return "";
  machine_.tree.Mount(directory.path);
  const std::string file =
      directory.path + "/" + At(kNames, step.b) + "/" + At(kNames, step.c);
  machine_.tree.WriteFile(file);
  return "mount " + directory.path + " with file " + file;
}

std::string ScriptPlayer::Unmount(const EditStep& step) {
  std::vector<std::string> mounts;
  for (const Path& path : paths_) {
    if (path.mount_point) mounts.push_back(path.path);
  }
  if (mounts.empty()) return "";
  const std::string path = At(mounts, step.a);
  machine_.tree.Unmount(path);
  return "umount " + path;
}

std::string ScriptPlayer::RenumberDevice(const EditStep& step) {
  const std::string path = Pick(step.a, {EntryKind::kDirectory})->path;
  machine_.tree.SetDevice(path, ++next_device_);
  return "renumber the device of " + path;
}

std::string ScriptPlayer::Reboot(const EditStep& step) {
  machine_.clock.Reboot();
  machine_.clock.Advance(kSecondNs);
  machine_.host.boot_id = "boot " + std::to_string(step.a);
  return "reboot";
}

std::string ScriptPlayer::AdvanceClock(const EditStep& step) {
  constexpr int64_t kSteps[] = {1,
                                300 * kMillisecondNs,
                                kSecondNs,
                                1700 * kMillisecondNs,
                                3 * kSecondNs,
                                10 * kSecondNs,
                                25 * kHourNs};
  const int64_t ns = At(kSteps, step.a);
  machine_.clock.Advance(ns);
  return "advance the clock by " + std::to_string(ns) + " ns";
}

std::string ScriptPlayer::SetClockBack(const EditStep& step) {
  constexpr int64_t kSteps[] = {300 * kMillisecondNs, 2 * kSecondNs,
                                10 * kSecondNs, kHourNs};
  const int64_t ns = At(kSteps, step.a);
  machine_.clock.SetBack(ns);
  return "set the clock back by " + std::to_string(ns) + " ns";
}

std::string ScriptPlayer::SwitchView(const EditStep& step) {
  view_ = step.a;
  return "switch to view " + std::to_string(step.a);
}

EditScript Shrink(EditScript script,
                  const std::function<bool(const EditScript&)>& fails) {
  for (size_t size = std::max<size_t>(script.size() / 2, 1);; size /= 2) {
    for (size_t at = 0; at < script.size();) {
      EditScript shorter = script;
      const auto begin = shorter.begin() + static_cast<int64_t>(at);
      shorter.erase(begin, begin + static_cast<int64_t>(
                                       std::min(size, shorter.size() - at)));
      if (fails(shorter)) {
        script = std::move(shorter);
      } else {
        at += size;
      }
    }
    if (size <= 1) return script;
  }
}

}  // namespace finder
