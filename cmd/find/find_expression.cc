#include "cmd/find/find_expression.h"

#include <fnmatch.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/fields/field.h"
#include "finder/fields/field_setting.h"

namespace finder {
namespace {

using Kind = FindNode::Kind;

// The words of an expression that are fields of a view or a query.
struct FieldWord {
  std::string_view word;
  FieldId field;
};
constexpr FieldWord kFieldWords[] = {
    {"-mount", FieldId::kOneFileSystem},
    {"-xdev", FieldId::kOneFileSystem},
    {"-maxdepth", FieldId::kMaxDepth},
    {"-mindepth", FieldId::kMinDepth},
};

// Null if `word` is none of them.
const Field* FieldOf(std::string_view word) {
  for (const auto& [known, field] : kFieldWords) {
    if (known == word) return &GetField(field);
  }
  return nullptr;
}

// Bounds the stack that an expression takes.
constexpr int kDeepestNesting = 500;

absl::Status Invalid(absl::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat("find: ", message));
}

bool BeginsExpression(const std::string& argument) {
  if (argument == "(" || argument == ")" || argument == "!" ||
      argument == ",") {
    return true;
  }
  return argument.size() > 1 && argument[0] == '-';
}

FindNode Constant(bool value) {
  FindNode node;
  node.value = value;
  return node;
}

FindNode WithText(Kind kind, std::string text, bool fold_case = false) {
  FindNode node;
  node.kind = kind;
  node.text = std::move(text);
  node.fold_case = fold_case;
  return node;
}

// An operator over several nodes; one alone stands for itself.
FindNode Join(Kind kind, std::vector<FindNode> nodes) {
  if (nodes.size() == 1) return std::move(nodes[0]);
  FindNode node;
  node.kind = kind;
  node.children = std::move(nodes);
  return node;
}

// As in find: "-print" is implied unless an action other than -prune is there.
bool HasAction(const FindNode& node) {
  if (node.kind == Kind::kPrint || node.kind == Kind::kQuit) return true;
  for (const FindNode& child : node.children) {
    if (HasAction(child)) return true;
  }
  return false;
}

// Recursive descent, one method for each level of precedence.
class Parser {
 public:
  Parser(std::span<const std::string> arguments, FindRequest& request)
      : arguments_(arguments), request_(request) {}

  absl::Status Parse();

 private:
  using Parsed = absl::StatusOr<FindNode>;

  bool at_end() const { return at_ == arguments_.size(); }
  bool Next(std::string_view a, std::string_view b) const {
    return !at_end() && (arguments_[at_] == a || arguments_[at_] == b);
  }
  bool Take(std::string_view a, std::string_view b) {
    if (!Next(a, b)) return false;
    ++at_;
    return true;
  }
  bool Take(std::string_view a) { return Take(a, a); }

  void ParsePaths();
  Parsed ParseList();
  Parsed ParseOr();
  Parsed ParseAnd();
  Parsed ParseNot();
  Parsed ParseParentheses();
  Parsed ParsePrimary();
  Parsed ParseWithArgument(const std::string& name);
  Parsed ParseType(const std::string& letters) const;
  Parsed ParseField(const std::string& name, const Field& field);

  const std::span<const std::string> arguments_;
  FindRequest& request_;
  bool smart_case_ = false;  // find has no such thing
  const FieldTarget fields_ = {request_.view, request_.query, smart_case_};
  size_t at_ = 0;
  int nesting_ = 0;
};

absl::Status Parser::Parse() {
  const Field& follow = GetField(FieldId::kFollow);
  while (!at_end()) {
    if (Take("-L")) {
      follow.flag.set(fields_, true);
    } else if (Take("-P")) {
      follow.flag.set(fields_, false);
    } else {
      break;
    }
  }
  Take("--");
  ParsePaths();
  request_.expression = Constant(true);
  if (!at_end()) {
    Parsed parsed = ParseList();
    if (!parsed.ok()) return parsed.status();
    request_.expression = *std::move(parsed);
  }
  if (!at_end()) {
    return Invalid(absl::StrCat("unexpected '", arguments_[at_], "'"));
  }
  if (!HasAction(request_.expression)) {
    std::vector<FindNode> both;
    both.push_back(std::move(request_.expression));
    both.push_back(WithText(Kind::kPrint, "\n"));
    request_.expression = Join(Kind::kAnd, std::move(both));
  }
  return absl::OkStatus();
}

void Parser::ParsePaths() {
  while (!at_end() && !BeginsExpression(arguments_[at_])) {
    request_.paths.push_back(arguments_[at_++]);
  }
  if (request_.paths.empty()) request_.paths.push_back(".");
}

Parser::Parsed Parser::ParseList() {
  std::vector<FindNode> nodes;
  do {
    Parsed node = ParseOr();
    if (!node.ok()) return node;
    nodes.push_back(*std::move(node));
  } while (Take(","));
  return Join(Kind::kList, std::move(nodes));
}

Parser::Parsed Parser::ParseOr() {
  std::vector<FindNode> nodes;
  do {
    Parsed node = ParseAnd();
    if (!node.ok()) return node;
    nodes.push_back(*std::move(node));
  } while (Take("-o", "-or"));
  return Join(Kind::kOr, std::move(nodes));
}

Parser::Parsed Parser::ParseAnd() {
  std::vector<FindNode> nodes;
  do {
    if (!nodes.empty()) Take("-a", "-and");
    Parsed node = ParseNot();
    if (!node.ok()) return node;
    nodes.push_back(*std::move(node));
  } while (!at_end() && !Next("-o", "-or") && !Next(",", ")"));
  return Join(Kind::kAnd, std::move(nodes));
}

Parser::Parsed Parser::ParseNot() {
  bool negated = false;
  while (Take("!", "-not")) negated = !negated;
  Parsed node = Take("(") ? ParseParentheses() : ParsePrimary();
  if (!node.ok() || !negated) return node;
  FindNode inverse;
  inverse.kind = Kind::kNot;
  inverse.children.push_back(*std::move(node));
  return inverse;
}

Parser::Parsed Parser::ParseParentheses() {
  if (++nesting_ > kDeepestNesting) {
    return Invalid("too many parentheses inside one another");
  }
  if (Next(")", ")")) return Invalid("empty parentheses");
  Parsed node = ParseList();
  if (!node.ok()) return node;
  if (!Take(")")) return Invalid("')' is missing");
  --nesting_;
  return node;
}

Parser::Parsed Parser::ParsePrimary() {
  if (at_end()) return Invalid("the expression ends too early");
  const std::string& name = arguments_[at_++];
  if (name == "-true") return Constant(true);
  if (name == "-false") return Constant(false);
  if (name == "-print") return WithText(Kind::kPrint, "\n");
  if (name == "-print0") return WithText(Kind::kPrint, std::string(1, '\0'));
  if (name == "-prune") return WithText(Kind::kPrune, "");
  if (name == "-quit") return WithText(Kind::kQuit, "");
  if (const Field* field = FieldOf(name)) return ParseField(name, *field);
  return ParseWithArgument(name);
}

Parser::Parsed Parser::ParseWithArgument(const std::string& name) {
  static constexpr std::string_view kKnown[] = {
      "-name",      "-iname",      "-path", "-ipath",
      "-wholename", "-iwholename", "-type",
  };
  bool known = false;
  for (const std::string_view candidate : kKnown) known |= name == candidate;
  if (!known) {
    if (name == "-o" || name == "-or" || name == "-a" || name == "-and" ||
        name == "," || name == ")") {
      return Invalid(absl::StrCat("nothing before '", name, "'"));
    }
    if (name == "-L" || name == "-P") {
      return Invalid(absl::StrCat(name, " must come before the paths"));
    }
    if (name[0] == '-') {
      return Invalid(absl::StrCat(name, " is not supported"));
    }
    return Invalid(
        absl::StrCat("'", name, "': paths must come before the expression"));
  }
  if (at_end()) return Invalid(absl::StrCat(name, " needs a value"));
  const std::string& value = arguments_[at_++];
  if (name == "-name") return WithText(Kind::kName, value);
  if (name == "-iname") return WithText(Kind::kName, value, true);
  if (name == "-path" || name == "-wholename") {
    return WithText(Kind::kPath, value);
  }
  if (name == "-type") return ParseType(value);
  return WithText(Kind::kPath, value, true);
}

Parser::Parsed Parser::ParseType(const std::string& letters) const {
  std::string types;
  for (size_t i = 0; i < letters.size() || i == 0; i += 2) {
    const char letter = i < letters.size() ? letters[i] : '\0';
    const bool separated = i + 1 >= letters.size() ||
                           (letters[i + 1] == ',' && i + 2 < letters.size());
    if (letter == '\0' || !separated ||
        std::string_view("fdlpsbcD").find(letter) == std::string_view::npos) {
      return Invalid(absl::StrCat("-type '", letters, "': no such type"));
    }
    if (kTypeLetters.find(letter) == std::string_view::npos) {
      return Invalid(absl::StrCat("-type ", letters.substr(i, 1),
                                  " is not supported; f, d and l are"));
    }
    types += letter;
  }
  return WithText(Kind::kType, types);
}

Parser::Parsed Parser::ParseField(const std::string& name, const Field& field) {
  std::string value;
  if (field.kind != FieldKind::kFlag) {
    if (at_end()) return Invalid(absl::StrCat(name, " needs a value"));
    value = arguments_[at_++];
  }
  if (!SetField(field, value, fields_).ok()) {
    return Invalid(absl::StrCat(name, " '", value, "': not a whole number"));
  }
  return Constant(true);
}

// One question: keeps what the actions asked for.
class Question {
 public:
  Question(const FindEntry& entry, absl::FunctionRef<void(char)> print)
      : entry_(entry), print_(print) {}

  bool Ask(const FindNode& node);
  const FindVerdict& verdict() const { return verdict_; }

 private:
  // Asks the children until one answers `until`; none: all of them. Returns
  // the last answer.
  bool AskChildren(const FindNode& node, std::optional<bool> until) {
    bool answer = false;
    for (const FindNode& child : node.children) {
      answer = Ask(child);
      if (verdict_.quit || answer == until) break;
    }
    return answer;
  }
  static bool Matches(const FindNode& node, const std::string& text) {
    // '*' matches '/' and a leading '.', as in find.
    return fnmatch(node.text.c_str(), text.c_str(),
                   node.fold_case ? FNM_CASEFOLD : 0) == 0;
  }

  const FindEntry& entry_;
  absl::FunctionRef<void(char)> print_;
  FindVerdict verdict_;
};

bool Question::Ask(const FindNode& node) {
  switch (node.kind) {
    case Kind::kConstant:
      return node.value;
    case Kind::kName:
      return Matches(node, entry_.name);
    case Kind::kPath:
      return Matches(node, entry_.path);
    case Kind::kType:
      return node.text.find(static_cast<char>(entry_.kind)) !=
             std::string::npos;
    case Kind::kPrint:
      print_(node.text[0]);
      return true;
    case Kind::kPrune:
      verdict_.prune = true;
      return true;
    case Kind::kQuit:
      verdict_.quit = true;
      return true;
    case Kind::kNot:
      return !Ask(node.children[0]);
    case Kind::kAnd:
      return AskChildren(node, false);
    case Kind::kOr:
      return AskChildren(node, true);
    case Kind::kList:
      return AskChildren(node, std::nullopt);
  }
  return false;
}

bool Quits(const FindNode& node) {
  return node.kind == FindNode::Kind::kQuit ||
         std::any_of(node.children.begin(), node.children.end(), Quits);
}

}  // namespace

bool FindRequest::quits() const { return Quits(expression); }

absl::StatusOr<FindRequest> FindRequest::Parse(
    std::span<const std::string> arguments) {
  FindRequest request;
  absl::Status status = Parser(arguments, request).Parse();
  if (!status.ok()) return status;
  return request;
}

FindVerdict FindRequest::Ask(
    const FindEntry& entry,
    absl::FunctionRef<void(char terminator)> print) const {
  Question question(entry, print);
  question.Ask(expression);
  return question.verdict();
}

}  // namespace finder
