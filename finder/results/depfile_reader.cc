#include "finder/results/depfile_reader.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace finder {
namespace {

// Takes the words of a depfile one by one.
class DepfileWords {
 public:
  enum class Word { kName, kEndOfTargets, kEndOfRule, kEnd, kFault };

  explicit DepfileWords(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  size_t line() const { return line_; }
  const std::string& name() const { return name_; }
  const std::string& fault() const { return fault_; }

  // `in_targets`: a colon at the end of a word ends the targets.
  Word Next(bool in_targets) {
    while (SkipBlank() || SkipContinuation()) {
    }
    if (rest_.empty()) return Word::kEnd;
    if (rest_.front() == '#') SkipComment();
    if (rest_.empty()) return Word::kEnd;
    if (TakeNewline()) return Word::kEndOfRule;
    return TakeName(in_targets);
  }

 private:
  bool SkipBlank() {
    const size_t blanks = rest_.find_first_not_of(" \t");
    if (blanks == 0 || rest_.empty()) return false;
    rest_.remove_prefix(blanks == rest_.npos ? rest_.size() : blanks);
    return true;
  }
  size_t NewlineLength(std::string_view text) const {
    if (text.starts_with("\r\n")) return 2;
    return text.starts_with('\n') ? 1 : 0;
  }
  bool TakeNewline() {
    const size_t length = NewlineLength(rest_);
    if (length == 0) return false;
    rest_.remove_prefix(length);
    ++line_;
    return true;
  }
  bool IsContinuation() const {
    return rest_.starts_with('\\') && NewlineLength(rest_.substr(1)) > 0;
  }
  bool SkipContinuation() {
    if (!IsContinuation()) return false;
    rest_.remove_prefix(1);
    return TakeNewline();
  }
  void SkipComment() {
    const size_t newline = rest_.find('\n');
    rest_.remove_prefix(newline == rest_.npos ? rest_.size() : newline);
  }
  bool IsAtEndOfWord() const {
    return rest_.empty() || rest_.front() == ' ' || rest_.front() == '\t' ||
           NewlineLength(rest_) > 0 || IsContinuation();
  }

  Word TakeName(bool in_targets) {
    name_.clear();
    while (!IsAtEndOfWord()) {
      const char letter = rest_.front();
      if (letter == '\\') {
        TakeBackslashes();
        continue;
      }
      rest_.remove_prefix(1);
      if (letter == ':' && in_targets && IsAtEndOfWord()) {
        if (name_.empty()) return Word::kEndOfTargets;
        // The next word.
        rest_ = std::string_view(rest_.data() - 1, rest_.size() + 1);
        return Word::kName;
      }
      if (letter == '\0') return Fault("a NUL");
      if (letter == '$') {
        if (!rest_.starts_with('$')) return Fault("a '$' to be expanded");
        rest_.remove_prefix(1);
      }
      name_ += letter;
    }
    return Word::kName;
  }

  // Before a blank, half of the backslashes stand for the others, and an odd
  // one keeps the blank in the name. Before '#' and ':' one goes. All others
  // stand for themselves.
  void TakeBackslashes() {
    size_t count = rest_.find_first_not_of('\\');
    if (count == rest_.npos) count = rest_.size();
    const char next = count < rest_.size() ? rest_[count] : '\0';
    // The last one belongs to the end of the line.
    if (NewlineLength(rest_.substr(count)) > 0) {
      name_.append(count - 1, '\\');
      rest_.remove_prefix(count - 1);
      return;
    }
    rest_.remove_prefix(count);
    if (next == ' ' || next == '\t') {
      name_.append(count % 2 == 0 ? count : count / 2, '\\');
      if (count % 2 == 0) return;
    } else if (next == '#' || next == ':') {
      name_.append(count - 1, '\\');
    } else {
      name_.append(count, '\\');
      return;
    }
    name_ += next;
    rest_.remove_prefix(1);
  }

  Word Fault(std::string_view what) {
    fault_ = what;
    return Word::kFault;
  }

  std::string_view rest_;
  size_t line_ = 1;
  std::string name_;
  std::string fault_;
};

absl::Status FaultAt(size_t line, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat("depfile, line ", line, ": ", what));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ReadDepfile(std::string_view text) {
  std::vector<std::string> inputs;
  std::set<std::string> seen;
  DepfileWords words(text);
  bool in_targets = true;
  bool has_target = false;
  bool has_rule = false;
  for (;;) {
    const size_t line = words.line();
    switch (words.Next(in_targets)) {
      case DepfileWords::Word::kFault:
        return FaultAt(words.line(), words.fault());
      case DepfileWords::Word::kName:
        if (in_targets) {
          has_target = true;
        } else if (seen.insert(words.name()).second) {
          inputs.push_back(words.name());
        }
        break;
      case DepfileWords::Word::kEndOfTargets:
        if (!has_target) return FaultAt(line, "a rule without a target");
        in_targets = false;
        has_rule = true;
        break;
      case DepfileWords::Word::kEnd:
      case DepfileWords::Word::kEndOfRule:
        if (in_targets && has_target) return FaultAt(line, "no rule");
        in_targets = true;
        has_target = false;
        if (words.at_end()) {
          if (!has_rule) return FaultAt(line, "no rule");
          return inputs;
        }
        break;
    }
  }
}

}  // namespace finder
