// The writing half of database.h.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "finder/database/checksum.h"
#include "finder/database/database.h"
#include "finder/threads/joined_output.h"
#include "finder/threads/ordered_pipeline.h"

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

// Facts of one block: a stretch of the pre-order.
struct Span {
  size_t root = 0;
  const Directory* first = nullptr;
  uint32_t count = 0;
  size_t depth = 0;                      // of `first`
  uint32_t block = Directory::kNoBlock;  // the old block it equals
};

// A directory that vanished while its parent's listing names it is stored by
// its name alone: had only one above it been moved away for a moment, then the
// parent would be found unchanged and nothing else would tell of the child.
// What hangs below links is found again.
bool IsStored(const Directory& d) {
  return !d.via_link || d.knowledge == Knowledge::kListed;
}

// The next stored directory in pre-order, and its depth.
const Directory* NextStored(const Directory* d, size_t& depth) {
  if (d->first_child != nullptr && d->knowledge != Knowledge::kGone) {
    d = d->first_child;
    ++depth;
  } else {
    while (d != nullptr && d->next_sibling == nullptr) {
      d = depth == 0 ? nullptr : d->parent;
      if (d != nullptr) --depth;
    }
    if (d == nullptr || depth == 0) return nullptr;
    d = d->next_sibling;
  }
  while (!IsStored(*d)) {
    while (d->next_sibling == nullptr) {
      if (depth <= 1) return nullptr;
      d = d->parent;
      --depth;
    }
    d = d->next_sibling;
  }
  return d;
}

class SpanCutter {
 public:
  explicit SpanCutter(const LoadedDatabase* loaded) : loaded_(loaded) {}

  void AddTree(size_t root, const Directory* top) {
    size_t depth = 0;
    for (const Directory* d = top; d != nullptr; d = NextStored(d, depth)) {
      Add(root, d, depth);
    }
    Close();
  }

  std::vector<Span> Take() { return std::move(spans_); }

 private:
  void Add(size_t root, const Directory* d, size_t depth) {
    if (bytes_ >= kMostBlockBytes ||
        (bytes_ >= kLeastBlockBytes && IsPlaceToCut(*d))) {
      Close();
    }
    if (span_.count == 0) {
      span_ = {root, d, 0, depth, d->block};
    } else if (d->block != span_.block) {
      span_.block = Directory::kNoBlock;
    }
    ++span_.count;
    bytes_ += kRecordBytes + d->name_size + d->listing_size;
  }

  void Close() {
    if (span_.count == 0) return;
    if (!EqualsOldBlock()) span_.block = Directory::kNoBlock;
    spans_.push_back(span_);
    span_ = Span();
    bytes_ = 0;
  }

  bool EqualsOldBlock() const {
    if (loaded_ == nullptr || span_.block >= loaded_->texts.size()) {
      return false;
    }
    const Piece& piece = loaded_->pieces[span_.block];
    return piece.directories == span_.first && piece.count == span_.count;
  }

  const LoadedDatabase* loaded_;
  Span span_;
  size_t bytes_ = 0;
  std::vector<Span> spans_;
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
  const Directory* d = span.first;
  size_t depth = span.depth;
  for (uint32_t i = 1; i < span.count && d->device == kNoDevice; ++i) {
    d = NextStored(d, depth);
  }
  return d->device;
}

BlockInfo EncodeSpan(const Span& span, BlockEncoder& encoder) {
  encoder.Begin(span.root, FirstDevice(span), ParentPath(*span.first));
  const Directory* d = span.first;
  size_t depth = span.depth;
  for (uint32_t i = 0; i < span.count; ++i) {
    encoder.Add(*d, depth);
    if (i + 1 < span.count) d = NextStored(d, depth);
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
  Writer(PendingFile& file, const SaveRequest& request, std::vector<Span> spans,
         SaveCounts& counts)
      : file_(file),
        request_(request),
        spans_(std::move(spans)),
        counts_(counts) {
    trailer_.blocks.resize(spans_.size());
  }

  Outcome Write(ThreadPool& pool, unsigned workers) {
    DatabaseHeader header = request_.header;
    for (const Root& root : request_.tree->known()) {
      header.roots.push_back(root.absolute);
    }
    header.devices = request_.tree->devices();
    const std::string lines = EncodeHeader(header);
    trailer_.header_checksum = Checksum64(lines);
    output_.Add(lines);
    RunInOrder(
        pool, workers, spans_.size(),
        [this](size_t i, std::string& out) { Produce(i, out); },
        [this](size_t, std::string& text) { return output_.Add(text); });
    if (const std::string& answers = request_.answers; !answers.empty()) {
      trailer_.answers = AnswersInfo{answers.size(), Checksum64(answers)};
      output_.Add(answers);
      output_.Add("\n");
    }
    output_.Add(EncodeTrailer(trailer_));
    output_.Flush();
    for (const BlockInfo& block : trailer_.blocks) {
      counts_.directories += block.directories;
      counts_.files += block.files;
    }
    return outcome_;
  }

 private:
  void Produce(size_t index, std::string& out) {
    const Span& span = spans_[index];
    if (span.block != Directory::kNoBlock) {
      trailer_.blocks[index] = request_.loaded->infos[span.block];
      out = request_.loaded->texts[span.block];
    } else {
      BlockEncoder encoder;
      encoder.Reuse(std::move(out));
      trailer_.blocks[index] = EncodeSpan(span, encoder);
      out = encoder.TakeLine();
    }
    out += '\n';
  }

  bool Append(std::string_view text) {
    outcome_ = file_.Append(text);
    counts_.bytes += text.size();
    return outcome_.ok();
  }

  static constexpr size_t kWriteBytes = 256 << 10;

  PendingFile& file_;
  const SaveRequest& request_;
  const std::vector<Span> spans_;
  SaveCounts& counts_;
  DatabaseTrailer trailer_;
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
  SpanCutter cutter(request.loaded);
  for (size_t i = 0; i < request.tree->known().size(); ++i) {
    cutter.AddTree(i, request.tree->known()[i].directory);
  }
  std::vector<Span> spans = cutter.Take();
  for (const Span& span : spans) {
    ++(span.block == Directory::kNoBlock ? counts.blocks_encoded
                                         : counts.blocks_copied);
  }
  workers = std::min<size_t>(workers, (spans.size() + 3) / 4);
  Writer writer(*file.value(), request, std::move(spans), counts);
  Outcome outcome = writer.Write(pool, std::max(workers, 1u));
  if (outcome.ok()) outcome = file.value()->CommitUnflushed();
  return outcome.ok() ? absl::OkStatus() : WriteError(path, outcome.error());
}

}  // namespace finder
