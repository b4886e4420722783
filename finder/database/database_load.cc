// The reading half of database.h.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/database/checksum.h"
#include "finder/database/database.h"
#include "finder/database/database_tail.h"
#include "finder/database/soong_format.h"
#include "finder/database/tree_joiner.h"
#include "finder/threads/trace.h"

namespace finder {
namespace {

// Enough for both lines of nearly every header.
constexpr int64_t kFirstHeadBytes = 4 << 10;

std::string Damaged(std::string_view what) {
  return fmt::format("database is damaged: {}", what);
}

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
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
  Loader(ReadableFile& file, int64_t size, const LoadRequest& request,
         ThreadPool& pool, unsigned workers)
      : file_(file),
        size_(size),
        request_(request),
        pool_(pool),
        workers_(workers) {}

  LoadResult Load() {
    LoadResult result;
    if (ReadHeader() && Fits() && ReadTrailer() && ReadBlocks() && Attach()) {
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
  bool Read(int64_t offset, char* buffer, size_t size);
  bool ReadHeader();
  bool Fits();
  bool ReadTrailer();
  bool CheckLayout();
  bool ReadBlocks();
  void ReadSomeBlocks(unsigned thread);
  std::string ReadBlock(size_t index, BlockDecoder& decoder, Arena& arena);
  void ApplyRules(const Piece& piece) const;
  bool Attach();

  ReadableFile& file_;
  const int64_t size_;
  const LoadRequest& request_;
  ThreadPool& pool_;
  const unsigned workers_;

  std::string head_;  // the first two lines, newlines included
  DatabaseHeader header_;
  DatabaseTrailer trailer_;
  int64_t trailer_offset_ = 0;
  std::vector<int64_t> offsets_;  // of each block
  char* text_ = nullptr;          // all blocks, owned by the tree
  std::vector<DecodedBlock> blocks_;
  std::atomic<size_t> next_block_ = 0;
  absl::Mutex mutex_;
  std::string block_error_ ABSL_GUARDED_BY(mutex_);

  LoadedDatabase database_;
  std::string reason_;
};

bool Loader::Read(int64_t offset, char* buffer, size_t size) {
  const Result<size_t> read = file_.ReadAt(offset, buffer, size);
  if (!read.ok()) {
    return Fail("database cannot be read: " + read.error().Message());
  }
  return read.value() == size || Fail(Damaged("it is cut short"));
}

bool Loader::ReadHeader() {
  size_t end = std::string::npos;
  for (int64_t want = kFirstHeadBytes;; want *= 8) {
    head_.resize(static_cast<size_t>(std::min(want, size_)));
    if (!Read(0, head_.data(), head_.size())) return false;
    if (!head_.starts_with(kDatabaseFirstLine)) {
      if (!head_.starts_with(kDatabaseMagic)) {
        return Fail("file is not a finder database");
      }
      const std::string line = head_.substr(0, head_.find('\n'));
      return Fail(line.size() < 40 ? "database has another version: " + line
                                   : Damaged("first line is too long"));
    }
    end = head_.find('\n', kDatabaseFirstLine.size());
    if (end != std::string::npos) break;
    if (want >= size_) return Fail(Damaged("it is cut short"));
  }
  head_.resize(end + 1);
  const std::string_view line = std::string_view(head_).substr(
      kDatabaseFirstLine.size(), end - kDatabaseFirstLine.size());
  absl::StatusOr<DatabaseHeader> header = DecodeHeader(line);
  if (!header.ok()) return Fail(Damaged(Text(header.status())));
  header_ = *std::move(header);
  return true;
}

bool Loader::Fits() {
  const View& view = *request_.view;
  if (header_.view_id != request_.view_id) {
    return Fail(fmt::format("database belongs to {}, not {}", header_.view_id,
                            request_.view_id));
  }
  if (header_.links != view.links) {
    return Fail("database was made with another symlink policy");
  }
  if (!header_.keep.Covers(view.StoredKeep())) {
    return Fail("database holds fewer file names than asked for");
  }
  if (!ContainsAll(view.exclude_dirs, header_.blind_excludes) ||
      !ContainsAll(view.prune_files, header_.blind_prunes)) {
    return Fail("database was made with other exclude or prune rules");
  }
  return true;
}

bool Loader::ReadTrailer() {
  const Result<std::optional<std::string>> line = ReadLastLine(file_, size_);
  if (!line.ok()) {
    return Fail("database cannot be read: " + line.error().Message());
  }
  if (!line->has_value()) return Fail(Damaged("it is cut short"));
  const std::string& tail = *line.value();
  trailer_offset_ = size_ - static_cast<int64_t>(tail.size()) - 1;
  absl::StatusOr<DatabaseTrailer> trailer = DecodeTrailer(tail);
  if (!trailer.ok()) return Fail(Damaged(Text(trailer.status())));
  trailer_ = *std::move(trailer);
  return CheckLayout();
}

bool Loader::CheckLayout() {
  if (Checksum64(head_) != trailer_.header_checksum) {
    return Fail(Damaged("header's checksum differs"));
  }
  int64_t offset = static_cast<int64_t>(head_.size());
  for (const BlockInfo& info : trailer_.blocks) {
    if (info.size_bytes > static_cast<uint64_t>(size_ - offset)) {
      return Fail(Damaged("a block is missing"));
    }
    offsets_.push_back(offset);
    offset += static_cast<int64_t>(info.size_bytes) + 1;
    database_.directories += info.directories;
  }
  return offset == trailer_offset_ || Fail(Damaged("a block is missing"));
}

bool Loader::ReadBlocks() {
  const int64_t start = static_cast<int64_t>(head_.size());
  const auto size = static_cast<size_t>(trailer_offset_ - start);
  auto buffer = std::make_unique_for_overwrite<char[]>(size);
  text_ = buffer.get();
  database_.tree.NewArena().Adopt(std::move(buffer));
  blocks_.resize(trailer_.blocks.size());
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
    span.SetCount("bytes", trailer_.blocks[index].size_bytes);
    std::string error = ReadBlock(index, decoder, *arena);
    if (error.empty()) continue;
    absl::MutexLock lock(&mutex_);
    block_error_ = std::move(error);
    next_block_ = blocks_.size();
  }
}

std::string Loader::ReadBlock(size_t index, BlockDecoder& decoder,
                              Arena& arena) {
  const BlockInfo& info = trailer_.blocks[index];
  char* text = text_ + (offsets_[index] - static_cast<int64_t>(head_.size()));
  // The newline belongs to the block, so that all bytes are checked.
  const size_t size = info.size_bytes + 1;
  const Result<size_t> read = file_.ReadAt(offsets_[index], text, size);
  if (!read.ok()) return "database cannot be read: " + read.error().Message();
  if (read.value() != size || text[size - 1] != '\n') {
    return Damaged(fmt::format("block {} is cut short", index));
  }
  absl::StatusOr<DecodedBlock> block = decoder.Decode(
      std::string_view(text, info.size_bytes), info,
      static_cast<uint32_t>(index), header_.devices.size(), arena);
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
  const bool same_boot =
      !header_.boot_id.empty() && header_.boot_id == request_.boot_id;
  for (Device& device : header_.devices) {
    // Mounts are counted from the boot on.
    if (!same_boot && device.volume) device.volume->mount.clear();
  }
  database_.tree.devices = std::move(header_.devices);
  database_.latest_change_ns = std::numeric_limits<int64_t>::min();
  TreeJoiner joiner(header_.roots, database_.tree);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (!joiner.Add(blocks_[i])) {
      return Fail(Damaged(fmt::format("block {} is out of place", i)));
    }
    database_.pieces.push_back({blocks_[i].directories, blocks_[i].count});
    database_.tree.landmarks.push_back(
        {blocks_[i].directories, trailer_.blocks[i].size_bytes});
    database_.latest_change_ns =
        std::max(database_.latest_change_ns, blocks_[i].latest_change_ns);
    database_.texts.emplace_back(
        text_ + (offsets_[i] - static_cast<int64_t>(head_.size())),
        trailer_.blocks[i].size_bytes);
  }
  if (database_.tree.known.size() != header_.roots.size()) {
    return Fail(Damaged("a root is missing"));
  }
  database_.infos = std::move(trailer_.blocks);
  database_.keep = std::move(header_.keep);
  database_.blind_excludes = std::move(header_.blind_excludes);
  database_.blind_prunes = std::move(header_.blind_prunes);
  database_.scanned_at_ns = header_.time.realtime_ns;
  database_.distrusted_from_ns =
      DistrustedFromNs(header_.time, request_.now, same_boot);
  database_.bytes = static_cast<uint64_t>(size_);
  return true;
}

LoadResult LoadLegacy(ReadableFile& file, const FileStat& stat,
                      const LoadRequest& request) {
  LoadResult result;
  std::string text(static_cast<size_t>(stat.size_bytes), '\0');
  const Result<size_t> read = file.ReadAt(0, text.data(), text.size());
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
  LoadResult result;
  auto file = files.OpenFile(path, SymlinkPolicy::kNoFollow);
  if (!file.ok()) {
    result.reason =
        file.error().code() == ENOENT
            ? "no database yet"
            : "database cannot be opened: " + file.error().Message();
    return result;
  }
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok()) {
    result.reason = "database cannot be read: " + stat.error().Message();
    return result;
  }
  if (request.owner.has_value() && stat->owner != *request.owner) {
    result.reason = "database is owned by another user";
    return result;
  }
  if ((stat->permissions & 0002) != 0) {
    result.reason = "database is writable by everybody";
    return result;
  }
  if (stat->size_bytes == 0) {
    result.reason = "database is empty";
    return result;
  }
  char head[kSoongFirstLine.size()];
  const Result<size_t> read = file.value()->ReadAt(0, head, sizeof(head));
  if (read.ok() && std::string_view(head, read.value()) == kSoongFirstLine) {
    return LoadLegacy(*file.value(), *stat.operator->(), request);
  }
  return Loader(*file.value(), stat->size_bytes, request, pool, workers).Load();
}

}  // namespace finder
