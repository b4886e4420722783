#include "finder/answer/answer_many.h"

#include <cstddef>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "finder/answer/answer.h"
#include "finder/query/shared_query.h"
#include "finder/threads/joined_output.h"
#include "finder/threads/ordered_pipeline.h"

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

// Queries that are answered by one walk.
struct Group {
  std::optional<CompiledQuery> shared;  // none: there is only one
  std::vector<size_t> members;          // indexes into the outputs
};

// Puts each query into the first group that it can share a walk with.
std::vector<Group> MakeGroups(const std::vector<QueryOutput*>& outputs) {
  std::vector<Group> groups;
  for (size_t i = 0; i < outputs.size(); ++i) {
    bool placed = false;
    for (Group& group : groups) {
      std::vector<const CompiledQuery*> queries;
      for (size_t member : group.members) {
        queries.push_back(outputs[member]->query);
      }
      queries.push_back(outputs[i]->query);
      std::optional<CompiledQuery> shared = CompiledQuery::Shared(queries);
      if (!shared.has_value()) continue;
      group.shared = std::move(shared);
      group.members.push_back(i);
      placed = true;
      break;
    }
    if (!placed) groups.push_back({std::nullopt, {i}});
  }
  return groups;
}

void AnswerAlone(const DirectoryTree& tree, const Segment& segment,
                 const QueryOutput& output, std::string& text, Share& share) {
  output.query->Run(tree, segment, [&](const Match& match) {
    output.format(match, text);
    ++share.answers;
    return true;
  });
}

void AnswerGroup(const DirectoryTree& tree, const Segment& segment,
                 const Group& group, const std::vector<QueryOutput*>& outputs,
                 std::vector<std::string>& texts, std::vector<Share>& shares) {
  if (!group.shared.has_value()) {
    const size_t i = group.members.front();
    return AnswerAlone(tree, segment, *outputs[i], texts[i], shares[i]);
  }
  std::vector<SharedQueryMember> members;
  members.reserve(group.members.size());
  for (size_t i : group.members) members.emplace_back(*outputs[i]->query);
  group.shared->Run(tree, segment, [&](const Match& match) {
    for (size_t member = 0; member < members.size(); ++member) {
      if (!members[member].Accepts(match)) continue;
      const size_t i = group.members[member];
      outputs[i]->format(match, texts[i]);
      ++shares[i].answers;
    }
    return true;
  });
}

void AnswerSegment(const DirectoryTree& tree, const Segment& segment,
                   const std::vector<Group>& groups,
                   const std::vector<QueryOutput*>& outputs, std::string& out) {
  std::vector<Share> shares(outputs.size());
  std::vector<std::string> texts(outputs.size());
  for (const Group& group : groups) {
    AnswerGroup(tree, segment, group, outputs, texts, shares);
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    shares[i].bytes = texts[i].size();
    out += texts[i];
  }
  out.append(reinterpret_cast<const char*>(shares.data()),
             shares.size() * sizeof(Share));
}

void Distribute(std::string_view piece,
                const std::vector<QueryOutput*>& outputs,
                std::vector<JoinedOutput>& sinks) {
  std::vector<Share> shares(sinks.size());
  const size_t size = shares.size() * sizeof(Share);
  std::memcpy(shares.data(), piece.data() + piece.size() - size, size);
  for (size_t i = 0; i < sinks.size(); ++i) {
    if (!sinks[i].stopped()) outputs[i]->answers += shares[i].answers;
    sinks[i].Add(piece.substr(0, shares[i].bytes));
    piece.remove_prefix(shares[i].bytes);
  }
}

}  // namespace

void AnswerQueries(const DirectoryTree& tree, std::span<QueryOutput> outputs,
                   ThreadPool& pool, unsigned workers, uint64_t directories) {
  const bool sorted = SegmentsAreSorted(tree);
  std::vector<QueryOutput*> together;
  std::vector<JoinedOutput> sinks;
  for (QueryOutput& output : outputs) {
    if (sorted && !output.query->max_results().has_value()) {
      together.push_back(&output);
      sinks.emplace_back(kWriteBytes, output.write);
      continue;
    }
    // Counting and sorting go across segments.
    output.answers = AnswerQuery(tree, *output.query, output.format,
                                 output.write, pool, workers, directories);
  }
  if (together.empty()) return;
  const std::vector<Group> groups = MakeGroups(together);
  const std::vector<Segment> segments =
      CutIntoSegments(tree, directories / kDirectoriesPerSegment + 1);
  RunInOrder(
      pool, workers, segments.size(),
      [&](size_t i, std::string& out) {
        AnswerSegment(tree, segments[i], groups, together, out);
      },
      [&](size_t, std::string& piece) {
        Distribute(piece, together, sinks);
        return true;
      });
  for (JoinedOutput& sink : sinks) sink.Flush();
}

}  // namespace finder
