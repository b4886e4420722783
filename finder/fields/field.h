// Every field of a view and of a query in one table: what it is called by the
// command line, by plans and by the keys of kept answers, which values it takes
// and where they lie. Options, plans, `finder why`, the language of find and
// the keys are made from it.
//
// A new field is a member of View or Query, an id here, and a row in
// finder/fields/field.cc; an option for it is a row in
// cmd/options/option_table.cc under the same name.
//
// Not here: what a value means (finder/view/, finder/query/), and how it is
// read from text (finder/fields/field_setting.h).
//
// Pure constants; any thread.
#ifndef FINDER_FINDER_FIELDS_FIELD_H_
#define FINDER_FINDER_FIELDS_FIELD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "finder/query/query.h"
#include "finder/view/view.h"

namespace finder {

// In the order of the table, which is the order in the keys of kept answers.
enum class FieldId : uint8_t {
  kRoots,
  kExcludeDirs,
  kPruneFiles,
  kNames,
  kSuffixes,
  kFollow,
  kOneFileSystem,
  kName,
  kNotName,
  kExclude,
  kSuffix,
  kGlob,
  kRegex,
  kExtension,
  kIgnoreCase,
  kSmartCase,
  kType,
  kAt,
  kFirst,
  kMinDepth,
  kMaxDepth,
  kMaxResults,
  kIgnoreFiles,
  kSize,
  kNewer,
  kChangedWithin,
  kChangedBefore,
  kTracked,
};

// Who asks for it: the view once, or each query.
enum class FieldOwner : uint8_t { kView, kQuery };

enum class FieldKind : uint8_t {
  kFlag,
  kNumber,
  kTexts,  // a list
  kTypes,  // a TypeSet
};

// What one text of a list is.
enum class TextRule : uint8_t {
  kAny,         // finder/view/ or finder/query/ say what is wrong with it
  kName,        // holds no '/'
  kExtension,   // likewise; a dot in front means nothing
  kGlob,        // of printed paths, or of names
  kRegex,       // of printed paths
  kPath,        // as printed, and cleaned
  kSize,        // finder/inode/size_text.h
  kTime,        // finder/inode/time_text.h
  kTimeOrFile,  // likewise, or the path of a file
};

// Whether such a text is asked of the entries themselves, and all texts must
// hold.
constexpr bool IsAskedOfInodes(TextRule rule) {
  return rule == TextRule::kSize || rule == TextRule::kTime ||
         rule == TextRule::kTimeOrFile;
}

// How several texts stand in one value of a command line.
enum class Separator : uint8_t {
  kNone,            // there is one
  kComma,           // "a,b"
  kCommaAfterGlob,  // the same, but not for commas in {}, [] or after '\'
};

// What values are put into.
struct FieldTarget {
  View& view;
  Query& query;
  // Is to decide on query.case_rule when all is read; see SmartCaseRule.
  bool& smart_case;
};

// Where the lists of a field lie; the others are null. A value goes to all of
// them.
struct TextLists {
  std::vector<std::string> View::*of_view = nullptr;
  std::vector<std::string> KeepRules::*of_keep = nullptr;
  std::vector<std::string> Query::*of_query = nullptr;
};

struct FlagAccess {
  // Null for what is not kept as such.
  bool (*get)(const View& view, const Query& query) = nullptr;
  void (*set)(const FieldTarget& to, bool on) = nullptr;
};

struct NumberAccess {
  uint64_t min = 0;
  uint64_t max = 0;
  std::optional<uint64_t> (*get)(const Query& query) = nullptr;
  void (*set)(Query& to, uint64_t number) = nullptr;
};

struct Field {
  FieldId id;
  // Its own alone. That of the long option without the dashes, if there is one.
  std::string_view name;
  std::string_view plan_key;  // of the plan, or of a list in it
  FieldOwner owner;
  FieldKind kind;
  // How people are told of it; empty: as the option.
  std::string_view words = {};
  // What stands for it in keys on the disk; empty: the name.
  std::string_view key = {};
  // Whether keys know of it only where it is set, so that those that were made
  // before there was such a field still hold.
  bool in_keys_if_set = false;
  // Whether the case rule of the query is about it.
  bool goes_by_case = false;

  // By `kind`:
  FlagAccess flag = {};
  NumberAccess number = {};
  TextRule rule = TextRule::kAny;
  Separator separator = Separator::kNone;
  TextLists texts = {};

  bool is_option() const { return words.empty(); }
  std::string_view on_disk() const { return key.empty() ? name : key; }
  // "--max-depth", or its words.
  std::string Label() const;
};

std::span<const Field> AllFields();
const Field& GetField(FieldId id);

// Null if there is none of that name.
const Field* FindField(std::string_view name);
const Field* FindPlanField(FieldOwner owner, std::string_view plan_key);

// The list of a field of kind kTexts. If it has two, that of the query.
const std::vector<std::string>& Texts(const Field& field, const View& view,
                                      const Query& query);

// The types of a TypeSet.
inline constexpr std::string_view kTypeLetters = "fdl";

// Those of them that are in the set: "fl".
std::string TypeLetters(const TypeSet& types);

}  // namespace finder

#endif  // FINDER_FINDER_FIELDS_FIELD_H_
