#include "finder/answer/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "finder/answer/plan_decode.h"
#include "finder/query/smart_case.h"
#include "fs/path.h"

namespace finder {
namespace {

using Value = PlanDecoder::Value;

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

std::string CheckAnything(const std::string&) { return ""; }

std::string CheckName(const std::string& text) {
  return text.find('/') == std::string::npos ? "" : "a name holds no '/'";
}

template <std::vector<std::string> Query::*kField>
std::string CheckQuery(const std::string& text) {
  Query query;
  (query.*kField).push_back(text);
  return Text(CompiledQuery::Compile(query, View()).status());
}

template <std::vector<std::string> View::*kField>
std::string CheckView(const std::string& text) {
  View view;
  (view.*kField).push_back(text);
  return Text(ViewRules::Compile(view).status());
}

// Of the view and of all queries.
std::string CheckExclude(const std::string& text) {
  return CheckView<&View::exclude_dirs>(text);
}

class PlanReader {
 public:
  PlanReader(std::string_view text, std::string_view name)
      : json_(text, name) {}

  absl::StatusOr<Plan> Read();

 private:
  // How the value of a key is read. Each reader returns false and leaves a
  // status if it cannot; `key` is the whole key: "lists[3].names".
  struct Field {
    std::string_view key;
    bool (*read)(PlanReader&, Value, const std::string& key, PlanList& list);
  };
  static const Field kPlanFields[];
  static const Field kListFields[];

  bool ReadFields(Value value, const std::string& prefix,
                  std::span<const Field> fields, PlanList& list);
  bool ReadLists(Value value, const std::string& key);
  bool ReadList(Value value, const std::string& key);
  bool ReadTypes(Value value, const std::string& key, TypeSet& to);
  bool ReadTerminator(Value value, const std::string& key, Terminator& to);
  bool ReadOutput(Value value, const std::string& key, PlanOutput& to);
  bool ReadRoots(Value value, const std::string& key);
  bool ReadAt(Value value, const std::string& key, PlanList& list);

  bool CheckAts();

  PlanDecoder json_;
  Plan plan_;
  bool smart_case_ = false;  // of the list being read
  // What every list leaves out, beside the view.
  std::vector<std::string> exclude_;
  // Every "at", to be checked when the roots are known.
  std::vector<PlanOutput> ats_;
};

bool PlanReader::ReadTypes(Value value, const std::string& key, TypeSet& to) {
  const char* const start = PlanDecoder::StartOf(value);
  std::vector<std::string> words;
  const CheckText check = [](const std::string& word) -> std::string {
    const bool known = word == "f" || word == "d" || word == "l";
    return known ? "" : "expected \"f\", \"d\" or \"l\"";
  };
  if (!json_.ReadStrings(value, key, check, words)) return false;
  if (words.empty()) return json_.Fail(start, key, "the array is empty");
  for (const std::string& word : words) {
    to.files |= word == "f";
    to.directories |= word == "d";
    to.symlinks |= word == "l";
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

bool PlanReader::ReadRoots(Value value, const std::string& key) {
  const char* const start = PlanDecoder::StartOf(value);
  std::vector<std::string>& roots = plan_.view.roots;
  if (!json_.ReadStrings(value, key, CheckAnything, roots)) return false;
  if (roots.empty()) return json_.Fail(start, key, "the array is empty");
  for (std::string& root : roots) root = CleanPath(root);
  return true;
}

bool PlanReader::ReadAt(Value value, const std::string& key, PlanList& list) {
  const char* const start = PlanDecoder::StartOf(value);
  if (!json_.ReadStrings(value, key, CheckAnything, list.query.at))
    return false;
  if (list.query.at.empty())
    return json_.Fail(start, key, "the array is empty");
  for (size_t i = 0; i < list.query.at.size(); ++i) {
    list.query.at[i] = CleanPath(list.query.at[i]);
    ats_.push_back(
        {list.query.at[i], json_.Place(start, fmt::format("{}[{}]", key, i))});
  }
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

// The readers of both tables; `r` is the reader, `v` the value, `k` the key and
// `l` the list.
#define FINDER_READ(expression)                                     \
  [](PlanReader& r, Value v, const std::string& k [[maybe_unused]], \
     PlanList& l [[maybe_unused]]) { return expression; }
#define FINDER_STRINGS(check, to) \
  FINDER_READ(r.json_.ReadStrings(v, k, check, to))
// Reads true or false, and for true makes an assignment.
#define FINDER_FLAG(assignment)                    \
  [](PlanReader& r, Value v, const std::string& k, \
     PlanList& l [[maybe_unused]]) {               \
    bool on = false;                               \
    if (!r.json_.ReadBool(v, k, on)) return false; \
    if (on) (assignment);                          \
    return true;                                   \
  }

const PlanReader::Field PlanReader::kPlanFields[] = {
    {"roots", FINDER_READ(r.ReadRoots(v, k))},
    {"excludeDirs",
     FINDER_STRINGS(CheckView<&View::exclude_dirs>, r.plan_.view.exclude_dirs)},
    {"exclude", FINDER_STRINGS(CheckExclude, r.exclude_)},
    {"pruneFiles",
     FINDER_STRINGS(CheckView<&View::prune_files>, r.plan_.view.prune_files)},
    {"names", FINDER_STRINGS(CheckName, r.plan_.view.keep.names)},
    {"suffixes", FINDER_STRINGS(CheckName, r.plan_.view.keep.suffixes)},
    {"follow", FINDER_FLAG(r.plan_.view.links = LinkPolicy::kFollow)},
    {"oneFileSystem",
     FINDER_FLAG(r.plan_.view.boundary = Boundary::kOneFileSystem)},
    {"lists", FINDER_READ(r.ReadLists(v, k))},
    {"depfile", FINDER_READ(r.ReadOutput(v, k, r.plan_.depfile.emplace()))},
};

const PlanReader::Field PlanReader::kListFields[] = {
    {"output", FINDER_READ(r.ReadOutput(v, k, l.output))},
    {"names", FINDER_STRINGS(CheckName, l.query.names)},
    {"excludeNames", FINDER_STRINGS(CheckName, l.query.exclude_names)},
    {"suffixes", FINDER_STRINGS(CheckName, l.query.suffixes)},
    {"globs", FINDER_STRINGS(CheckQuery<&Query::globs>, l.query.globs)},
    {"regexes", FINDER_STRINGS(CheckQuery<&Query::regexes>, l.query.regexes)},
    {"extensions",
     FINDER_STRINGS(CheckQuery<&Query::extensions>, l.query.extensions)},
    {"ignoreCase", FINDER_FLAG(l.query.case_rule = CaseRule::kIgnore)},
    {"smartCase", FINDER_FLAG(r.smart_case_ = true)},
    {"types", FINDER_READ(r.ReadTypes(v, k, l.query.types))},
    {"at", FINDER_READ(r.ReadAt(v, k, l))},
    {"first", FINDER_FLAG(l.query.first = FirstRule::kFirstOnly)},
    {"minDepth", FINDER_READ(r.json_.ReadNumber(v, k, 0, l.query.min_depth))},
    {"maxDepth", FINDER_READ(r.json_.ReadNumber(v, k, 0, l.query.max_depth))},
    {"maxResults",
     FINDER_READ(r.json_.ReadNumber(v, k, 1, l.query.max_results))},
    {"terminator", FINDER_READ(r.ReadTerminator(v, k, l.terminator))},
};

#undef FINDER_FLAG
#undef FINDER_STRINGS
#undef FINDER_READ

bool PlanReader::ReadFields(Value value, const std::string& prefix,
                            std::span<const Field> fields, PlanList& list) {
  std::vector<const Field*> seen;
  return json_.ReadObject(
      value, [&](const char* at, std::string_view key, Value field_value) {
        const std::string whole = prefix + std::string(key);
        const auto field =
            std::find_if(fields.begin(), fields.end(),
                         [key](const Field& f) { return f.key == key; });
        if (field == fields.end()) return json_.Fail(at, whole, "unknown key");
        if (std::find(seen.begin(), seen.end(), &*field) != seen.end()) {
          return json_.Fail(at, whole, "the key is given twice");
        }
        seen.push_back(&*field);
        return field->read(*this, field_value, whole, list);
      });
}

bool PlanReader::ReadList(Value value, const std::string& key) {
  if (!json_.IsA(value, PlanDecoder::Type::object, "an object", key)) {
    return false;
  }
  const char* const start = PlanDecoder::StartOf(value);
  PlanList list;
  smart_case_ = false;
  if (!ReadFields(value, key + '.', kListFields, list)) return false;
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
  const bool read = json_.ReadDocument([this](Value value) {
    PlanList none;
    return ReadFields(value, "", kPlanFields, none);
  });
  if (!read) return json_.status();
  if (plan_.view.roots.empty()) plan_.view.roots.push_back(".");
  if (plan_.lists.empty()) {
    json_.Fail(json_.StartOfText(), "lists",
               "a plan needs at least one list with an output");
    return json_.status();
  }
  if (!CheckAts()) return json_.status();
  for (const std::string& text : exclude_) {
    plan_.view.exclude_dirs.push_back(text);
    for (PlanList& list : plan_.lists) {
      list.query.exclude_globs.push_back(text);
    }
  }
  return std::move(plan_);
}

}  // namespace

absl::StatusOr<Plan> ParsePlan(std::string_view text, std::string_view name) {
  return PlanReader(text, name).Read();
}

}  // namespace finder
