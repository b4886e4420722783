// The actions of find(1).

#include "cmd/find/find_output.h"
#include "cmd/find/find_primary.h"

namespace finder {
namespace {

using Takes = Primary::Takes;
using Role = Primary::Role;

ParsedNode ParsePrint(PrimaryCall& call) {
  const char terminator = call.name == "-print0" ? '\0' : '\n';
  FindOutput& output = call.setup.output;
  return MakeNode({.acts = true}, [&output, terminator](Inquiry& inquiry) {
    if (inquiry.Act()) output.PrintPath(inquiry.entry().path(), terminator);
    return true;
  });
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

constexpr Primary kPrimaries[] = {
    {"-print", Role::kAction, Takes::kNothing, ParsePrint},
    {"-print0", Role::kAction, Takes::kNothing, ParsePrint},
    {"-prune", Role::kAction, Takes::kNothing, ParsePrune},
    {"-quit", Role::kAction, Takes::kNothing, ParseQuit},
};

}  // namespace

std::span<const Primary> ActionPrimaries() { return kPrimaries; }

}  // namespace finder
