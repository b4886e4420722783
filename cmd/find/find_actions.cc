// The actions of find(1) that do something else than print.

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/actions/action_target.h"
#include "cmd/actions/command_template.h"
#include "cmd/actions/deletion.h"
#include "cmd/actions/execution.h"
#include "cmd/find/find_primary.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

using Takes = Primary::Takes;
using Role = Primary::Role;

ActionTarget TargetOf(Inquiry& inquiry, const FindOptions& options) {
  const KnownEntry& known = inquiry.entry().known();
  return {.path = inquiry.entry().path(),
          .start = known.start,
          .depth = known.depth,
          .kind = known.kind,
          .links_below = options.links == FollowedLinks::kAll
                             ? SymlinkPolicy::kFollow
                             : SymlinkPolicy::kNoFollow};
}

ParsedNode ParsePrune(PrimaryCall&) {
  return MakeNode({.prunes = true}, [](Inquiry& inquiry) {
    inquiry.Prune();
    return true;
  });
}

ParsedNode ParseQuit(PrimaryCall&) {
  return MakeNode({.acts = true, .quits = true}, [](Inquiry& inquiry) {
    inquiry.Quit();
    return true;
  });
}

ParsedNode ParseDelete(PrimaryCall& call) {
  FindSetup& setup = call.setup;
  setup.options.order = VisitOrder::kContentsFirst;
  setup.contents_first_by = call.name;
  return MakeNode(
      {.has_effect = true, .acts = true}, [&setup](Inquiry& inquiry) {
        if (!inquiry.Act()) return true;
        const auto gone = setup.options.vanished == VanishedFiles::kPassedOver
                              ? Deletion::Gone::kIsFine
                              : Deletion::Gone::kIsProblem;
        return setup.deletion.Delete(TargetOf(inquiry, setup.options), gone);
      });
}

ParsedNode ParseExecution(PrimaryCall& call) {
  FindSetup& setup = call.setup;
  if (setup.program.children == nullptr) {
    return FindError(absl::StrCat(call.name, ": no command can be run here"));
  }
  absl::StatusOr<ParsedCommand> parsed =
      ParseCommand(call.name, call.words.rest());
  if (!parsed.ok()) return FindError(Std(parsed.status().message()));
  call.words.Skip(parsed->words_taken);
  if (parsed->command.place == CommandTemplate::Place::kInDirectory) {
    const std::optional<std::string> danger =
        DangerOfPath(setup.program.variables.path.value_or("/bin:/usr/bin"));
    if (danger) return FindError(absl::StrCat(call.name, ": ", *danger));
  }
  Execution& execution =
      *setup.executions.emplace_back(std::make_unique<Execution>(
          std::move(parsed->command),
          ExecutionWorld{setup.program.children, setup.program.files,
                         setup.program.in, setup.program.err, &setup.messages,
                         [&setup] { setup.files.Flush(); }}));
  return MakeNode({.has_effect = true, .acts = true},
                  [&setup, &execution](Inquiry& inquiry) {
                    if (!inquiry.Act()) return true;
                    return execution.Take(TargetOf(inquiry, setup.options));
                  });
}

constexpr Primary kPrimaries[] = {
    {"-prune", Role::kAction, Takes::kNothing, ParsePrune},
    {"-quit", Role::kAction, Takes::kNothing, ParseQuit},
    {"-delete", Role::kAction, Takes::kNothing, ParseDelete},
    {"-exec", Role::kAction, Takes::kNothing, ParseExecution},
    {"-execdir", Role::kAction, Takes::kNothing, ParseExecution},
    {"-ok", Role::kAction, Takes::kNothing, ParseExecution},
    {"-okdir", Role::kAction, Takes::kNothing, ParseExecution},
};

}  // namespace

std::span<const Primary> ActionPrimaries() { return kPrimaries; }

}  // namespace finder
