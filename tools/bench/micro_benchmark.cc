// Micro benchmarks of the steps of a run, on a tree in memory: what a change in
// one of them costs or gains, without the kernel's share. Run with
//
//   bazel run --config=opt //tools/bench:micro_benchmark
//
// Every figure is for one directory of a tree like `android`, about ten files
// each ("items" are directories).

#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/database/database.h"
#include "finder/database/database_format.h"
#include "finder/query/query.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/child_links.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/listing.h"
#include "finder/tree/tree_walk.h"
#include "finder/view/view.h"
#include "fs/posix/files/posix_file_system.h"
#include "tools/bench/tree_plan.h"

namespace finder {
namespace {

constexpr int kDirectories = 20000;
// Of names in a block, about what the database cuts at.
constexpr size_t kBlockBytes = 48 << 10;
constexpr int64_t kLongAgoNs = 1'700'000'000'000'000'000;

std::vector<std::string> FileNames(Random& random,
                                   const PlannedDirectory& planned) {
  std::set<std::string> unique;
  if (planned.has_blueprint) unique.insert("Android.bp");
  while (static_cast<int>(unique.size()) < planned.files) {
    unique.insert(FileName(random, 2, static_cast<int>(unique.size())));
  }
  std::vector<std::string> names(unique.begin(), unique.end());
  // As a kernel lists them: in no order.
  for (size_t i = names.size(); i > 1; --i) {
    std::swap(names[i - 1], names[random.Below(static_cast<int>(i))]);
  }
  return names;
}

void SetListing(const std::vector<std::string>& names, ListingBuilder& builder,
                Arena& arena, Directory& directory) {
  builder.Clear();
  for (const std::string& name : names) builder.Add(name, EntryKind::kFile);
  char* bytes = arena.AllocateBytes(builder.size_bytes());
  builder.Write(bytes);
  directory.set_listing({bytes, builder.size_bytes()});
}

// A scanned tree without a disk below it.
class Sample {
 public:
  Sample() {
    Shape shape = Shapes()[0];  // android
    shape.directories = kDirectories;
    Random random(1);
    const std::vector<PlannedDirectory> plan = Plan(shape, random);
    Arena& arena = tree_.NewArena();
    Directory* directories = arena.NewArray<Directory>(plan.size());
    tree_.devices = {{1, std::nullopt}};
    ListingBuilder builder;
    for (size_t i = 0; i < plan.size(); ++i) {
      Directory& directory = directories[i];
      names_.push_back(FileNames(random, plan[i]));
      SetListing(names_.back(), builder, arena, directory);
      directory.inode = 1000 + i;
      directory.change_ns = kLongAgoNs + static_cast<int64_t>(i) * 1'234'567;
      directory.device = 0;
      directory.knowledge = Knowledge::kListed;
      directory.verified = true;
      directory.trusted = true;
      AddChildren(plan, i, directories, arena);
    }
    directories[0].view_root = true;
    tree_.roots.push_back({"tree", "/tree", directories});
    tree_.known.push_back({"", "/tree", directories});
    CollectPreorder();
  }

  const DirectoryTree& tree() const { return tree_; }
  // Of each directory, in no order.
  const std::vector<std::vector<std::string>>& file_names() const {
    return names_;
  }

  // Calls `encode` for each block's worth of directories, with the first one's
  // index in pre-order and the index after the last.
  template <typename Encode>
  void ForEachBlock(Encode encode) const {
    size_t first = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < preorder_.size(); ++i) {
      bytes += preorder_[i]->name_size + preorder_[i]->listing_size;
      if (bytes >= kBlockBytes || i + 1 == preorder_.size()) {
        encode(first, i + 1);
        first = i + 1;
        bytes = 0;
      }
    }
  }

  BlockInfo EncodeBlock(size_t first, size_t end, BlockEncoder& encoder) const {
    const Directory* parent = preorder_[first]->parent;
    encoder.Begin(0, 0, parent == nullptr ? "" : RelativePath(*parent));
    for (size_t i = first; i < end; ++i) encoder.Add(*preorder_[i], depths_[i]);
    return encoder.Finish();
  }

 private:
  static void AddChildren(const std::vector<PlannedDirectory>& plan, size_t i,
                          Directory* directories, Arena& arena) {
    std::vector<int> children = plan[i].children;
    std::sort(children.begin(), children.end(), [&plan](int a, int b) {
      return ChildBefore(plan[a].name, plan[b].name);
    });
    ChildLinks links(directories[i]);
    for (int child : children) {
      directories[child].parent = &directories[i];
      directories[child].set_name(arena.Copy(plan[child].name));
      links.Append(directories[child]);
    }
  }

  void CollectPreorder() {
    const Directory* top = tree_.known[0].directory;
    VisitTree(*top, [this](const Directory& d) {
      size_t depth = 0;
      for (const Directory* p = d.parent; p != nullptr; p = p->parent) ++depth;
      preorder_.push_back(&d);
      depths_.push_back(depth);
      return Descent::kInside;
    });
  }

  DirectoryTree tree_;
  std::vector<std::vector<std::string>> names_;
  std::vector<const Directory*> preorder_;
  std::vector<size_t> depths_;
};

void CountDirectories(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * kDirectories);
}

void BlockEncode(benchmark::State& state) {
  const Sample sample;
  BlockEncoder encoder;
  uint64_t bytes = 0;
  for (auto _ : state) {
    sample.ForEachBlock([&](size_t first, size_t end) {
      bytes += sample.EncodeBlock(first, end, encoder).size_bytes;
      encoder.Reuse(encoder.TakeLine());
    });
  }
  CountDirectories(state);
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(BlockEncode)->Unit(benchmark::kMillisecond);

void BlockDecode(benchmark::State& state) {
  const Sample sample;
  std::vector<std::pair<BlockInfo, std::string>> blocks;
  sample.ForEachBlock([&](size_t first, size_t end) {
    BlockEncoder encoder;
    const BlockInfo info = sample.EncodeBlock(first, end, encoder);
    blocks.emplace_back(info, encoder.TakeLine());
  });
  uint64_t bytes = 0;
  for (auto _ : state) {
    Arena arena;
    BlockDecoder decoder;
    for (const auto& [info, line] : blocks) {
      const auto block = decoder.Decode(line, info, 0, 1, arena);
      if (!block.ok()) return state.SkipWithError("a block was refused");
      bytes += line.size();
    }
  }
  CountDirectories(state);
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(BlockDecode)->Unit(benchmark::kMillisecond);

// A database file, removed with this object.
class DatabaseFile {
 public:
  DatabaseFile() {
    const char* directory = getenv("TMPDIR");
    path_ = std::string(directory != nullptr ? directory : "/tmp") +
            "/finder-micro-benchmark." + std::to_string(getpid());
    view_.roots = {"/tree"};
  }
  ~DatabaseFile() { (void)files_.Remove(path_); }

  absl::Status Save(const DirectoryTree& tree) {
    SaveRequest request;
    request.header.view_id = "bench";
    request.tree = &tree;
    SaveCounts counts;
    return SaveDatabase(files_, path_, request, pool_, 1, counts);
  }

  LoadResult Load() {
    const auto rules = ViewRules::Compile(view_);
    LoadRequest request;
    request.view = &view_;
    request.rules = &*rules;
    request.absolute_roots = view_.roots;
    request.working_directory = "/";
    request.view_id = "bench";
    request.owner = geteuid();
    return LoadDatabase(files_, path_, request, pool_, 1);
  }

 private:
  PosixFileSystem files_;
  ThreadPool pool_{1};
  std::string path_;
  View view_;
};

// Cutting into blocks, encoding, sums, and the write.
void DatabaseSave(benchmark::State& state) {
  const Sample sample;
  DatabaseFile file;
  for (auto _ : state) {
    if (!file.Save(sample.tree()).ok()) {
      return state.SkipWithError("cannot save");
    }
  }
  CountDirectories(state);
}
BENCHMARK(DatabaseSave)->Unit(benchmark::kMillisecond);

// Reading, sums, decoding, and merging the blocks into one tree.
void DatabaseLoad(benchmark::State& state) {
  const Sample sample;
  DatabaseFile file;
  if (!file.Save(sample.tree()).ok()) return state.SkipWithError("cannot save");
  for (auto _ : state) {
    LoadResult result = file.Load();
    if (!result.database) return state.SkipWithError(result.reason.c_str());
    benchmark::DoNotOptimize(result);
  }
  CountDirectories(state);
}
BENCHMARK(DatabaseLoad)->Unit(benchmark::kMillisecond);

// Names as the kernel lists them, made a sorted listing.
void ListingSort(benchmark::State& state) {
  const Sample sample;
  ListingBuilder builder;
  std::string bytes;
  for (auto _ : state) {
    for (const std::vector<std::string>& names : sample.file_names()) {
      builder.Clear();
      for (const std::string& name : names) builder.Add(name, EntryKind::kFile);
      bytes.resize(builder.size_bytes());
      builder.Write(bytes.data());
      benchmark::DoNotOptimize(bytes.data());
    }
  }
  CountDirectories(state);
}
BENCHMARK(ListingSort)->Unit(benchmark::kMillisecond);

enum class Emit { kCount, kPrint };

// Runs a query over the whole tree on one thread.
void RunQuery(benchmark::State& state, const Query& query, Emit how) {
  const Sample sample;
  View view;
  view.roots = {"tree"};
  const auto compiled = CompiledQuery::Compile(query, view);
  if (!compiled.ok()) return state.SkipWithError("the query was refused");
  uint64_t answers = 0;
  std::string out;
  for (auto _ : state) {
    answers = 0;
    out.clear();
    for (const Segment& segment : CutIntoSegments(sample.tree(), 1)) {
      compiled->Run(sample.tree(), segment, [&](const Match& match) {
        ++answers;
        if (how == Emit::kPrint) {
          out.append(match.directory).append(match.name) += '\n';
        }
        return true;
      });
    }
    benchmark::DoNotOptimize(out.data());
  }
  CountDirectories(state);
  state.counters["answers"] = static_cast<double>(answers);
}

void MatchName(benchmark::State& state) {
  Query query;
  query.globs = {"Android.bp"};
  RunQuery(state, query, Emit::kCount);
}
BENCHMARK(MatchName)->Unit(benchmark::kMillisecond);

void MatchSuffixGlob(benchmark::State& state) {
  Query query;
  query.globs = {"*.java"};
  RunQuery(state, query, Emit::kCount);
}
BENCHMARK(MatchSuffixGlob)->Unit(benchmark::kMillisecond);

void MatchPathGlob(benchmark::State& state) {
  Query query;
  query.globs = {"**/res/**/*.xml"};
  RunQuery(state, query, Emit::kCount);
}
BENCHMARK(MatchPathGlob)->Unit(benchmark::kMillisecond);

void MatchRegex(benchmark::State& state) {
  Query query;
  query.regexes = {"/(core|native)/[^/]*\\.(cc|h)$"};
  RunQuery(state, query, Emit::kCount);
}
BENCHMARK(MatchRegex)->Unit(benchmark::kMillisecond);

void OutputAll(benchmark::State& state) {
  RunQuery(state, Query(), Emit::kPrint);
}
BENCHMARK(OutputAll)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace finder
