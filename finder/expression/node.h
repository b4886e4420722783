// Expressions of find(1) as trees of nodes: tests, actions, and operators over
// them. What a test compares is in the other headers here; how expressions are
// written is the business of cmd/find/.
//
// Nodes are immutable. One that has no effect may be asked by any thread.
#ifndef FINDER_FINDER_EXPRESSION_NODE_H_
#define FINDER_FINDER_EXPRESSION_NODE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "finder/expression/asked_entry.h"
#include "fs/result.h"

namespace finder {

// Why an expression is asked.
enum class AskMode : uint8_t {
  // To know what can be known without the file: no action acts.
  kRehearse,
  // To have the file say what the expression will need: no action acts.
  kGather,
  kAct,
};

// What to do after an entry.
struct Verdict {
  bool prune = false;
  bool quit = false;
};

// One expression asked of one entry.
class Inquiry {
 public:
  using ReportProblem =
      absl::FunctionRef<void(const std::string& path, SystemError error)>;
  Inquiry(AskedEntry& entry, AskMode mode, ReportProblem problem)
      : entry_(entry), mode_(mode), problem_(problem) {}

  AskedEntry& entry() { return entry_; }
  AskMode mode() const { return mode_; }
  bool acts() const { return mode_ == AskMode::kAct; }

  // To be called before the file is asked; false if it may not be, and then no
  // answer counts.
  bool MayAskFile() {
    if (mode_ == AskMode::kRehearse) undecided_ = true;
    return !undecided_;
  }
  // The entry's details; null if there are none, which is reported.
  const FileDetails* Details();
  void Problem(SystemError error) {
    if (acts() && !std::exchange(reported_, true)) {
      problem_(entry_.path(), error);
    }
  }

  // For actions: true if the action is to act.
  bool Act() {
    acted_ = true;
    return acts();
  }

  void Prune() { verdict_.prune = true; }
  void Quit() { verdict_.quit = true; }

  // Whether no more is to be asked.
  bool stopped() const { return verdict_.quit || undecided_; }
  // Of a rehearsal: whether the file must be asked.
  bool undecided() const { return undecided_; }
  // Whether an action has acted, or would have.
  bool acted() const { return acted_; }
  const Verdict& verdict() const { return verdict_; }

 private:
  AskedEntry& entry_;
  const AskMode mode_;
  ReportProblem problem_;
  bool undecided_ = false;
  bool acted_ = false;
  bool reported_ = false;
  Verdict verdict_;
};

// What an expression may do.
struct NodeTraits {
  bool asks_file = false;   // more than a walk knows
  bool has_effect = false;  // changes files, or runs what may
  bool acts = false;        // so that no -print is implied
  bool writes = false;      // elsewhere than on standard output
  bool prunes = false;
  bool quits = false;

  void Add(const NodeTraits& other);
};

class Node {
 public:
  virtual ~Node() = default;
  virtual bool Ask(Inquiry& inquiry) const = 0;
  const NodeTraits& traits() const { return traits_; }

 protected:
  explicit Node(const NodeTraits& traits) : traits_(traits) {}
  NodeTraits traits_;
};

using NodePtr = std::unique_ptr<const Node>;

// A node that is a function of the inquiry.
template <typename Function>
class FunctionNode final : public Node {
 public:
  FunctionNode(const NodeTraits& traits, Function function)
      : Node(traits), function_(std::move(function)) {}
  bool Ask(Inquiry& inquiry) const override { return function_(inquiry); }

 private:
  Function function_;
};

template <typename Function>
NodePtr MakeNode(const NodeTraits& traits, Function function) {
  return std::make_unique<FunctionNode<Function>>(traits, std::move(function));
}

// A test of what the walk knows: a function of the AskedEntry.
template <typename Function>
NodePtr MakeTest(Function function) {
  return MakeNode({}, [function = std::move(function)](Inquiry& inquiry) {
    return function(inquiry.entry());
  });
}

// A test of the file's details: a function of the FileDetails.
template <typename Function>
NodePtr MakeDetailsTest(Function function) {
  return MakeNode({.asks_file = true},
                  [function = std::move(function)](Inquiry& inquiry) {
                    const FileDetails* const details = inquiry.Details();
                    return details != nullptr && function(*details);
                  });
}

NodePtr MakeConstant(bool value);
NodePtr MakeNot(NodePtr node);

// Operators over several nodes, asked from left to right; one alone stands for
// itself. REQUIRES: there is one.
enum class Operator : uint8_t { kAnd, kOr, kList };
NodePtr MakeOperator(Operator op, std::vector<NodePtr> nodes);

}  // namespace finder

#endif  // FINDER_FINDER_EXPRESSION_NODE_H_
