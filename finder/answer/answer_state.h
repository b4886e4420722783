// Kept answers of earlier runs, so that a later run can say whether an answer
// has changed, and how. doc/answers_format.md has the format of the text, and
// finder/kept/answer_home.h its home.
//
// Pure; thread-compatible.
#ifndef FINDER_FINDER_ANSWER_ANSWER_STATE_H_
#define FINDER_FINDER_ANSWER_ANSWER_STATE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/query/query.h"
#include "finder/view/view.h"

namespace finder {

// The answer of one view and query, as it was.
struct AnswerState {
  std::string key;  // see AnswerKey
  std::string
      digest;  // see StreamingChecksum128; of the paths, each with a NUL
};

// A whole answer: its paths in order, each followed by a NUL.
struct AnswerPaths {
  std::string digest;  // of `paths`
  std::string paths;
};

// All that one text keeps.
class AnswerStates {
 public:
  AnswerStates() = default;
  // DataLoss says what is wrong with the text; no change of it goes unnoticed.
  static absl::StatusOr<AnswerStates> Decode(std::string_view text);
  std::string Encode() const;

  size_t size() const { return entries_.size(); }

  // The digest of the answer when it was last kept.
  std::optional<std::string> Digest(std::string_view key) const;
  // The digest of the paths that were last kept; cheap.
  std::optional<std::string> PathsDigest(std::string_view key) const;
  // The paths that were last kept. Takes time in proportion to them.
  std::optional<AnswerPaths> Paths(std::string_view key) const;

  // Keeps a digest, and `paths` if not null, and drops the pending answer of
  // the key. Beyond the limits below, drops the answers that changed longest
  // ago.
  void Keep(const AnswerState& state, const AnswerPaths* paths);

  // The digest of the pending answer: told, and not kept before Promote.
  std::optional<std::string> Pending(std::string_view key) const;
  void SetPending(const AnswerState& state);
  void DropPending(std::string_view key);
  // Keeps the pending answer; false if there is none.
  bool Promote(std::string_view key);

  static constexpr size_t kMostStates = 256;
  // In bytes, of all packed paths together; more would slow every write.
  static constexpr size_t kMostPackedBytes = size_t{64} << 20;

 private:
  struct Entry {
    std::string key;
    std::string digest;
    std::string paths_digest;  // empty: no paths
    std::string packed_paths;
  };
  const Entry* Find(std::string_view key) const;
  void DropOldest();
  void AppendPending(std::string& out) const;

  // In both, the answer that changed last comes first.
  std::vector<Entry> entries_;
  std::vector<AnswerState> pending_;
};

// The beginning of every text of kept answers, whatever its version.
inline constexpr std::string_view kAnswersMagic = "finder answers ";

// The key of a question: 32 hexadecimal digits, different for each question.
// `path_style` names how paths are printed.
std::string AnswerKey(const View& view, const Query& query,
                      std::string_view working_directory,
                      std::string_view view_id, std::string_view path_style);

}  // namespace finder

#endif  // FINDER_FINDER_ANSWER_ANSWER_STATE_H_
