// Random histories of a fake machine, as scripts that can be replayed and
// shortened. A step holds only numbers; its effect follows from them and from
// the tree, so that any part of a script is a script again. A step that fits
// nothing in the tree does nothing.
//
// Not thread-safe.
#ifndef FINDER_TESTS_SUPPORT_EDIT_SCRIPT_H_
#define FINDER_TESTS_SUPPORT_EDIT_SCRIPT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/finder_fixture.h"

namespace finder {

enum class Edit : uint8_t {
  kAddFile,
  kAddDirectory,
  kRemove,
  kMove,
  kSwapDirectories,
  kReplace,  // a file by a directory, a directory by a file
  kChmod,
  kTogglePruneFile,
  kSymlink,  // a new one, or another target for an old one
  kHardLink,
  kTouch,  // sets mtime into the past or the future
  kMount,
  kUnmount,
  kRenumberDevice,
  kReboot,
  kAdvanceClock,
  kSetClockBack,
  kSwitchView,
};
inline constexpr int kEditKinds = static_cast<int>(Edit::kSwitchView) + 1;

struct EditStep {
  Edit edit = Edit::kAddFile;
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t c = 0;
};

using EditScript = std::vector<EditStep>;

// `steps` steps drawn from `edits`; an edit listed twice comes twice as often.
// The same for the same seed.
EditScript RandomScript(uint64_t seed, size_t steps,
                        const std::vector<Edit>& edits);

// Applies steps to what lies below /r.
class ScriptPlayer {
 public:
  explicit ScriptPlayer(FinderFixture* machine) : machine_(*machine) {}

  // Does one step and says what it did; empty if nothing.
  std::string Apply(const EditStep& step);

  // Which of the views is the current one.
  size_t view() const { return view_; }

 private:
  struct Path {
    std::string path;
    EntryKind kind;
    bool mount_point;
  };

  void Collect(const std::string& directory, uint64_t device);
  std::optional<Path> Pick(uint32_t number,
                           std::initializer_list<EntryKind> kinds) const;
  // The name of `step` in a directory of `step`.
  std::string NewPath(const EditStep& step) const;
  bool HasMount(const std::string& path) const;
  bool SameDevice(const std::string& a, const std::string& b) const;

  std::string AddFile(const EditStep& step);
  std::string AddDirectory(const EditStep& step);
  std::string Remove(const EditStep& step);
  std::string Move(const EditStep& step);
  std::string SwapDirectories(const EditStep& step);
  std::string Replace(const EditStep& step);
  std::string Chmod(const EditStep& step);
  std::string TogglePruneFile(const EditStep& step);
  std::string Symlink(const EditStep& step);
  std::string HardLink(const EditStep& step);
  std::string Touch(const EditStep& step);
  std::string Mount(const EditStep& step);
  std::string Unmount(const EditStep& step);
  std::string RenumberDevice(const EditStep& step);
  std::string Reboot(const EditStep& step);
  std::string AdvanceClock(const EditStep& step);
  std::string SetClockBack(const EditStep& step);
  std::string SwitchView(const EditStep& step);

  FinderFixture& machine_;
  std::vector<Path> paths_;  // all below /r, and /r first
  uint64_t next_device_ = 100'000;
  size_t view_ = 0;
};

// Leaves out steps for as long as `fails` stays true of what remains.
EditScript Shrink(EditScript script,
                  const std::function<bool(const EditScript&)>& fails);

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_EDIT_SCRIPT_H_
