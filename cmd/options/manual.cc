#include "cmd/options/manual.h"

#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cmd/options/help.h"
#include "cmd/options/option_table.h"
#include "cmd/options/subcommand_table.h"
#include "cmd/version.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// `text` as roff that shows just these bytes.
std::string Roff(absl::string_view text) {
  std::string roff = absl::StrReplaceAll(text, {{"\\", "\\e"},
                                                {"-", "\\-"},
                                                {"'", "\\(aq"},
                                                {"`", "\\(ga"},
                                                {"^", "\\(ha"},
                                                {"~", "\\(ti"}});
  if (!roff.empty() && roff[0] == '.') roff.insert(0, "\\&");
  return roff;
}

// "\fB\-d\fR, \fB\-\-max\-depth\fR \fIN\fR"
std::string Tag(const OptionSpec& spec) {
  const std::vector<absl::string_view> names =
      absl::StrSplit(Abseil(spec.names), ',');
  std::string tag =
      absl::StrJoin(names, ", ", [](std::string* out, absl::string_view name) {
        absl::StrAppend(out, "\\fB", Roff(name), "\\fR");
      });
  const std::string value = "\\fI" + Roff(Abseil(spec.value_name)) + "\\fR";
  if (spec.requires_value()) tag += " " + value;
  if (spec.value_rule == ValueRule::kOptional) tag += "[=" + value + "]";
  return tag;
}

void AppendOption(const OptionSpec& spec, std::string& page) {
  absl::StrAppend(&page, ".TP\n", Tag(spec), "\n", Roff(Abseil(spec.help)),
                  "\n");
}

void AppendOptions(std::string& page) {
  page += ".SH OPTIONS\n";
  for (const OptionGroupTitle& group : OptionGroupTitles()) {
    absl::StrAppend(&page, ".SS ", Roff(Abseil(group.title)), "\n");
    for (const OptionSpec& spec : AllOptions()) {
      if (spec.group == group.group) AppendOption(spec, page);
    }
  }
}

// The title of a section of prose.
enum class Title { kSection, kParagraph };

void AppendTitle(absl::string_view text, Title title, std::string& page) {
  if (title == Title::kSection) {
    absl::StrAppend(&page, ".SH ", absl::AsciiStrToUpper(Roff(text)), "\n");
  } else {
    absl::StrAppend(&page, ".PP\n", Roff(text), ":\n");
  }
}

// Paragraphs are set as such; what is indented keeps its columns.
void AppendProse(std::string_view prose, Title title, std::string& page) {
  bool example = false;
  bool paragraph = false;
  const auto end_example = [&] {
    if (example) page += ".EE\n.RE\n";
    example = false;
  };
  for (absl::string_view line :
       absl::StrSplit(absl::StripAsciiWhitespace(Abseil(prose)), '\n')) {
    if (line.empty()) {
      end_example();
      paragraph = true;
    } else if (line[0] != ' ' && absl::ConsumeSuffix(&line, ":")) {
      end_example();
      paragraph = false;
      AppendTitle(line, title, page);
    } else if (absl::ConsumePrefix(&line, "  ")) {
      if (!example) page += ".RS 0\n.EX\n";
      example = true;
      absl::StrAppend(&page, Roff(line), "\n");
    } else {
      end_example();
      if (paragraph) page += ".PP\n";
      paragraph = false;
      absl::StrAppend(&page, Roff(line), "\n");
    }
  }
  end_example();
}

void AppendSubcommands(std::string& page) {
  page += ".SH SUBCOMMANDS\n";
  page += "As the first argument, these words are no directories; ";
  page += "those are reached as ./NAME.\n";
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (!spec.available()) continue;
    absl::StrAppend(&page, ".SS finder ", Roff(Abseil(spec.word)), " ",
                    Roff(Abseil(spec.synopsis)), "\n");
    AppendProse(spec.text, Title::kParagraph, page);
    for (const OptionSpec& own : spec.own_options) AppendOption(own, page);
    if (spec.options.empty()) continue;
    absl::StrAppend(&page, ".PP\nOf the options above it takes ",
                    Roff(absl::StrJoin(spec.options, ", ",
                                       [](std::string* out, auto name) {
                                         out->append(name);
                                       })),
                    ".\n");
  }
}

}  // namespace

std::string ManualPage() {
  std::string page = absl::StrCat(
      ".\\\" Written by //cmd:write_manual.\n"
      ".TH FINDER 1 \"\" \"finder ",
      Abseil(kVersion),
      "\" \"User Commands\"\n"
      ".SH NAME\n"
      "finder \\- list the files of large trees, fast from the second time\n"
      ".SH SYNOPSIS\n"
      ".B finder\n"
      "[\\fIOPTION\\fR...] [\\fIROOT\\fR...]\n"
      ".br\n"
      ".B finder\n"
      "\\fISUBCOMMAND\\fR [\\fIARGUMENT\\fR...]\n"
      ".SH DESCRIPTION\n");
  const std::string_view introduction = HelpIntroduction();
  AppendProse(introduction.substr(introduction.find("\n\n")), Title::kSection,
              page);
  AppendOptions(page);
  AppendSubcommands(page);
  page += ".SH REMARKS\n";
  AppendProse(HelpRemarks(), Title::kSection, page);
  page += ".SH SEE ALSO\n.BR find (1),\n.BR xargs (1)\n";
  return page;
}

}  // namespace finder
