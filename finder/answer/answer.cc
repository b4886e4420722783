#include "finder/answer/answer.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "finder/threads/joined_output.h"
#include "finder/threads/ordered_pipeline.h"

namespace finder {
namespace {

using Format = absl::FunctionRef<void(const Match&, std::string&)>;
using Write = absl::FunctionRef<bool(std::string_view)>;

// Directories a segment. Small enough that the pieces of output waiting for
// their turn stay in the processor's cache, large enough to hide their cost.
constexpr uint64_t kDirectoriesPerSegment = 128;

// Output is handed on in writes of at least this size.
constexpr size_t kWriteBytes = 256 << 10;

// One root lies below another: the same path may come up twice, and in between.
uint64_t AnswerSorting(const DirectoryTree& tree, const CompiledQuery& query,
                       Format format, Write write) {
  struct Found {
    std::string path;
    size_t name_size;
    EntryKind kind;
    const Directory* parent;
  };
  std::vector<Found> found;
  for (const Segment& segment : CutIntoSegments(tree, 1)) {
    query.Run(tree, segment, [&found](const Match& match) {
      std::string path(match.directory);
      path += match.name;
      found.push_back(
          {std::move(path), match.name.size(), match.kind, match.parent});
      return true;
    });
  }
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.path < b.path; });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Found& a, const Found& b) {
                            return a.path == b.path;
                          }),
              found.end());
  const uint64_t most = query.max_results().value_or(found.size());
  if (found.size() > most) found.resize(most);
  JoinedOutput output(kWriteBytes, write);
  std::string text;
  for (const Found& one : found) {
    const std::string_view path = one.path;
    const size_t directory_size = path.size() - one.name_size;
    text.clear();
    format({path.substr(0, directory_size), path.substr(directory_size),
            one.kind, one.parent},
           text);
    if (!output.Add(text)) return found.size();
  }
  output.Flush();
  return found.size();
}

}  // namespace

uint64_t AnswerQuery(const DirectoryTree& tree, const CompiledQuery& query,
                     Format format, Write write, ThreadPool& pool,
                     unsigned workers, uint64_t directories) {
  if (!SegmentsAreSorted(tree)) {
    return AnswerSorting(tree, query, format, write);
  }
  const std::optional<uint64_t> most = query.max_results();
  if (most.has_value()) workers = 1;  // counting across segments needs order
  const std::vector<Segment> segments =
      CutIntoSegments(tree, directories / kDirectoriesPerSegment + 1);
  std::atomic<uint64_t> matches = 0;
  JoinedOutput output(kWriteBytes, write);
  StreamInOrder(
      pool, workers, segments.size(),
      [&](size_t i, std::string& out, absl::FunctionRef<void()> hand_on) {
        size_t hand_on_at = kWriteBytes;
        uint64_t count = 0;
        const uint64_t left =
            most.has_value() ? *most - matches.load() : UINT64_MAX;
        if (left == 0) return;
        query.Run(tree, segments[i], [&](const Match& match) {
          format(match, out);
          if (out.size() >= hand_on_at) {
            hand_on();
            hand_on_at = out.size() + kWriteBytes;
          }
          return ++count < left;
        });
        matches.fetch_add(count, std::memory_order_relaxed);
      },
      [&](size_t, std::string& piece) { return output.Add(piece); });
  output.Flush();
  return matches;
}

}  // namespace finder
