// A fake machine with the state of one scan on it, for tests of the parts of a
// scan. Not thread-safe.
#ifndef FINDER_TESTS_FINDER_SCANNER_SCAN_WORLD_H_
#define FINDER_TESTS_FINDER_SCANNER_SCAN_WORLD_H_

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "finder/diagnostics.h"
#include "finder/scanner/scan_state.h"
#include "finder/scanner/scanner.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/tree_repacking.h"
#include "finder/tree/tree_walk.h"
#include "finder/view/view.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"

namespace finder {

class ScanWorld {
 public:
  // One root, /r, which holds what AddTree makes of `text`.
  explicit ScanWorld(std::string_view text, View rooted = View())
      : view(std::move(rooted)) {
    view.roots = {"/r"};
    rules = std::make_unique<ViewRules>(*ViewRules::Compile(view));
    disk.AddTree(text, "/r");
    Age();
    Directory* root = tree.NewArena().NewArray<Directory>(1);
    root->name_bytes = "";
    tree.known.push_back({"", "/r", root});
    PlaceRoot();
  }

  void Age() { clock.Advance(60'000'000'000); }

  ScanRequest Request() {
    ScanRequest request;
    request.files = &files;
    request.clock = &clock;
    request.view = &view;
    request.rules = rules.get();
    request.now_ns = clock.RealtimeNs();
    request.processors = 2;
    request.fixed_threads = true;
    request.diagnostics = &diagnostics;
    request.observer = observer;
    return request;
  }

  // A whole scan. What it leaves is then known as facts alone, in pieces.
  void Learn() {
    Scanner scanner(Request(), tree, pool);
    static_cast<void>(scanner.OpenRoots());
    scanner.Explore(1);
    known = Repack(tree, Repacking::kFactsAlone,
                   [](const Directory&, const Directory*) {});
    tree = std::move(known.tree);
    PlaceRoot();
    files.calls().Reset();
  }

  // A state whose root is open and verified, as after Scanner::OpenRoots.
  std::unique_ptr<ScanState> OpenState() {
    auto state = std::make_unique<ScanState>(Request(), tree, pool);
    auto handle =
        files.OpenDirectory(DirectoryHandle(), "/r", SymlinkPolicy::kFollow);
    state->root_stats.push_back(
        files.Stat(handle.value(), "", SymlinkPolicy::kNoFollow).value());
    const FileStat& stat = state->root_stats[0];
    Directory& root = Root();
    root.device = state->devices.Identify(stat.device, handle.value());
    root.inode = stat.inode;
    root.change_ns = stat.change_ns;
    root.verified = true;
    state->root_handles.push_back(std::move(handle).value());
    files.calls().Reset();
    return state;
  }

  Directory& Root() { return *tree.roots[0].directory; }
  // The directory known at "a/b".
  Directory& At(std::string_view path) {
    Directory* at = &Root();
    while (!path.empty()) {
      const size_t end = std::min(path.find('/'), path.size());
      at = FindChild(*at, path.substr(0, end));
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    return *at;
  }

  // Paths of what waits in the queue, sorted.
  static std::vector<std::string> Queued(ScanState& state) {
    absl::MutexLock lock(&state.mutex);
    std::vector<std::string> paths;
    for (const WorkItem& item : state.queue) {
      paths.push_back(RelativePath(*item.directory));
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  FakeClock clock;
  FakeTree disk{&clock};
  FakeFileSystem files{&disk};
  View view;
  std::unique_ptr<ViewRules> rules;
  Diagnostics diagnostics;
  ThreadPool pool{4};
  DirectoryTree tree;
  RepackedTree known;
  TreeObserver* observer = nullptr;

 private:
  void PlaceRoot() {
    Directory* root = tree.known[0].directory;
    root->view_root = true;
    tree.roots = {{"/r", "/r", root}};
  }
};

}  // namespace finder

#endif  // FINDER_TESTS_FINDER_SCANNER_SCAN_WORLD_H_
