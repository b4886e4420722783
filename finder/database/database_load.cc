// The reading half of database.h.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/database/database.h"
#include "finder/database/database_file.h"
#include "finder/database/soong_format.h"
#include "finder/database/tree_joiner.h"
#include "finder/threads/trace.h"

namespace finder {
namespace {

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

std::string Damaged(std::string_view what) {
  return Text(DamagedDatabase(what));
}

bool ContainsAll(const std::vector<std::string>& all,
                 const std::vector<std::string>& some) {
  return std::all_of(some.begin(), some.end(), [&all](const auto& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  });
}

// Loads one native database. Each step returns false and leaves a reason.
class Loader {
 public:
  Loader(DatabaseFile& file, const LoadRequest& request, ThreadPool& pool,
         unsigned workers)
      : file_(file), request_(request), pool_(pool), workers_(workers) {}

  LoadResult Load() {
    LoadResult result;
    if (Done(file_.ReadHeader()) && Fits() && Done(file_.ReadTrailer()) &&
        ReadBlocks() && Attach()) {
      result.database = std::move(database_);
    }
    result.reason = std::move(reason_);
    return result;
  }

 private:
  bool Fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }
  bool Done(const absl::Status& status) {
    return status.ok() || Fail(Text(status));
  }
  bool Fits();
  bool ReadBlocks();
  void ReadSomeBlocks(unsigned thread);
  std::string ReadBlock(size_t index, BlockDecoder& decoder, Arena& arena);
  void ApplyRules(const Piece& piece) const;
  bool Attach();

  DatabaseFile& file_;
  const LoadRequest& request_;
  ThreadPool& pool_;
  const unsigned workers_;

  char* text_ = nullptr;  // all blocks, owned by the tree
  std::vector<DecodedBlock> blocks_;
  std::atomic<size_t> next_block_ = 0;
  absl::Mutex mutex_;
  std::string block_error_ ABSL_GUARDED_BY(mutex_);

  LoadedDatabase database_;
  std::string reason_;
};

bool Loader::Fits() {
  const View& view = *request_.view;
  const DatabaseHeader& header = file_.header();
  if (header.view_id != request_.view_id) {
    return Fail(fmt::format("database belongs to {}, not {}", header.view_id,
                            request_.view_id));
  }
  if (header.links != view.links) {
    return Fail("database was made with another symlink policy");
  }
  if (!header.keep.Covers(view.StoredKeep())) {
    return Fail("database holds fewer file names than asked for");
  }
  if (!ContainsAll(view.exclude_dirs, header.blind_excludes) ||
      !ContainsAll(view.prune_files, header.blind_prunes)) {
    return Fail("database was made with other exclude or prune rules");
  }
  return true;
}

bool Loader::ReadBlocks() {
  auto buffer = std::make_unique_for_overwrite<char[]>(file_.blocks_bytes());
  text_ = buffer.get();
  database_.tree.NewArena().Adopt(std::move(buffer),
                                  static_cast<size_t>(file_.blocks_bytes()));
  blocks_.resize(file_.trailer().blocks.size());
  const unsigned workers = std::min<size_t>(workers_, (blocks_.size() + 3) / 4);
  pool_.Run(workers, [this](unsigned thread) { ReadSomeBlocks(thread); });
  absl::MutexLock lock(&mutex_);
  if (!block_error_.empty()) return Fail(std::move(block_error_));
  return true;
}

void Loader::ReadSomeBlocks(unsigned thread) {
  BlockDecoder decoder;
  Arena* arena;
  {
    absl::MutexLock lock(&mutex_);
    arena = &database_.tree.NewArena();
  }
  while (true) {
    const size_t index = next_block_.fetch_add(1, std::memory_order_relaxed);
    if (index >= blocks_.size()) return;
    TraceSpan span(pool_.trace(), thread, Trace::Kind::kDetail, "block");
    span.SetCount("bytes", file_.trailer().blocks[index].size_bytes);
    std::string error = ReadBlock(index, decoder, *arena);
    if (error.empty()) continue;
    absl::MutexLock lock(&mutex_);
    block_error_ = std::move(error);
    next_block_ = blocks_.size();
  }
}

std::string Loader::ReadBlock(size_t index, BlockDecoder& decoder,
                              Arena& arena) {
  const BlockInfo& info = file_.trailer().blocks[index];
  char* text = text_ + file_.block_offset(index);
  const absl::Status read = file_.ReadBlock(index, text);
  if (!read.ok()) return Text(read);
  absl::StatusOr<DecodedBlock> block = decoder.Decode(
      std::string_view(text, info.size_bytes), info,
      static_cast<uint32_t>(index), file_.header().devices.size(), arena);
  if (!block.ok()) return Damaged(Text(block.status()));
  blocks_[index] = *std::move(block);
  ApplyRules({blocks_[index].directories, blocks_[index].count});
  return "";
}

void Loader::ApplyRules(const Piece& piece) const {
  const ViewRules& rules = *request_.rules;
  for (Directory& d : std::span(piece.directories, piece.count)) {
    d.excluded = rules.Excludes(d.name());
    for (const std::string& name : rules.prune_files()) {
      if (d.listing().Contains(name)) d.pruned = true;
    }
  }
}

bool Loader::Attach() {
  DatabaseHeader& header = file_.header();
  std::vector<BlockInfo>& infos = file_.trailer().blocks;
  const bool same_boot =
      !header.boot_id.empty() && header.boot_id == request_.boot_id;
  for (Device& device : header.devices) {
    // Mounts are counted from the boot on.
    if (!same_boot && device.volume) device.volume->mount.clear();
  }
  database_.tree.devices = std::move(header.devices);
  database_.latest_change_ns = std::numeric_limits<int64_t>::min();
  TreeJoiner joiner(header.roots, database_.tree);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (!joiner.Add(blocks_[i])) {
      return Fail(Damaged(fmt::format("block {} is out of place", i)));
    }
    database_.pieces.push_back({blocks_[i].directories, blocks_[i].count});
    database_.tree.landmarks.push_back(
        {blocks_[i].directories, infos[i].size_bytes});
    database_.latest_change_ns =
        std::max(database_.latest_change_ns, blocks_[i].latest_change_ns);
    database_.texts.emplace_back(text_ + file_.block_offset(i),
                                 infos[i].size_bytes);
  }
  if (database_.tree.known.size() != header.roots.size()) {
    return Fail(Damaged("a root is missing"));
  }
  database_.infos = std::move(infos);
  database_.keep = std::move(header.keep);
  database_.blind_excludes = std::move(header.blind_excludes);
  database_.blind_prunes = std::move(header.blind_prunes);
  database_.scanned_at_ns = header.time.realtime_ns;
  database_.distrusted_from_ns =
      DistrustedFromNs(header.time, request_.now, same_boot);
  database_.bytes = static_cast<uint64_t>(file_.stat().size_bytes);
  database_.directories = file_.directories();
  return true;
}

LoadResult LoadLegacy(const DatabaseFile& database_file,
                      const LoadRequest& request) {
  const FileStat& stat = database_file.stat();
  LoadResult result;
  std::string text(static_cast<size_t>(stat.size_bytes), '\0');
  const Result<size_t> read =
      database_file.file().ReadAt(0, text.data(), text.size());
  if (!read.ok() || read.value() != text.size()) {
    result.reason = "database cannot be read";
    return result;
  }
  absl::StatusOr<LoadedDatabase> database =
      DecodeSoong(text, request, stat.change_ns);
  if (database.ok()) {
    result.database = *std::move(database);
  } else {
    result.reason = Text(database.status());
  }
  return result;
}

}  // namespace

LoadResult LoadDatabase(FileSystem& files, std::string_view path,
                        const LoadRequest& request, ThreadPool& pool,
                        unsigned workers) {
  absl::StatusOr<DatabaseFile> file =
      DatabaseFile::Open(files, path, request.owner);
  if (!file.ok()) return {.database = {}, .reason = Text(file.status())};
  char head[kSoongFirstLine.size()];
  const Result<size_t> read = file->file().ReadAt(0, head, sizeof(head));
  if (read.ok() && std::string_view(head, read.value()) == kSoongFirstLine) {
    return LoadLegacy(*file, request);
  }
  return Loader(*file, request, pool, workers).Load();
}

std::optional<uint64_t> CountDirectories(FileSystem& files,
                                         std::string_view path,
                                         std::optional<uint32_t> owner) {
  absl::StatusOr<DatabaseFile> file = DatabaseFile::Open(files, path, owner);
  if (!file.ok() || !file->ReadHeader().ok() || !file->ReadTrailer().ok()) {
    return std::nullopt;
  }
  return file->directories();
}

}  // namespace finder
