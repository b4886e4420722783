#include "cmd/actions/command_template.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using Words = std::vector<std::string>;
using Form = CommandTemplate::Form;
using Place = CommandTemplate::Place;
using Consent = CommandTemplate::Consent;

ParsedCommand Parse(std::string_view action, const Words& words) {
  const absl::StatusOr<ParsedCommand> parsed = ParseCommand(action, words);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *parsed : ParsedCommand();
}

std::string ErrorOf(std::string_view action, const Words& words) {
  const absl::StatusOr<ParsedCommand> parsed = ParseCommand(action, words);
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(parsed.status().message());
}

TEST(CommandTemplate, EndsAtItsSemicolon) {
  const ParsedCommand parsed =
      Parse("-exec", {"echo", "+", "x;", "{}", ";", "-print", ";"});
  EXPECT_EQ(parsed.command.words, (Words{"echo", "+", "x;", "{}"}));
  EXPECT_EQ(parsed.words_taken, 5u);
  EXPECT_EQ(parsed.command.form, Form::kEach);
  EXPECT_EQ(parsed.command.place, Place::kHere);
  EXPECT_EQ(parsed.command.consent, Consent::kGiven);
}

TEST(CommandTemplate, APlusEndsItOnlyBehindThePath) {
  const ParsedCommand parsed =
      Parse("-execdir", {"echo", "+", "{}", "+", "-print"});
  EXPECT_EQ(parsed.command.words, (Words{"echo", "+"}));
  EXPECT_EQ(parsed.words_taken, 4u);
  EXPECT_EQ(parsed.command.form, Form::kBatch);
  EXPECT_EQ(parsed.command.place, Place::kInDirectory);
  EXPECT_EQ(Parse("-exec", {"echo", "{}", "x", "+", ";"}).command.form,
            Form::kEach);
}

TEST(CommandTemplate, NobodyIsAskedForABatch) {
  const ParsedCommand parsed = Parse("-okdir", {"echo", "{}", "+", ";"});
  EXPECT_EQ(parsed.command.consent, Consent::kAsked);
  EXPECT_EQ(parsed.command.place, Place::kInDirectory);
  EXPECT_EQ(parsed.command.words, (Words{"echo", "{}", "+"}));
  EXPECT_EQ(ErrorOf("-ok", {"echo", "{}", "+"}),
            "-ok has no end: ';' is missing");
}

TEST(CommandTemplate, MalformedCommandsAreRefused) {
  EXPECT_EQ(ErrorOf("-exec", {}), "-exec has no end: ';' or '{} +' is missing");
  EXPECT_EQ(ErrorOf("-exec", {"echo", "{}"}),
            "-exec has no end: ';' or '{} +' is missing");
  EXPECT_EQ(ErrorOf("-exec", {";"}), "-exec has no command");
  EXPECT_EQ(ErrorOf("-exec", {"echo", "{}", "{}", "+"}),
            "-exec ... {} +: only one {} is possible");
  EXPECT_EQ(ErrorOf("-execdir", {"echo", "a{}", "+"}),
            "-execdir ... {} +: the {} must stand alone, not 'a{}'");
}

TEST(CommandTemplate, EachPairOfBracesIsReplaced) {
  CommandTemplate command;
  command.words = {"{}", "a{}b{}", "{", "}", "{{}}", ""};
  EXPECT_EQ(command.Filled("p{}"),
            (Words{"p{}", "ap{}bp{}", "{", "}", "{p{}}", ""}));
}

TEST(CommandTemplate, RelativeDirectoriesInPathAreADanger) {
  EXPECT_FALSE(DangerOfPath("/bin:/usr/bin").has_value());
  for (const char* path : {"", ".", ":/bin", "/bin:", "/a::/b", "/bin:."}) {
    ASSERT_TRUE(DangerOfPath(path).has_value()) << path;
    EXPECT_TRUE(DangerOfPath(path)->starts_with("the current directory"));
  }
  ASSERT_TRUE(DangerOfPath("/bin:a/b").has_value());
  EXPECT_TRUE(DangerOfPath("/bin:a/b")->starts_with("the relative path 'a/b'"));
}

}  // namespace
}  // namespace finder
