#include "finder/answer_many.h"

#include <cstddef>
#include <cstring>
#include <vector>

#include "finder/answer.h"
#include "finder/ordered_pipeline.h"

namespace finder {
namespace {

// Fewer than for one query, since each is work for several.
constexpr uint64_t kDirectoriesPerSegment = 256;

// Output is handed on in writes of about this size.
constexpr size_t kWriteBytes = 64 << 10;

// What a segment gives for one query. A row of them ends each piece that goes
// through the pipeline, behind the texts they are the sizes of.
struct Share {
  uint64_t bytes = 0;
  uint64_t answers = 0;
};

// Collects the texts of one query.
class Sink {
 public:
  explicit Sink(QueryOutput& output) : output_(output) {}

  void Add(std::string_view text, uint64_t answers) {
    if (stopped_) return;
    output_.answers += answers;
    buffer_ += text;
    if (buffer_.size() >= kWriteBytes) Flush();
  }

  void Flush() {
    if (!buffer_.empty() && !stopped_) stopped_ = !output_.write(buffer_);
    buffer_.clear();
  }

 private:
  QueryOutput& output_;
  std::string buffer_;
  bool stopped_ = false;
};

void AnswerSegment(const DirectoryTree& tree, const Segment& segment,
                   const std::vector<QueryOutput*>& outputs, std::string& out) {
  std::vector<Share> shares(outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    const size_t before = out.size();
    outputs[i]->query->Run(tree, segment, [&](const Match& match) {
      outputs[i]->format(match, out);
      ++shares[i].answers;
      return true;
    });
    shares[i].bytes = out.size() - before;
  }
  out.append(reinterpret_cast<const char*>(shares.data()),
             shares.size() * sizeof(Share));
}

void Distribute(std::string_view piece, std::vector<Sink>& sinks) {
  std::vector<Share> shares(sinks.size());
  const size_t size = shares.size() * sizeof(Share);
  std::memcpy(shares.data(), piece.data() + piece.size() - size, size);
  for (size_t i = 0; i < sinks.size(); ++i) {
    sinks[i].Add(piece.substr(0, shares[i].bytes), shares[i].answers);
    piece.remove_prefix(shares[i].bytes);
  }
}

}  // namespace

void AnswerQueries(const DirectoryTree& tree, std::span<QueryOutput> outputs,
                   ThreadPool& pool, unsigned workers, uint64_t directories) {
  const bool sorted = SegmentsAreSorted(tree);
  std::vector<QueryOutput*> together;
  std::vector<Sink> sinks;
  for (QueryOutput& output : outputs) {
    if (sorted && !output.query->max_results().has_value()) {
      together.push_back(&output);
      sinks.emplace_back(output);
      continue;
    }
    // Counting and sorting go across segments.
    output.answers = AnswerQuery(tree, *output.query, output.format,
                                 output.write, pool, workers, directories);
  }
  if (together.empty()) return;
  const std::vector<Segment> segments =
      CutIntoSegments(tree, directories / kDirectoriesPerSegment + 1);
  RunInOrder(
      pool, workers, segments.size(),
      [&](size_t i, std::string& out) {
        AnswerSegment(tree, segments[i], together, out);
      },
      [&](size_t, std::string& piece) {
        Distribute(piece, sinks);
        return true;
      });
  for (Sink& sink : sinks) sink.Flush();
}

}  // namespace finder
