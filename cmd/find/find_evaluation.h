// Asks an expression of the entries of a walk, in their order. What names and
// kinds decide is decided at once. Entries that are still in question then wait
// in a batch, whose files are asked on several threads, before the actions act
// in order. Where an action has an effect nothing waits: what it does may
// change the answer of the next.
//
// Thread-compatible.
#ifndef FINDER_CMD_FIND_FIND_EVALUATION_H_
#define FINDER_CMD_FIND_FIND_EVALUATION_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "finder/expression/asked_entry.h"
#include "finder/expression/node.h"
#include "finder/threads/thread_pool.h"
#include "fs/result.h"

namespace finder {

class FindEvaluation {
 public:
  using ReportProblem =
      std::function<void(const std::string& path, SystemError error)>;
  // All must outlive this.
  FindEvaluation(const Node& expression, ThreadPool& pool,
                 ReportProblem problem);

  // Whether the verdict is needed at once, or may be a guess that forgets
  // -prune.
  enum class Need : uint8_t { kVerdict, kNothing };
  Verdict Take(AskedEntry& entry, Need need);
  // What is known without the file; nothing acts.
  Verdict Rehearse(AskedEntry& entry);
  // Decides all that wait.
  void Flush();
  // Whether -quit was met.
  bool quit() const { return quit_; }
  // Whether an action with an effect may have changed the tree.
  bool has_changed() const { return has_changed_; }

 private:
  struct Waiting {
    std::string path;
    AskedEntry entry;
    bool undecided;
  };

  Verdict Act(AskedEntry& entry);
  // Acts on all that wait; returns the verdict on the last.
  Verdict ActOnAll();
  void AskFiles();

  const Node& expression_;
  ThreadPool& pool_;
  const ReportProblem problem_;
  const bool waits_;
  std::vector<Waiting> waiting_;  // never grows beyond what is reserved
  bool quit_ = false;
  bool has_changed_ = false;
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_EVALUATION_H_
