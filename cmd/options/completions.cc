#include "cmd/options/completions.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cmd/options/option_table.h"
#include "cmd/options/subcommand_table.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

std::vector<absl::string_view> Names(const OptionSpec& spec) {
  return absl::StrSplit(Abseil(spec.names), ',');
}

// The values to offer, between spaces.
std::string Choices(const OptionSpec& spec) {
  return absl::StrReplaceAll(Abseil(spec.choices), {{",", " "}});
}

bool IsList(const OptionSpec& spec) {
  return absl::StrContains(Abseil(spec.value_name), ",");
}

// Between single quotes, as bash and zsh read it.
std::string Quoted(absl::string_view text) {
  return "'" + absl::StrReplaceAll(text, {{"'", "'\\''"}}) + "'";
}

std::vector<const SubcommandSpec*> AvailableSubcommands() {
  std::vector<const SubcommandSpec*> available;
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (spec.available()) available.push_back(&spec);
  }
  return available;
}

std::string SubcommandWords(absl::string_view separator) {
  return absl::StrJoin(AvailableSubcommands(), separator,
                       [](std::string* out, const SubcommandSpec* spec) {
                         out->append(spec->word);
                       });
}

enum class Dash { kWith, kWithout };

// What to offer of the words of a subcommand.
std::vector<absl::string_view> Words(const SubcommandSpec& spec, Dash dash) {
  std::vector<absl::string_view> words;
  for (const std::string_view word : spec.words) {
    if (word.starts_with('-') == (dash == Dash::kWith)) {
      words.push_back(Abseil(word));
    }
  }
  return words;
}

// All options, of the main command and of subcommands, once each.
OptionSet EveryOption() {
  OptionSet options = MainOptions();
  for (const SubcommandSpec* spec : AvailableSubcommands()) {
    for (const OptionSpec* option : OptionsOf(*spec)) {
      if (std::find(options.begin(), options.end(), option) == options.end()) {
        options.push_back(option);
      }
    }
  }
  return options;
}

std::vector<absl::string_view> Spellings(const OptionSet& options) {
  std::vector<absl::string_view> spellings;
  for (const OptionSpec* spec : options) {
    for (const absl::string_view name : Names(*spec)) spellings.push_back(name);
  }
  return spellings;
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
  local word=
  if ((COMP_CWORD > 1)); then
    case ${COMP_WORDS[1]} in
      @WORDS@) word=${COMP_WORDS[1]} ;;
    esac
  fi
  case $prev in
)";

// Offers `words` for options of the subcommands that match `pattern`.
std::string BashOffer(absl::string_view pattern,
                      const std::vector<absl::string_view>& words) {
  return absl::StrCat("      ", pattern, ")\n        _finder_words '",
                      absl::StrJoin(words, "\n          "), "'\n        ;;\n");
}

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
  if (spec.requires_value()) text += is_long ? "=" : "+";
  if (spec.value_rule == ValueRule::kOptional) text += "=-";
  absl::StrAppend(&text, "[", escape(Abseil(spec.summary())), "]");
  if (spec.value_rule == ValueRule::kNone) return Quoted(text);
  absl::StrAppend(&text, spec.value_rule == ValueRule::kOptional ? "::" : ":",
                  escape(Abseil(spec.value_name)), ":", ZshAction(spec));
  return Quoted(text);
}

// A call of _arguments.
std::string ZshArguments(const OptionSet& options, absl::string_view indent) {
  std::string text = absl::StrCat(indent, "_arguments -s -S : \\\n");
  for (const OptionSpec* spec : options) {
    for (const absl::string_view name : Names(*spec)) {
      absl::StrAppend(&text, indent, "  ", ZshSpec(*spec, name), " \\\n");
    }
  }
  absl::StrAppend(&text, indent, "  '*:PATH:_files -/'\n");
  return text;
}

// What is offered behind the word of a subcommand.
std::string ZshSubcommand(const SubcommandSpec& spec) {
  std::string text = absl::StrCat("  ", Abseil(spec.word), ")\n");
  if (const auto words = Words(spec, Dash::kWithout); !words.empty()) {
    absl::StrAppend(&text,
                    "    if ((CURRENT == 3)) && [[ $PREFIX != -* ]]; then\n"
                    "      compadd - ",
                    absl::StrJoin(words, " "), "\n      return\n    fi\n");
  }
  if (const auto words = Words(spec, Dash::kWith); !words.empty()) {
    absl::StrAppend(&text, "    if [[ $PREFIX == -* ]]; then\n      compadd - ",
                    absl::StrJoin(words, " "), "\n      return\n    fi\n");
  }
  absl::StrAppend(&text, "    shift words\n    ((CURRENT--))\n",
                  ZshArguments(OptionsOf(spec), "    "),
                  "    return\n    ;;\n");
  return text;
}

std::string FishValue(const OptionSpec& spec) {
  if (spec.value_rule == ValueRule::kNone) return " -f";
  const absl::string_view need = spec.requires_value() ? " -x" : " -f";
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

// For single quotes, in which fish reads \' and \\.
std::string FishText(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}});
}

// The commands that take an option.
std::string FishTakers(const OptionSpec& option) {
  std::string takers;
  for (const OptionSpec& spec : AllOptions()) {
    if (&spec == &option) takers = " main";
  }
  for (const SubcommandSpec* spec : AvailableSubcommands()) {
    const OptionSet options = OptionsOf(*spec);
    if (std::find(options.begin(), options.end(), &option) != options.end()) {
      absl::StrAppend(&takers, " ", Abseil(spec->word));
    }
  }
  return takers;
}

std::string FishOption(const OptionSpec& spec) {
  std::string text =
      absl::StrCat("complete -c finder -n '__finder_in", FishTakers(spec), "'");
  for (const absl::string_view name : Names(spec)) {
    const bool is_long = absl::StartsWith(name, "--");
    absl::StrAppend(&text, is_long ? " -l " : " -s ",
                    name.substr(is_long ? 2 : 1));
  }
  absl::StrAppend(&text, FishValue(spec), " -d '",
                  FishText(Abseil(spec.summary())), "'\n");
  return text;
}

std::string FishSubcommand(const SubcommandSpec& spec) {
  const absl::string_view word = Abseil(spec.word);
  std::string text =
      absl::StrCat("complete -c finder -n '__finder_at 1' -a ", word, " -d '",
                   FishText(Abseil(spec.summary)), "'\n");
  for (const absl::string_view offer : Words(spec, Dash::kWithout)) {
    absl::StrAppend(&text, "complete -c finder -n '__finder_in ", word,
                    "; and __finder_at 2' -a ", offer, "\n");
  }
  for (const absl::string_view offer : Words(spec, Dash::kWith)) {
    // -L is a short option, -name an old-style one.
    absl::StrAppend(&text, "complete -c finder -n '__finder_in ", word, "' ",
                    offer.size() == 2 ? "-s " : "-o ", offer.substr(1), "\n");
  }
  return text;
}

constexpr absl::string_view kFishHead =
    R"(# Completion of finder for fish; written by //cmd:write_manual.

# Whether what is being completed belongs to one of these commands.
function __finder_in
    set -l before (commandline -opc)
    set -l command main
    if test (count $before) -gt 1; and contains -- $before[2] @WORDS@
        set command $before[2]
    end
    contains -- $command $argv
end

# Whether there are so many words before what is being completed.
function __finder_at
    test (count (commandline -opc)) -eq $argv[1]
end

complete -c finder -f -a '(__fish_complete_directories)'
)";

}  // namespace

std::string BashCompletion() {
  std::string text =
      absl::StrReplaceAll(kBashHead, {{"@WORDS@", SubcommandWords(" | ")}});
  for (const OptionSpec* spec : EveryOption()) {
    if (spec->value_rule == ValueRule::kNone) continue;
    absl::StrAppend(&text, "    ", absl::StrJoin(Names(*spec), " | "), ")\n");
    if (spec->value_rule == ValueRule::kOptional) {
      absl::StrAppend(&text, "      [[ $joined ]] && { ", BashAction(*spec),
                      "; return; }\n      ;;\n");
    } else {
      absl::StrAppend(&text, "      ", BashAction(*spec),
                      "\n      return\n      ;;\n");
    }
  }
  std::string options;
  std::string words =
      absl::StrCat("      /1) more='", SubcommandWords(" "), "' ;;\n");
  for (const SubcommandSpec* spec : AvailableSubcommands()) {
    std::vector<absl::string_view> offer = Spellings(OptionsOf(*spec));
    for (const absl::string_view word : Words(*spec, Dash::kWith)) {
      offer.push_back(word);
    }
    options += BashOffer(Abseil(spec->word), offer);
    const auto plain = Words(*spec, Dash::kWithout);
    if (plain.empty()) continue;
    absl::StrAppend(&words, "      ", Abseil(spec->word), "/2) more='",
                    absl::StrJoin(plain, " "), "' ;;\n");
  }
  options += BashOffer("*", Spellings(MainOptions()));
  absl::StrAppend(&text, "  esac\n  if [[ $cur == -* ]]; then\n",
                  "    case $word in\n", options, "    esac\n  else\n",
                  "    local more=\n    case $word/$COMP_CWORD in\n", words,
                  "    esac\n    _finder_files -d\n", "    COMPREPLY+=(",
                  "$(compgen -W \"$more\" -- \"$cur\"))\n  fi\n}\n\n",
                  "complete -F _finder finder\n");
  return text;
}

std::string ZshCompletion() {
  std::string text =
      "#compdef finder\n"
      "# Completion of finder for zsh; written by //cmd:write_manual.\n\n"
      "if ((CURRENT == 2)) && [[ $PREFIX != -* ]]; then\n"
      "  _alternative 'subcommands:subcommand:((";
  std::string cases;
  const char* separator = "";
  for (const SubcommandSpec* spec : AvailableSubcommands()) {
    absl::StrAppend(&text, separator, Abseil(spec->word), "\\:\"",
                    Abseil(spec->summary), "\"");
    separator = " ";
    cases += ZshSubcommand(*spec);
  }
  absl::StrAppend(&text, "))' \\\n    'roots:ROOT:_files -/'\n  return\nfi\n",
                  "case $words[2] in\n", cases, "esac\n",
                  ZshArguments(MainOptions(), ""));
  return text;
}

std::string FishCompletion() {
  std::string text =
      absl::StrReplaceAll(kFishHead, {{"@WORDS@", SubcommandWords(" ")}});
  for (const SubcommandSpec* spec : AvailableSubcommands()) {
    text += FishSubcommand(*spec);
  }
  for (const OptionSpec* spec : EveryOption()) text += FishOption(*spec);
  return text;
}

}  // namespace finder
