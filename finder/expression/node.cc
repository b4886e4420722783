#include "finder/expression/node.h"

#include <optional>

namespace finder {
namespace {

class OperatorNode final : public Node {
 public:
  OperatorNode(std::optional<bool> until, std::vector<NodePtr> nodes)
      : Node({}), until_(until), nodes_(std::move(nodes)) {
    for (const NodePtr& node : nodes_) traits_.Add(node->traits());
  }

  bool Ask(Inquiry& inquiry) const override {
    bool answer = false;
    for (const NodePtr& node : nodes_) {
      answer = node->Ask(inquiry);
      if (answer == until_ || inquiry.stopped()) break;
    }
    return answer;
  }

 private:
  // The answer after which no more are asked.
  const std::optional<bool> until_;
  const std::vector<NodePtr> nodes_;
};

std::optional<bool> EndOf(Operator op) {
  switch (op) {
    case Operator::kAnd:
      return false;
    case Operator::kOr:
      return true;
    case Operator::kList:
      break;
  }
  return std::nullopt;
}

}  // namespace

const FileDetails* Inquiry::Details() {
  if (!entry_.has_details() && !MayAskFile()) return nullptr;
  const Result<FileDetails>& details = entry_.Details();
  if (details.ok()) return &details.value();
  Problem(details.error());
  return nullptr;
}

void NodeTraits::Add(const NodeTraits& other) {
  asks_file |= other.asks_file;
  has_effect |= other.has_effect;
  acts |= other.acts;
  writes |= other.writes;
  prunes |= other.prunes;
  quits |= other.quits;
}

NodePtr MakeConstant(bool value) {
  return MakeNode({}, [value](Inquiry&) { return value; });
}

NodePtr MakeNot(NodePtr node) {
  const NodeTraits traits = node->traits();
  return MakeNode(traits, [node = std::move(node)](Inquiry& inquiry) {
    return !node->Ask(inquiry);
  });
}

NodePtr MakeOperator(Operator op, std::vector<NodePtr> nodes) {
  if (nodes.size() == 1) return std::move(nodes[0]);
  return std::make_unique<OperatorNode>(EndOf(op), std::move(nodes));
}

}  // namespace finder
