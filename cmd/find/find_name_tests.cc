// The tests of find(1) that a walk can answer: names, paths, depths, types.

#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/find/find_primary.h"
#include "finder/expression/name_pattern.h"
#include "finder/expression/number_test.h"
#include "finder/expression/path_expression.h"

namespace finder {
namespace {

using Takes = Primary::Takes;
using Role = Primary::Role;

// -iname and its like.
LetterCase CaseOf(const std::string& name) {
  return name[1] == 'i' ? LetterCase::kFold : LetterCase::kExact;
}

ParsedNode ParseTrue(PrimaryCall&) { return MakeConstant(true); }
ParsedNode ParseFalse(PrimaryCall&) { return MakeConstant(false); }

ParsedNode ParseName(PrimaryCall& call) {
  if (call.value.find('/') != std::string::npos && call.value != "/") {
    call.setup.Warn(absl::StrCat(
        call.name, " '", call.value,
        "' matches names, which hold no '/', except that of the root "
        "directory; for paths say ",
        CaseOf(call.name) == LetterCase::kFold ? "-ipath" : "-path"));
  }
  return MakeTest(
      [pattern = NamePattern(call.value, CaseOf(call.name))](
          AskedEntry& entry) { return pattern.Matches(entry.name()); });
}

ParsedNode ParsePath(PrimaryCall& call) {
  return MakeTest(
      [pattern = NamePattern(call.value, CaseOf(call.name))](
          AskedEntry& entry) { return pattern.Matches(entry.path()); });
}

ParsedNode ParseRegex(PrimaryCall& call) {
  auto expression = PathExpression::Compile(call.value, call.setup.regex_syntax,
                                            CaseOf(call.name));
  if (!expression.ok()) {
    return BadValue(call, std::string(expression.status().message()));
  }
  return MakeTest([expression = *std::move(expression)](AskedEntry& entry) {
    return expression.Matches(entry.path());
  });
}

ParsedNode ParseHidden(PrimaryCall&) {
  return MakeTest([](AskedEntry& entry) {
    const std::string_view name = entry.name();
    return name.starts_with('.') && name != "." && name != "..";
  });
}

ParsedNode ParseLinkName(PrimaryCall& call) {
  return MakeNode(
      {.asks_file = true},
      [pattern = NamePattern(call.value, CaseOf(call.name))](Inquiry& inquiry) {
        if (inquiry.entry().kind() != EntryKind::kSymlink) return false;
        if (!inquiry.MayAskFile()) return false;
        const Result<std::string>& target = inquiry.entry().LinkTarget();
        if (!target.ok()) {
          inquiry.Problem(target.error());
          return false;
        }
        return pattern.Matches(target.value());
      });
}

// The letters of -type, by the type in a mode, which is the same number on all
// Linux machines.
char LetterOf(uint32_t mode) {
  constexpr uint32_t kTypeShift = 12;
  constexpr std::string_view kLetters = "?pc?d?b?f?l?s???";
  return kLetters[(mode >> kTypeShift) & 0xf];
}

constexpr std::string_view kTypes = "bcdpflsD";
constexpr std::string_view kSpecialTypes = "bcpsD";

bool Holds(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

// "f,d" without its commas.
absl::StatusOr<std::string> ParseTypes(const PrimaryCall& call) {
  const std::string& list = call.value;
  std::string letters;
  for (size_t i = 0; i == 0 || i < list.size(); i += 2) {
    if (i == list.size()) return BadValue(call, "a type is missing");
    const char letter = list[i];
    if (!Holds(kTypes, letter)) {
      return BadValue(
          call, absl::StrCat("no such type as '", list.substr(i, 1), "'"));
    }
    if (Holds(letters, letter)) {
      return BadValue(
          call, absl::StrCat("'", list.substr(i, 1), "' stands there twice"));
    }
    letters += letter;
    if (i + 1 == list.size()) break;
    if (list[i + 1] != ',') {
      return BadValue(call, "types must be separated by ','");
    }
    if (i + 2 == list.size()) {
      return BadValue(call, "a type is missing behind the last ','");
    }
  }
  return letters;
}

// Whether the type by the walk's knowledge, or else by the file's, is one of
// `letters`.
bool HasType(Inquiry& inquiry, std::string_view letters) {
  const EntryKind kind = inquiry.entry().kind();
  if (kind != EntryKind::kOther) {
    return Holds(letters, static_cast<char>(kind));
  }
  if (letters.find_first_of(kSpecialTypes) == std::string_view::npos) {
    return false;
  }
  const FileDetails* const details = inquiry.Details();
  return details != nullptr && Holds(letters, LetterOf(details->mode));
}

ParsedNode ParseType(PrimaryCall& call) {
  absl::StatusOr<std::string> letters = ParseTypes(call);
  if (!letters.ok()) return letters.status();
  const bool asks = letters->find_first_of(kSpecialTypes) != std::string::npos;
  return MakeNode({.asks_file = asks},
                  [letters = *std::move(letters)](Inquiry& inquiry) {
                    return HasType(inquiry, letters);
                  });
}

// What -type would say with the other policy for symlinks.
ParsedNode ParseOtherType(PrimaryCall& call) {
  absl::StatusOr<std::string> letters = ParseTypes(call);
  if (!letters.ok()) return letters.status();
  return MakeNode(
      {.asks_file = true}, [letters = *std::move(letters)](Inquiry& inquiry) {
        AskedEntry& entry = inquiry.entry();
        const bool follows = entry.known().links == SymlinkPolicy::kFollow;
        if (!follows && entry.kind() != EntryKind::kSymlink) {
          return HasType(inquiry, letters);
        }
        if (!inquiry.MayAskFile()) return false;
        const Result<FileDetails>& details = entry.OtherDetails();
        if (!details.ok()) {
          inquiry.Problem(details.error());
          return false;
        }
        return Holds(letters, LetterOf(details->mode));
      });
}

constexpr Primary kPrimaries[] = {
    {"-false", Role::kTest, Takes::kNothing, ParseFalse},
    {"-hidden", Role::kTest, Takes::kNothing, ParseHidden},
    {"-ilname", Role::kTest, Takes::kValue, ParseLinkName},
    {"-iname", Role::kTest, Takes::kValue, ParseName},
    {"-ipath", Role::kTest, Takes::kValue, ParsePath},
    {"-iregex", Role::kTest, Takes::kValue, ParseRegex},
    {"-iwholename", Role::kTest, Takes::kValue, ParsePath},
    {"-lname", Role::kTest, Takes::kValue, ParseLinkName},
    {"-name", Role::kTest, Takes::kValue, ParseName},
    {"-path", Role::kTest, Takes::kValue, ParsePath},
    {"-regex", Role::kTest, Takes::kValue, ParseRegex},
    {"-true", Role::kTest, Takes::kNothing, ParseTrue},
    {"-type", Role::kTest, Takes::kValue, ParseType},
    {"-wholename", Role::kTest, Takes::kValue, ParsePath},
    {"-xtype", Role::kTest, Takes::kValue, ParseOtherType},
};

}  // namespace

std::span<const Primary> NamePrimaries() { return kPrimaries; }

}  // namespace finder
