#include "finder/results/result_key.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace finder {
namespace {

constexpr size_t kKeyDigits = 48;
constexpr size_t kSaltDigits = 32;

// Changed when the key is made of other things, so that older results are not
// found by it.
constexpr std::string_view kResultDomain = "finder result 1";
constexpr std::string_view kDiscoveredDomain = "finder discovered 1";
constexpr std::string_view kCommandDomain = "finder command 1";

ResultKey KeyOf(ContentHasher hasher) {
  return ResultKey{hasher.Finish().Hex().substr(0, kKeyDigits)};
}

// What counts of an input.
RecordedInput Recorded(const KeyInput& input, InputBy by) {
  RecordedInput recorded;
  recorded.path = input.path;
  recorded.kind = input.fact.kind;
  if (by == InputBy::kName) {
    // That it is there or not.
    if (recorded.kind != FileKind::kAbsent) recorded.kind = FileKind::kOther;
    return recorded;
  }
  recorded.executable = input.fact.executable;
  recorded.hash = input.fact.hash;
  // So that an explanation sees that it counts by another thing.
  if (by == InputBy::kStamp)
    recorded.hash = HashOf("stamp" + recorded.hash.Hex());
  return recorded;
}

auto Order(const RecordedInput& input) {
  return std::tie(input.path, input.kind, input.executable, input.hash);
}

bool IsBefore(const RecordedInput& a, const RecordedInput& b) {
  return Order(a) < Order(b);
}

void SortOnce(std::vector<RecordedInput>& inputs) {
  std::sort(inputs.begin(), inputs.end(), IsBefore);
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
}

std::vector<RecordedInput> Recorded(const std::vector<KeyInput>& inputs,
                                    InputBy by) {
  std::vector<RecordedInput> recorded;
  recorded.reserve(inputs.size());
  for (const KeyInput& input : inputs) recorded.push_back(Recorded(input, by));
  SortOnce(recorded);
  return recorded;
}

void AddInputs(const std::vector<RecordedInput>& inputs,
               ContentHasher& hasher) {
  hasher.AddNumber(inputs.size());
  for (const RecordedInput& input : inputs) {
    hasher.AddField(input.path);
    hasher.AddNumber(static_cast<uint64_t>(input.kind));
    hasher.AddNumber(input.executable ? 1 : 0);
    hasher.Add(
        std::string_view(reinterpret_cast<const char*>(input.hash.bytes.data()),
                         input.hash.bytes.size()));
  }
}

void AddStrings(const std::vector<std::string>& strings,
                ContentHasher& hasher) {
  hasher.AddNumber(strings.size());
  for (const std::string& string : strings) hasher.AddField(string);
}

std::vector<KeyVariable> Sorted(std::vector<KeyVariable> variables) {
  std::sort(variables.begin(), variables.end(),
            [](const KeyVariable& a, const KeyVariable& b) {
              return std::tie(a.name, a.value) < std::tie(b.name, b.value);
            });
  return variables;
}

ContentHash Salted(std::string_view salt, std::string_view name,
                   std::string_view value) {
  ContentHasher hasher;
  hasher.AddField(salt);
  hasher.AddField(name);
  hasher.AddField(value);
  return hasher.Finish();
}

// A name that no variable has, for --salt.
constexpr std::string_view kUserSaltName = "=";

std::optional<ContentHash> SaltedVariable(std::string_view salt,
                                          const KeyVariable& variable) {
  if (!variable.value) return std::nullopt;
  return Salted(salt, variable.name, *variable.value);
}

std::optional<ContentHash> SaltedUserSalt(std::string_view salt,
                                          std::string_view user_salt) {
  if (user_salt.empty()) return std::nullopt;
  return Salted(salt, kUserSaltName, user_salt);
}

// Everything that counts, of all sets, by path.
using ByPath = std::map<std::string_view, std::vector<RecordedInput>>;

ByPath GroupByPath(const std::vector<RecordedSet>& sets) {
  ByPath grouped;
  for (const RecordedSet& set : sets) {
    for (const RecordedInput& input : set.inputs) {
      grouped[input.path].push_back(input);
    }
  }
  for (auto& [path, inputs] : grouped) SortOnce(inputs);
  return grouped;
}

// One that was looked for and not found is as good as none.
bool IsThere(const std::vector<RecordedInput>& inputs) {
  return std::any_of(inputs.begin(), inputs.end(),
                     [](const RecordedInput& input) {
                       return input.kind != FileKind::kAbsent;
                     });
}

void ExplainInputs(const std::vector<RecordedSet>& before,
                   const std::vector<RecordedSet>& now,
                   std::vector<std::string>& lines) {
  const ByPath then_inputs = GroupByPath(before);
  const ByPath now_inputs = GroupByPath(now);
  ByPath all = then_inputs;
  all.insert(now_inputs.begin(), now_inputs.end());
  for (const auto& [path, inputs] : all) {
    const auto then = then_inputs.find(path);
    const auto is = now_inputs.find(path);
    const bool was_there = then != then_inputs.end() && IsThere(then->second);
    const bool is_there = is != now_inputs.end() && IsThere(is->second);
    std::string_view verb;
    if (was_there && is_there && then->second != is->second) verb = "changed ";
    if (!was_there && is_there) verb = "came ";
    if (was_there && !is_there) verb = "gone ";
    if (!verb.empty()) lines.push_back(std::string(verb) + std::string(path));
  }
}

void ExplainVariables(const RecordedIngredients& before,
                      const KeyIngredients& now,
                      std::vector<std::string>& lines) {
  std::map<std::string_view, std::string_view> differing;
  std::map<std::string_view, std::optional<ContentHash>> then;
  for (const RecordedVariable& variable : before.variables) {
    then[variable.name] = variable.salted_hash;
    differing[variable.name] = " no longer counts";
  }
  for (const KeyVariable& variable : now.variables) {
    const auto was = then.find(variable.name);
    if (was == then.end()) {
      differing[variable.name] = " counts now";
    } else if (was->second == SaltedVariable(before.salt, variable)) {
      differing.erase(variable.name);
    } else if (!was->second) {
      differing[variable.name] = " came";
    } else {
      differing[variable.name] = variable.value ? " changed" : " gone";
    }
  }
  for (const auto& [name, how] : differing) {
    lines.push_back("env " + std::string(name) + std::string(how));
  }
}

}  // namespace

std::optional<ResultKey> ParseResultKey(std::string_view text) {
  if (text.size() != kKeyDigits ||
      text.find_first_not_of("0123456789abcdef") != text.npos) {
    return std::nullopt;
  }
  return ResultKey{std::string(text)};
}

ResultKey MakeResultKey(const KeyIngredients& ingredients) {
  ContentHasher hasher;
  hasher.AddField(kResultDomain);
  AddStrings(ingredients.arguments, hasher);
  hasher.AddNumber(ingredients.relocatable ? 1 : 0);
  hasher.AddField(ingredients.directory);
  hasher.AddField(ingredients.executable_hash.Hex());
  // How the inputs are divided into sets does not matter to the command.
  for (const InputBy by :
       {InputBy::kContents, InputBy::kStamp, InputBy::kName}) {
    std::vector<RecordedInput> inputs;
    for (const KeySet& set : ingredients.sets) {
      if (set.by != by) continue;
      for (const KeyInput& input : set.inputs) {
        inputs.push_back(Recorded(input, by));
      }
    }
    SortOnce(inputs);
    AddInputs(inputs, hasher);
  }
  hasher.AddNumber(ingredients.variables.size());
  for (const KeyVariable& variable : Sorted(ingredients.variables)) {
    hasher.AddField(variable.name);
    hasher.AddNumber(variable.value ? 1 : 0);
    hasher.AddField(variable.value.value_or(""));
  }
  hasher.AddNumber(ingredients.umask);
  hasher.AddField(ingredients.salt);
  AddStrings(ingredients.options, hasher);
  return KeyOf(std::move(hasher));
}

ResultKey WithDiscovered(const ResultKey& first,
                         const std::vector<KeyInput>& discovered) {
  ContentHasher hasher;
  hasher.AddField(kDiscoveredDomain);
  hasher.AddField(first.digits);
  AddInputs(Recorded(discovered, InputBy::kContents), hasher);
  return KeyOf(std::move(hasher));
}

ResultKey CommandKey(const KeyIngredients& ingredients) {
  ContentHasher hasher;
  hasher.AddField(kCommandDomain);
  AddStrings(ingredients.arguments, hasher);
  hasher.AddNumber(ingredients.relocatable ? 1 : 0);
  hasher.AddField(ingredients.directory);
  return KeyOf(std::move(hasher));
}

RecordedIngredients RecordIngredients(const KeyIngredients& ingredients,
                                      const std::vector<KeyInput>& discovered,
                                      int64_t started_ns) {
  RecordedIngredients recorded;
  // No secret, but another one for each record, so that equal values cannot be
  // told from their hashes.
  ContentHasher salt;
  salt.AddField(MakeResultKey(ingredients).digits);
  salt.AddNumber(static_cast<uint64_t>(started_ns));
  recorded.salt = salt.Finish().Hex().substr(0, kSaltDigits);
  recorded.executable = ingredients.executable;
  recorded.executable_hash = ingredients.executable_hash;
  recorded.umask = ingredients.umask;
  recorded.user_salt = SaltedUserSalt(recorded.salt, ingredients.salt);
  recorded.options = ingredients.options;
  for (const KeySet& set : ingredients.sets) {
    recorded.sets.push_back({set.name, Recorded(set.inputs, set.by)});
  }
  if (!discovered.empty()) {
    recorded.sets.push_back({std::string(kDiscoveredSetName),
                             Recorded(discovered, InputBy::kContents)});
  }
  for (const KeyVariable& variable : Sorted(ingredients.variables)) {
    recorded.variables.push_back(
        {variable.name, SaltedVariable(recorded.salt, variable)});
  }
  return recorded;
}

std::vector<std::string> ExplainDifference(
    const RecordedIngredients& before, const KeyIngredients& now,
    const std::vector<KeyInput>& discovered) {
  std::vector<std::string> lines;
  if (before.executable_hash != now.executable_hash) {
    lines.push_back("changed " + now.executable);
  }
  if (before.umask != now.umask) lines.push_back("umask changed");
  if (before.user_salt != SaltedUserSalt(before.salt, now.salt)) {
    lines.push_back("salt changed");
  }
  if (before.options != now.options) lines.push_back("options changed");
  ExplainVariables(before, now, lines);
  ExplainInputs(before.sets, RecordIngredients(now, discovered, 0).sets, lines);
  return lines;
}

}  // namespace finder
