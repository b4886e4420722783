#include "finder/answer/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "finder/answer/plan_decode.h"
#include "finder/fields/field.h"
#include "finder/fields/field_setting.h"
#include "finder/fields/smart_case.h"
#include "fs/path.h"

namespace finder {
namespace {

using Value = PlanDecoder::Value;

// Why no list can hold the text; empty if it can.
std::string Refusal(const Field& field, const std::string& text) {
  switch (field.rule) {
    case TextRule::kName:
      return text.find('/') == std::string::npos ? "" : "a name holds no '/'";
    case TextRule::kPath:
      return "";
    case TextRule::kSize:
    case TextRule::kTime:
    case TextRule::kTimeOrFile:
    case TextRule::kAny:
    case TextRule::kExtension:
    case TextRule::kGlob:
    case TextRule::kRegex:
      break;
  }
  return RefusalAlone(field, text);
}

class PlanReader {
 public:
  PlanReader(std::string_view text, std::string_view name)
      : json_(text, name) {}

  absl::StatusOr<Plan> Read();

 private:
  // A key that is no field of a view or a query. Its reader returns false and
  // leaves a status if it cannot; `key` is the whole key: "lists[3].output".
  struct OwnKey {
    std::string_view key;
    bool (*read)(PlanReader&, Value, const std::string& key, PlanList& list);
  };
  static const OwnKey kPlanKeys[];
  static const OwnKey kListKeys[];

  // Reads an object of own keys and of the fields of `owner`.
  bool ReadKeys(Value value, const std::string& prefix, FieldOwner owner,
                std::span<const OwnKey> own_keys, PlanList& list);
  bool ReadField(Value value, const std::string& key, const Field& field,
                 Query& query);
  bool ReadTexts(Value value, const std::string& key, const Field& field,
                 const FieldTarget& to);
  bool ReadTypes(Value value, const std::string& key, const Field& field,
                 const FieldTarget& to);
  bool ReadLists(Value value, const std::string& key);
  bool ReadList(Value value, const std::string& key);
  bool ReadTerminator(Value value, const std::string& key, Terminator& to);
  bool ReadOutput(Value value, const std::string& key, PlanOutput& to);

  bool CheckAts();

  PlanDecoder json_;
  Plan plan_;
  bool smart_case_ = false;  // of the list being read
  // Every "at", to be checked when the roots are known.
  std::vector<PlanOutput> ats_;
};

bool PlanReader::ReadTypes(Value value, const std::string& key,
                           const Field& field, const FieldTarget& to) {
  const char* const start = PlanDecoder::StartOf(value);
  std::vector<std::string> words;
  const auto check = [](const std::string& word) -> std::string {
    const bool known =
        word.size() == 1 && kTypeLetters.find(word) != std::string_view::npos;
    return known ? "" : "expected \"f\", \"d\" or \"l\"";
  };
  if (!json_.ReadStrings(value, key, check, words)) return false;
  if (words.empty()) return json_.Fail(start, key, "the array is empty");
  for (const std::string& word : words) {
    if (absl::Status status = SetField(field, word, to); !status.ok()) {
      return json_.Fail(start, key, std::string(status.message()));
    }
  }
  return true;
}

bool PlanReader::ReadTerminator(Value value, const std::string& key,
                                Terminator& to) {
  const char* const start = PlanDecoder::StartOf(value);
  std::string word;
  if (!json_.ReadText(value, key, word)) return false;
  if (word != "newline" && word != "nul") {
    return json_.Fail(start, key, "expected \"newline\" or \"nul\"");
  }
  to = word == "nul" ? Terminator::kNul : Terminator::kNewline;
  return true;
}

bool PlanReader::ReadOutput(Value value, const std::string& key,
                            PlanOutput& to) {
  const char* const start = PlanDecoder::StartOf(value);
  if (!json_.ReadText(value, key, to.path)) return false;
  to.place = json_.Place(start, key);
  return true;
}

bool PlanReader::ReadTexts(Value value, const std::string& key,
                           const Field& field, const FieldTarget& to) {
  const char* const start = PlanDecoder::StartOf(value);
  std::vector<std::string> texts;
  const auto check = [&field](const std::string& text) {
    return Refusal(field, text);
  };
  if (!json_.ReadStrings(value, key, check, texts)) return false;
  const bool is_paths = field.rule == TextRule::kPath;
  if (is_paths && texts.empty()) {
    return json_.Fail(start, key, "the array is empty");
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    AppendText(field, texts[i], to);
    if (field.id != FieldId::kAt) continue;
    ats_.push_back({to.query.at.back(),
                    json_.Place(start, fmt::format("{}[{}]", key, i))});
  }
  return true;
}

bool PlanReader::ReadField(Value value, const std::string& key,
                           const Field& field, Query& query) {
  const FieldTarget to = {plan_.view, query, smart_case_};
  switch (field.kind) {
    case FieldKind::kTexts:
      return ReadTexts(value, key, field, to);
    case FieldKind::kTypes:
      return ReadTypes(value, key, field, to);
    case FieldKind::kNumber: {
      uint64_t number = 0;
      if (!json_.ReadNumber(value, key, field.number.min, field.number.max,
                            number)) {
        return false;
      }
      field.number.set(query, number);
      return true;
    }
    case FieldKind::kFlag:
      break;
  }
  bool on = false;
  if (!json_.ReadBool(value, key, on)) return false;
  field.flag.set(to, on);
  return true;
}

bool PlanReader::CheckAts() {
  for (const PlanOutput& at : ats_) {
    const bool in_view = std::any_of(
        plan_.view.roots.begin(), plan_.view.roots.end(),
        [&at](const auto& root) { return IsAtOrBelow(at.path, root); });
    if (in_view) continue;
    return json_.FailAt(
        at.place,
        fmt::format("'{}' is not below a root as the plan gives it", at.path));
  }
  return true;
}

// `r` is the reader, `v` the value, `k` the key and `l` the list.
#define FINDER_READ(expression)                    \
  [](PlanReader& r, Value v, const std::string& k, \
     PlanList& l [[maybe_unused]]) { return expression; }

const PlanReader::OwnKey PlanReader::kPlanKeys[] = {
    {"lists", FINDER_READ(r.ReadLists(v, k))},
    {"depfile", FINDER_READ(r.ReadOutput(v, k, r.plan_.depfile.emplace()))},
};

const PlanReader::OwnKey PlanReader::kListKeys[] = {
    {"output", FINDER_READ(r.ReadOutput(v, k, l.output))},
    {"terminator", FINDER_READ(r.ReadTerminator(v, k, l.terminator))},
};

#undef FINDER_READ

bool PlanReader::ReadKeys(Value value, const std::string& prefix,
                          FieldOwner owner, std::span<const OwnKey> own_keys,
                          PlanList& list) {
  std::vector<std::string> seen;
  return json_.ReadObject(value, [&](const char* at, std::string_view key,
                                     Value key_value) {
    const std::string whole = prefix + std::string(key);
    const auto own =
        std::find_if(own_keys.begin(), own_keys.end(),
                     [key](const OwnKey& o) { return o.key == key; });
    const Field* const field = FindPlanField(owner, key);
    if (own == own_keys.end() && field == nullptr) {
      return json_.Fail(at, whole, "unknown key");
    }
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      return json_.Fail(at, whole, "the key is given twice");
    }
    seen.emplace_back(key);
    return field != nullptr ? ReadField(key_value, whole, *field, list.query)
                            : own->read(*this, key_value, whole, list);
  });
}

bool PlanReader::ReadList(Value value, const std::string& key) {
  if (!json_.IsA(value, PlanDecoder::Type::object, "an object", key)) {
    return false;
  }
  const char* const start = PlanDecoder::StartOf(value);
  PlanList list;
  smart_case_ = false;
  if (!ReadKeys(value, key + '.', FieldOwner::kQuery, kListKeys, list))
    return false;
  if (smart_case_ && list.query.case_rule == CaseRule::kIgnore) {
    return json_.Fail(start, key,
                      "ignoreCase and smartCase exclude each other");
  }
  if (smart_case_) list.query.case_rule = SmartCaseRule(list.query);
  if (list.output.path.empty()) {
    return json_.Fail(start, key, "the key \"output\" is missing");
  }
  if (list.query.min_depth.value_or(0) >
      list.query.max_depth.value_or(UINT32_MAX)) {
    return json_.Fail(start, key, "minDepth is more than maxDepth");
  }
  plan_.lists.push_back(std::move(list));
  return true;
}

bool PlanReader::ReadLists(Value value, const std::string& key) {
  return json_.ReadArray(
      value, "an array of objects", key, [&](size_t index, Value item) {
        return ReadList(item, fmt::format("{}[{}]", key, index));
      });
}

absl::StatusOr<Plan> PlanReader::Read() {
  PlanList every;  // what is left out of every list
  const bool read = json_.ReadDocument([&](Value value) {
    return ReadKeys(value, "", FieldOwner::kView, kPlanKeys, every);
  });
  if (!read) return json_.status();
  if (plan_.view.roots.empty()) plan_.view.roots.push_back(".");
  if (plan_.lists.empty()) {
    json_.Fail(json_.StartOfText(), "lists",
               "a plan needs at least one list with an output");
    return json_.status();
  }
  if (!CheckAts()) return json_.status();
  for (PlanList& list : plan_.lists) {
    list.query.exclude_globs = every.query.exclude_globs;
  }
  return std::move(plan_);
}

}  // namespace

absl::StatusOr<Plan> ParsePlan(std::string_view text, std::string_view name) {
  return PlanReader(text, name).Read();
}

}  // namespace finder
