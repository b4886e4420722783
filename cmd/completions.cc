#include "cmd/completions.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cmd/option_table.h"

namespace finder {
namespace {

absl::string_view Absl(std::string_view text) {
  return {text.data(), text.size()};
}

std::vector<absl::string_view> Names(const OptionSpec& spec) {
  return absl::StrSplit(Absl(spec.names), ',');
}

// The values to offer, between spaces.
std::string Choices(const OptionSpec& spec) {
  return absl::StrReplaceAll(Absl(spec.choices), {{",", " "}});
}

bool IsList(const OptionSpec& spec) {
  return absl::StrContains(Absl(spec.value_name), ",");
}

// The first clause of the help: menus have one line for each option.
absl::string_view Summary(const OptionSpec& spec) {
  const absl::string_view help = Absl(spec.help);
  return help.substr(0, std::min(help.find(';'), help.find(": ")));
}

// Between single quotes, as bash and zsh read it.
std::string Quoted(absl::string_view text) {
  return "'" + absl::StrReplaceAll(text, {{"'", "'\\''"}}) + "'";
}

std::string BashAction(const OptionSpec& spec) {
  if (!spec.choices.empty()) {
    return absl::StrCat(IsList(spec) ? "_finder_list" : "_finder_words", " ",
                        Quoted(Choices(spec)));
  }
  if (spec.value_name == "FILE") return "_finder_files -f";
  if (spec.value_name == "DIR") return "_finder_files -d";
  return ":";
}

constexpr absl::string_view kBashHead =
    R"(# Completion of finder for bash; written by //cmd:write_manual.

_finder_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_finder_list() {
  local last=${cur##*,}
  mapfile -t COMPREPLY < <(compgen -P "${cur%"$last"}" -W "$1" -- "$last")
}

_finder_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

_finder() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
  local joined= i
  COMPREPLY=()
  # "--option=value" comes as three words.
  if [[ $cur == = ]]; then
    cur= joined=yes
  elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]} joined=yes
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -- ]] && { _finder_files -d; return; }
  done
  case $prev in
)";

std::string ZshAction(const OptionSpec& spec) {
  if (!spec.choices.empty()) {
    return IsList(spec) ? "_sequence compadd - " + Choices(spec)
                        : "(" + Choices(spec) + ")";
  }
  if (spec.value_name == "FILE") return "_files";
  if (spec.value_name == "DIR") return "_files -/";
  return " ";
}

// One spelling for _arguments.
std::string ZshSpec(const OptionSpec& spec, absl::string_view name) {
  const auto escape = [](absl::string_view text) {
    return absl::StrReplaceAll(
        text, {{"\\", "\\\\"}, {"[", "\\["}, {"]", "\\]"}, {":", "\\:"}});
  };
  const bool is_long = absl::StartsWith(name, "--");
  std::string text;
  // Most values may be repeated, a flag is said once.
  if (spec.value_rule == ValueRule::kNone) {
    absl::StrAppend(&text, "(", absl::StrJoin(Names(spec), " "), ")", name);
  } else {
    absl::StrAppend(&text, "*", name);
  }
  if (spec.value_rule == ValueRule::kRequired) text += is_long ? "=" : "+";
  if (spec.value_rule == ValueRule::kOptional) text += "=-";
  absl::StrAppend(&text, "[", escape(Summary(spec)), "]");
  if (spec.value_rule == ValueRule::kNone) return Quoted(text);
  absl::StrAppend(&text, spec.value_rule == ValueRule::kOptional ? "::" : ":",
                  escape(Absl(spec.value_name)), ":", ZshAction(spec));
  return Quoted(text);
}

std::string FishValue(const OptionSpec& spec) {
  if (spec.value_rule == ValueRule::kNone) return " -f";
  const absl::string_view need =
      spec.value_rule == ValueRule::kRequired ? " -x" : " -f";
  if (!spec.choices.empty()) {
    return IsList(spec) ? absl::StrCat(need, " -a '(__fish_append , ",
                                       Choices(spec), ")'")
                        : absl::StrCat(need, " -a '", Choices(spec), "'");
  }
  if (spec.value_name == "FILE") return " -r -F";
  if (spec.value_name == "DIR") {
    return absl::StrCat(need, " -a '(__fish_complete_directories)'");
  }
  return std::string(need);
}

}  // namespace

std::string BashCompletion() {
  std::string text(kBashHead);
  std::vector<absl::string_view> words;
  for (const OptionSpec& spec : AllOptions()) {
    for (const absl::string_view name : Names(spec)) words.push_back(name);
    if (spec.value_rule == ValueRule::kNone) continue;
    absl::StrAppend(&text, "    ", absl::StrJoin(Names(spec), " | "), ")\n");
    if (spec.value_rule == ValueRule::kOptional) {
      absl::StrAppend(&text, "      [[ $joined ]] && { ", BashAction(spec),
                      "; return; }\n      ;;\n");
    } else {
      absl::StrAppend(&text, "      ", BashAction(spec),
                      "\n      return\n      ;;\n");
    }
  }
  absl::StrAppend(&text, "  esac\n  if [[ $cur == -* ]]; then\n",
                  "    _finder_words '", absl::StrJoin(words, "\n      "),
                  "'\n  else\n    _finder_files -d\n  fi\n}\n\n",
                  "complete -F _finder finder\n");
  return text;
}

std::string ZshCompletion() {
  std::string text =
      "#compdef finder\n"
      "# Completion of finder for zsh; written by //cmd:write_manual.\n\n"
      "_arguments -s -S : \\\n";
  for (const OptionSpec& spec : AllOptions()) {
    for (const absl::string_view name : Names(spec)) {
      absl::StrAppend(&text, "  ", ZshSpec(spec, name), " \\\n");
    }
  }
  text += "  '*:ROOT:_files -/'\n";
  return text;
}

std::string FishCompletion() {
  std::string text =
      "# Completion of finder for fish; written by //cmd:write_manual.\n\n"
      "complete -c finder -f -a '(__fish_complete_directories)'\n";
  for (const OptionSpec& spec : AllOptions()) {
    text += "complete -c finder";
    for (const absl::string_view name : Names(spec)) {
      const bool is_long = absl::StartsWith(name, "--");
      absl::StrAppend(&text, is_long ? " -l " : " -s ",
                      name.substr(is_long ? 2 : 1));
    }
    // Fish reads \' and \\ between single quotes.
    absl::StrAppend(
        &text, FishValue(spec), " -d '",
        absl::StrReplaceAll(Summary(spec), {{"\\", "\\\\"}, {"'", "\\'"}}),
        "'\n");
  }
  return text;
}

}  // namespace finder
