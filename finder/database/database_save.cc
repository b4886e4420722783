// The writing half of database.h.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/database/database.h"
#include "finder/text/checksum.h"
#include "finder/threads/joined_output.h"
#include "finder/threads/ordered_pipeline.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Bounds of a block in bytes of names and listings. Blocks of about 32 KB keep
// all workers busy to the end and parse within a core's own cache, and cost
// some 60 bytes each in the trailer.
constexpr size_t kLeastBlockBytes = 16 << 10;
constexpr size_t kMostBlockBytes = 128 << 10;

// Whether a block between those bounds ends before this directory: one in 128
// of them, chosen by a fact of its own, so that a change moves no cut but its
// own. Multiplying by 2^64 / golden ratio spreads inodes in a row over the
// upper bits (Knuth, The Art of Computer Programming 3, 6.4).
bool IsPlaceToCut(const Directory& d) {
  constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;
  return d.inode != 0 && (d.inode * kSpread) >> 57 == 0;
}

// What a directory's record adds to its names; only for deciding where to cut,
// so it must not depend on anything but the facts.
constexpr size_t kRecordBytes = 40;

using Cursor = TreeCursor<const Directory>;

// Facts of one block: a stretch of the pre-order.
struct Span {
  size_t root = 0;
  Cursor first;
  uint32_t count = 0;
  uint32_t block = Directory::kNoBlock;  // the old block it equals
};

// A directory that vanished while its parent's listing names it is stored by
// its name alone: had only one above it been moved away for a moment, then the
// parent would be found unchanged and nothing else would tell of the child.
// What hangs below links is found again.
bool IsStored(const Directory& d) {
  return !d.via_link || d.knowledge == Knowledge::kListed;
}

// Moves on to the next stored directory in pre-order.
void ToNextStored(Cursor& at) {
  at.Next(at->knowledge == Knowledge::kGone ? Descent::kOver
                                            : Descent::kInside);
  while (!at.at_end() && !IsStored(*at)) at.Next(Descent::kOver);
}

// Cuts the trees of a database into spans, one after the other.
class SpanCutter {
 public:
  SpanCutter(const DirectoryTree& tree, const LoadedDatabase* loaded)
      : tree_(tree), loaded_(loaded) {
    StartTree(0);
  }

  // None when all are cut.
  std::optional<Span> Next() {
    if (next_.at_end()) return std::nullopt;
    Span span = {root_, next_, 0, next_->block};
    size_t bytes = 0;
    do {
      if (next_->block != span.block) span.block = Directory::kNoBlock;
      ++span.count;
      bytes += kRecordBytes + next_->name_size + next_->listing_size;
      ToNextStored(next_);
    } while (!next_.at_end() && bytes < kMostBlockBytes &&
             !(bytes >= kLeastBlockBytes && IsPlaceToCut(*next_)));
    if (!EqualsOldBlock(span)) span.block = Directory::kNoBlock;
    if (next_.at_end()) StartTree(root_ + 1);
    return span;
  }

 private:
  void StartTree(size_t root) {
    root_ = root;
    next_ = Cursor();
    if (root < tree_.known.size()) {
      next_ = Cursor(*tree_.known[root].directory, 0);
    }
  }

  bool EqualsOldBlock(const Span& span) const {
    if (loaded_ == nullptr || span.block >= loaded_->texts.size()) {
      return false;
    }
    const Piece& piece = loaded_->pieces[span.block];
    return piece.directories == &*span.first && piece.count == span.count;
  }

  const DirectoryTree& tree_;
  const LoadedDatabase* const loaded_;
  size_t root_ = 0;
  Cursor next_;
};

// Path of the directory that holds `d`, below the top of its tree.
std::string ParentPath(const Directory& d) {
  std::vector<std::string_view> names;
  for (const Directory* p = d.parent; p != nullptr && p->parent != nullptr;
       p = p->parent) {
    names.push_back(p->name());
  }
  std::string path;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (!path.empty()) path += '/';
    path += *name;
  }
  return path;
}

// The device of the first directory in the span that has been stamped.
uint16_t FirstDevice(const Span& span) {
  Cursor d = span.first;
  for (uint32_t i = 1; i < span.count && d->device == kNoDevice; ++i) {
    ToNextStored(d);
  }
  return d->device;
}

BlockInfo EncodeSpan(const Span& span, BlockEncoder& encoder) {
  encoder.Begin(span.root, FirstDevice(span), ParentPath(*span.first));
  Cursor d = span.first;
  for (uint32_t i = 0; i < span.count; ++i) {
    encoder.Add(*d, d.depth());
    if (i + 1 < span.count) ToNextStored(d);
  }
  return encoder.Finish();
}

absl::Status WriteError(std::string_view path, SystemError error) {
  return absl::UnavailableError(
      fmt::format("{}: cannot write database: {}", path, error.Message()));
}

// Hands the file what the pipeline made, block by block.
class Writer {
 public:
  Writer(PendingFile& file, const SaveRequest& request, SaveCounts& counts)
      : file_(file),
        request_(request),
        counts_(counts),
        cutter_(*request.tree, request.loaded) {}

  Outcome Write(ThreadPool& pool, unsigned workers) {
    DatabaseHeader header = request_.header;
    for (const Root& root : request_.tree->known) {
      header.roots.push_back(root.absolute);
    }
    header.devices = request_.tree->devices;
    DatabaseTrailer trailer;
    const std::string lines = EncodeHeader(header);
    trailer.header_checksum = Checksum64(lines);
    output_.Add(lines);
    // Cutting is a walk of the whole tree; it goes on beside the encoding.
    FindAndRunInOrder(
        pool, workers, [this](size_t) { return CutNext(); },
        [this](size_t i, std::string& out) { Produce(i, out); },
        [this](size_t, std::string& text) { return output_.Add(text); });
    trailer.blocks = TakeInfos();
    output_.Add(EncodeTrailer(trailer));
    output_.Flush();
    return outcome_;
  }

 private:
  bool CutNext() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const std::optional<Span> span = cutter_.Next();
    if (!span.has_value()) return false;
    spans_.push_back(*span);
    infos_.emplace_back();
    return true;
  }

  void Produce(size_t index, std::string& out) ABSL_LOCKS_EXCLUDED(mutex_) {
    Span span;
    {
      absl::MutexLock lock(&mutex_);
      span = spans_[index];
    }
    BlockInfo info;
    if (span.block != Directory::kNoBlock) {
      info = request_.loaded->infos[span.block];
      out = request_.loaded->texts[span.block];
    } else {
      BlockEncoder encoder;
      encoder.Reuse(std::move(out));
      info = EncodeSpan(span, encoder);
      out = encoder.TakeLine();
    }
    out += '\n';
    absl::MutexLock lock(&mutex_);
    infos_[index] = info;
  }

  std::vector<BlockInfo> TakeInfos() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    for (const BlockInfo& info : infos_) {
      counts_.directories += info.directories;
      counts_.files += info.files;
    }
    for (const Span& span : spans_) {
      ++(span.block == Directory::kNoBlock ? counts_.blocks_encoded
                                           : counts_.blocks_copied);
    }
    return std::move(infos_);
  }

  bool Append(std::string_view text) {
    outcome_ = file_.Append(text);
    counts_.bytes += text.size();
    return outcome_.ok();
  }

  static constexpr size_t kWriteBytes = 256 << 10;

  PendingFile& file_;
  const SaveRequest& request_;
  SaveCounts& counts_;
  absl::Mutex mutex_;
  SpanCutter cutter_ ABSL_GUARDED_BY(mutex_);
  std::vector<Span> spans_ ABSL_GUARDED_BY(mutex_);
  std::vector<BlockInfo> infos_ ABSL_GUARDED_BY(mutex_);
  JoinedOutput output_{kWriteBytes,
                       [this](std::string_view text) { return Append(text); }};
  Outcome outcome_;
};

}  // namespace

absl::Status SaveDatabase(FileSystem& files, std::string_view path,
                          const SaveRequest& request, ThreadPool& pool,
                          unsigned workers, SaveCounts& counts) {
  auto file = files.CreateFile(path, request.permissions);
  if (!file.ok()) return WriteError(path, file.error());
  Writer writer(*file.value(), request, counts);
  Outcome outcome = writer.Write(pool, std::max(workers, 1u));
  if (outcome.ok()) outcome = file.value()->CommitUnflushed();
  return outcome.ok() ? absl::OkStatus() : WriteError(path, outcome.error());
}

}  // namespace finder
