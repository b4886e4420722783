#include "cmd/find/find_parser.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace finder {
namespace {

// Bounds the stack that an expression takes.
constexpr int kDeepestNesting = 500;

bool BeginsExpression(const std::string& word) {
  if (word == "(" || word == "!") return true;
  return word.size() > 1 && word[0] == '-';
}

bool IsBinary(const std::string& word) {
  static constexpr std::string_view kBinary[] = {"-a", "-and", "-o", "-or",
                                                 ","};
  return std::find(std::begin(kBinary), std::end(kBinary), word) !=
         std::end(kBinary);
}

bool IsOptimizationLevel(std::string_view word) {
  return word.starts_with("-O") && word.size() > 2 &&
         word.find_first_not_of("0123456789", 2) == std::string_view::npos;
}

// Recursive descent, one method for each level of precedence.
class Parser {
 public:
  Parser(std::span<const std::string> arguments, FindRequest& request)
      : words_(arguments), setup_(request.setup), request_(request) {}

  absl::Status Parse();

 private:
  absl::Status ParseLeadingOptions();
  absl::Status CheckWhole() const;
  ParsedNode ParseList();
  ParsedNode ParseOr();
  ParsedNode ParseAnd();
  ParsedNode ParseNot();
  ParsedNode ParseParentheses();
  ParsedNode ParseExclusion();
  ParsedNode ParsePrimary();
  absl::Status NotAPrimary(const std::string& word) const;
  void NotePlace(const Primary& primary, const std::string& name);

  bool Next(std::string_view word) const {
    return !words_.at_end() && words_.Peek() == word;
  }

  Words words_;
  FindSetup& setup_;
  FindRequest& request_;
  int nesting_ = 0;
};

absl::Status Parser::Parse() {
  if (absl::Status status = ParseLeadingOptions(); !status.ok()) return status;
  while (!words_.at_end() && !BeginsExpression(words_.Peek())) {
    setup_.options.paths.push_back(words_.Take());
  }
  request_.expression = MakeConstant(true);
  const bool has_expression = !words_.at_end();
  if (has_expression) {
    ParsedNode parsed = ParseList();
    if (!parsed.ok()) return parsed.status();
    request_.expression = *std::move(parsed);
  }
  if (!words_.at_end()) {
    return FindError(absl::StrCat("unexpected '", words_.Peek(), "'"));
  }
  if (absl::Status status = CheckWhole(); !status.ok()) return status;
  if (!request_.expression->traits().acts) {
    const std::string name = "-print";
    PrimaryCall print = {
        .name = name, .value = name, .words = words_, .setup = setup_};
    ParsedNode implied = FindPrimary(name)->parse(print);
    if (!implied.ok()) return implied.status();
    std::vector<NodePtr> both;
    both.push_back(std::move(request_.expression));
    both.push_back(*std::move(implied));
    request_.expression = MakeOperator(Operator::kAnd, std::move(both));
  }
  if (setup_.options.paths.empty() && !setup_.options.files0_from) {
    setup_.options.paths.emplace_back(".");
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseLeadingOptions() {
  FindOptions& options = setup_.options;
  while (!words_.at_end()) {
    if (words_.TakeIf("-H")) {
      options.links = FollowedLinks::kOperands;
    } else if (words_.TakeIf("-L")) {
      options.links = FollowedLinks::kAll;
    } else if (words_.TakeIf("-P")) {
      options.links = FollowedLinks::kNone;
    } else if (words_.TakeIf("-D")) {
      if (words_.at_end()) return FindError("-D needs a value");
      words_.Take();
    } else if (IsOptimizationLevel(words_.Peek())) {
      words_.Take();
    } else if (words_.Peek().starts_with("-O")) {
      return FindError(
          absl::StrCat(words_.Peek(), ": -O is followed by a number at once"));
    } else {
      words_.TakeIf("--");
      break;
    }
  }
  return absl::OkStatus();
}

absl::Status Parser::CheckWhole() const {
  const FindOptions& options = setup_.options;
  if (options.files0_from && !options.paths.empty()) {
    return FindError(absl::StrCat("'", options.paths.front(),
                                  "': no path may be given along with "
                                  "-files0-from"));
  }
  if (setup_.contents_first_by && !setup_.depth_given &&
      request_.expression->traits().prunes) {
    return FindError(absl::StrCat(
        *setup_.contents_first_by,
        " turns on -depth, with which -prune has no effect; if you want "
        "that, say -depth"));
  }
  return absl::OkStatus();
}

ParsedNode Parser::ParseList() {
  std::vector<NodePtr> nodes;
  do {
    ParsedNode node = ParseOr();
    if (!node.ok()) return node;
    nodes.push_back(*std::move(node));
  } while (words_.TakeIf(","));
  return MakeOperator(Operator::kList, std::move(nodes));
}

ParsedNode Parser::ParseOr() {
  std::vector<NodePtr> nodes;
  do {
    ParsedNode node = ParseAnd();
    if (!node.ok()) return node;
    nodes.push_back(*std::move(node));
  } while (words_.TakeIf("-o") || words_.TakeIf("-or"));
  return MakeOperator(Operator::kOr, std::move(nodes));
}

ParsedNode Parser::ParseAnd() {
  std::vector<NodePtr> nodes;
  do {
    if (!nodes.empty() && !words_.TakeIf("-a")) words_.TakeIf("-and");
    ParsedNode node = ParseNot();
    if (!node.ok()) return node;
    nodes.push_back(*std::move(node));
  } while (!words_.at_end() && !Next("-o") && !Next("-or") && !Next(",") &&
           !Next(")"));
  return MakeOperator(Operator::kAnd, std::move(nodes));
}

ParsedNode Parser::ParseNot() {
  bool negated = false;
  while (words_.TakeIf("!") || words_.TakeIf("-not")) negated = !negated;
  ParsedNode node = words_.TakeIf("(")          ? ParseParentheses()
                    : words_.TakeIf("-exclude") ? ParseExclusion()
                                                : ParsePrimary();
  if (!node.ok() || !negated) return node;
  return MakeNot(*std::move(node));
}

ParsedNode Parser::ParseParentheses() {
  if (++nesting_ > kDeepestNesting) {
    return FindError("too many parentheses inside one another");
  }
  if (Next(")")) return FindError("empty parentheses");
  ParsedNode node = ParseList();
  if (!node.ok()) return node;
  if (!words_.TakeIf(")")) return FindError("')' is missing");
  --nesting_;
  return node;
}

// As in bfs, holds for the whole command, wherever it stands.
ParsedNode Parser::ParseExclusion() {
  if (++nesting_ > kDeepestNesting) {
    return FindError("too many -exclude inside one another");
  }
  ParsedNode node = ParseNot();
  if (!node.ok()) return node;
  if ((*node)->traits().acts || (*node)->traits().prunes) {
    return FindError("-exclude takes tests only");
  }
  setup_.exclusions.push_back(*std::move(node));
  --nesting_;
  return MakeConstant(true);
}

absl::Status Parser::NotAPrimary(const std::string& word) const {
  if (IsBinary(word) || word == ")") {
    return FindError(absl::StrCat("nothing before '", word, "'"));
  }
  if (word == "-H" || word == "-L" || word == "-P" || word == "-D" ||
      IsOptimizationLevel(word)) {
    return FindError(absl::StrCat(word, " must come before the paths"));
  }
  if (word.starts_with('-')) {
    return FindError(absl::StrCat(word, ": no such test or action"));
  }
  return FindError(
      absl::StrCat("'", word, "': paths must come before the expression"));
}

// An option holds for the tests before it, too, which may surprise.
void Parser::NotePlace(const Primary& primary, const std::string& name) {
  const bool is_test = primary.role == Primary::Role::kTest ||
                       primary.role == Primary::Role::kAction;
  if (is_test && setup_.first_test.empty()) setup_.first_test = name;
  if (primary.role == Primary::Role::kOption && !setup_.first_test.empty()) {
    setup_.Warn(absl::StrCat(name, " behind ", setup_.first_test,
                             " holds for what is before it, too; put it "
                             "before all tests"));
  }
}

ParsedNode Parser::ParsePrimary() {
  if (words_.at_end()) return FindError("the expression ends too early");
  const std::string& name = words_.Take();
  const Primary* const primary = FindPrimary(name);
  if (primary == nullptr) return NotAPrimary(name);
  const std::string* value = &name;
  if (primary->takes == Primary::Takes::kValue) {
    if (words_.at_end()) {
      return FindError(absl::StrCat(name, " needs a value"));
    }
    value = &words_.Take();
  }
  NotePlace(*primary, name);
  PrimaryCall call = {
      .name = name, .value = *value, .words = words_, .setup = setup_};
  return primary->parse(call);
}

}  // namespace

absl::Status ParseFind(std::span<const std::string> arguments,
                       FindRequest& request) {
  return Parser(arguments, request).Parse();
}

}  // namespace finder
