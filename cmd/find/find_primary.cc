#include "cmd/find/find_primary.h"

#include "absl/strings/str_cat.h"
#include "finder/expression/path_expression.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

FileTime FromNs(int64_t ns) {
  return {ns / kNsPerSecond, static_cast<int32_t>(ns % kNsPerSecond)};
}

const Primary* FindIn(std::span<const Primary> primaries,
                      std::string_view name) {
  for (const Primary& primary : primaries) {
    if (primary.name == name) return &primary;
  }
  return nullptr;
}

constexpr Primary kNewerXY = {.name = "-newerXY",
                              .role = Primary::Role::kTest,
                              .takes = Primary::Takes::kValue,
                              .parse = ParseNewerXY};

}  // namespace

FindSetup::FindSetup(Program& its_program)
    : program(its_program),
      output(*program.out),
      now(FromNs(program.clock->RealtimeNs())),
      day_end(now),
      regex_syntax(*RegexSyntax("emacs")),
      messages(*program.err),
      files(program.output_files, output, *program.err),
      deletion(*program.files, messages),
      list_lines(now, program.variables.posixly_correct ? 512 : 1024,
                 printed_names()) {}

const Primary* FindPrimary(std::string_view name) {
  for (const auto primaries :
       {NamePrimaries(), FilePrimaries(), TimePrimaries(), OptionPrimaries(),
        ActionPrimaries(), PrintingPrimaries()}) {
    if (const Primary* found = FindIn(primaries, name)) return found;
  }
  constexpr std::string_view kNewer = "-newer";
  if (name.starts_with(kNewer) && name.size() == kNewer.size() + 2) {
    return &kNewerXY;
  }
  return nullptr;
}

absl::Status FindError(std::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat("find: ", Abseil(message)));
}

absl::Status BadValue(const PrimaryCall& call, std::string_view reason) {
  return FindError(
      absl::StrCat(call.name, " '", call.value, "': ", Abseil(reason)));
}

absl::StatusOr<FileDetails> DetailsOfReference(const std::string& path,
                                               const FindSetup& setup) {
  FileSystem& files = *setup.program.files;
  const Result<FileDetails> details =
      setup.options.links == FollowedLinks::kNone
          ? files.Details({}, path, SymlinkPolicy::kNoFollow)
          : FollowedDetails(files, path);
  if (details.ok()) return details.value();
  return FindError(absl::StrCat(path, ": ", details.error().Message()));
}

}  // namespace finder
