#include "finder/fields/field.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>

namespace finder {
namespace {

constexpr FieldOwner kView = FieldOwner::kView;
constexpr FieldOwner kQuery = FieldOwner::kQuery;

// A member that is `kOn` or `kOff`.
template <auto kMember, auto kOn, auto kOff>
constexpr FlagAccess FlagOfView() {
  return {.get = [](const View& view,
                    const Query&) { return view.*kMember == kOn; },
          .set = [](const FieldTarget& to,
                    bool on) { to.view.*kMember = on ? kOn : kOff; }};
}
template <auto kMember, auto kOn, auto kOff>
constexpr FlagAccess FlagOfQuery() {
  return {.get = [](const View&,
                    const Query& query) { return query.*kMember == kOn; },
          .set = [](const FieldTarget& to,
                    bool on) { to.query.*kMember = on ? kOn : kOff; }};
}

template <typename T, std::optional<T> Query::*kMember>
constexpr NumberAccess NumberOfQuery(uint64_t min) {
  return {.min = min,
          .max = std::numeric_limits<T>::max(),
          .get = [](const Query& query) -> std::optional<uint64_t> {
            return query.*kMember;
          },
          .set = [](Query& to,
                    uint64_t number) { to.*kMember = static_cast<T>(number); }};
}

constexpr Field kFields[] = {
    {.id = FieldId::kRoots,
     .name = "roots",
     .plan_key = "roots",
     .owner = kView,
     .kind = FieldKind::kTexts,
     .words = "ROOT",
     .rule = TextRule::kPath,
     .texts = {.of_view = &View::roots}},
    {.id = FieldId::kExcludeDirs,
     .name = "exclude-dirs",
     .plan_key = "excludeDirs",
     .owner = kView,
     .kind = FieldKind::kTexts,
     .separator = Separator::kCommaAfterGlob,
     .texts = {.of_view = &View::exclude_dirs}},
    {.id = FieldId::kPruneFiles,
     .name = "prune-files",
     .plan_key = "pruneFiles",
     .owner = kView,
     .kind = FieldKind::kTexts,
     .separator = Separator::kComma,
     .texts = {.of_view = &View::prune_files}},
    {.id = FieldId::kNames,
     .name = "names",
     .plan_key = "names",
     .owner = kView,
     .kind = FieldKind::kTexts,
     .rule = TextRule::kName,
     .separator = Separator::kComma,
     .texts = {.of_keep = &KeepRules::names}},
    {.id = FieldId::kSuffixes,
     .name = "suffixes",
     .plan_key = "suffixes",
     .owner = kView,
     .kind = FieldKind::kTexts,
     .rule = TextRule::kName,
     .separator = Separator::kComma,
     .texts = {.of_keep = &KeepRules::suffixes}},
    {.id = FieldId::kFollow,
     .name = "follow",
     .plan_key = "follow",
     .owner = kView,
     .kind = FieldKind::kFlag,
     .flag = FlagOfView<&View::links, LinkPolicy::kFollow,
                        LinkPolicy::kNoFollow>()},
    {.id = FieldId::kOneFileSystem,
     .name = "one-file-system",
     .plan_key = "oneFileSystem",
     .owner = kView,
     .kind = FieldKind::kFlag,
     .key = "one",
     .flag = FlagOfView<&View::boundary, Boundary::kOneFileSystem,
                        Boundary::kCross>()},

    {.id = FieldId::kName,
     .name = "name",
     .plan_key = "names",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .words = "name",
     .goes_by_case = true,
     .rule = TextRule::kName,
     .separator = Separator::kComma,
     .texts = {.of_query = &Query::names}},
    {.id = FieldId::kNotName,
     .name = "not-name",
     .plan_key = "excludeNames",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .words = "excluded name",
     .goes_by_case = true,
     .rule = TextRule::kName,
     .separator = Separator::kComma,
     .texts = {.of_query = &Query::exclude_names}},
    // Directories are left out by the view, files by every query.
    {.id = FieldId::kExclude,
     .name = "exclude",
     .plan_key = "exclude",
     .owner = kView,
     .kind = FieldKind::kTexts,
     .texts = {.of_view = &View::exclude_dirs,
               .of_query = &Query::exclude_globs}},
    {.id = FieldId::kSuffix,
     .name = "suffix",
     .plan_key = "suffixes",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .words = "suffix",
     .goes_by_case = true,
     .rule = TextRule::kName,
     .separator = Separator::kComma,
     .texts = {.of_query = &Query::suffixes}},
    {.id = FieldId::kGlob,
     .name = "glob",
     .plan_key = "globs",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .goes_by_case = true,
     .rule = TextRule::kGlob,
     .texts = {.of_query = &Query::globs}},
    {.id = FieldId::kRegex,
     .name = "regex",
     .plan_key = "regexes",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .goes_by_case = true,
     .rule = TextRule::kRegex,
     .texts = {.of_query = &Query::regexes}},
    {.id = FieldId::kExtension,
     .name = "extension",
     .plan_key = "extensions",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .goes_by_case = true,
     .rule = TextRule::kExtension,
     .separator = Separator::kComma,
     .texts = {.of_query = &Query::extensions}},
    {.id = FieldId::kIgnoreCase,
     .name = "ignore-case",
     .plan_key = "ignoreCase",
     .owner = kQuery,
     .kind = FieldKind::kFlag,
     .flag = FlagOfQuery<&Query::case_rule, CaseRule::kIgnore,
                         CaseRule::kSensitive>()},
    {.id = FieldId::kSmartCase,
     .name = "smart-case",
     .plan_key = "smartCase",
     .owner = kQuery,
     .kind = FieldKind::kFlag,
     .flag = {.set = [](const FieldTarget& to,
                        bool on) { to.smart_case = on; }}},
    {.id = FieldId::kType,
     .name = "type",
     .plan_key = "types",
     .owner = kQuery,
     .kind = FieldKind::kTypes,
     .separator = Separator::kComma},
    {.id = FieldId::kAt,
     .name = "at",
     .plan_key = "at",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .rule = TextRule::kPath,
     .texts = {.of_query = &Query::at}},
    {.id = FieldId::kFirst,
     .name = "first",
     .plan_key = "first",
     .owner = kQuery,
     .kind = FieldKind::kFlag,
     .flag =
         FlagOfQuery<&Query::first, FirstRule::kFirstOnly, FirstRule::kAll>()},
    {.id = FieldId::kMinDepth,
     .name = "min-depth",
     .plan_key = "minDepth",
     .owner = kQuery,
     .kind = FieldKind::kNumber,
     .number = NumberOfQuery<uint32_t, &Query::min_depth>(0)},
    {.id = FieldId::kMaxDepth,
     .name = "max-depth",
     .plan_key = "maxDepth",
     .owner = kQuery,
     .kind = FieldKind::kNumber,
     .number = NumberOfQuery<uint32_t, &Query::max_depth>(0)},
    {.id = FieldId::kMaxResults,
     .name = "max-results",
     .plan_key = "maxResults",
     .owner = kQuery,
     .kind = FieldKind::kNumber,
     .number = NumberOfQuery<uint64_t, &Query::max_results>(1)},
    {.id = FieldId::kIgnoreFiles,
     .name = "ignore-files",
     .plan_key = "ignoreFiles",
     .owner = kView,
     .kind = FieldKind::kFlag,
     .in_keys_if_set = true,
     .flag = FlagOfView<&View::ignore_files, IgnoreFileUse::kApplied,
                        IgnoreFileUse::kNone>()},
    {.id = FieldId::kSize,
     .name = "size",
     .plan_key = "sizes",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .rule = TextRule::kSize,
     .texts = {.of_query = &Query::sizes}},
    {.id = FieldId::kNewer,
     .name = "newer",
     .plan_key = "newer",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .rule = TextRule::kTimeOrFile,
     .texts = {.of_query = &Query::newer}},
    {.id = FieldId::kChangedWithin,
     .name = "changed-within",
     .plan_key = "changedWithin",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .rule = TextRule::kTime,
     .texts = {.of_query = &Query::changed_within}},
    {.id = FieldId::kChangedBefore,
     .name = "changed-before",
     .plan_key = "changedBefore",
     .owner = kQuery,
     .kind = FieldKind::kTexts,
     .rule = TextRule::kTime,
     .texts = {.of_query = &Query::changed_before}},
    {.id = FieldId::kTracked,
     .name = "tracked",
     .plan_key = "tracked",
     .owner = kQuery,
     .kind = FieldKind::kFlag,
     .flag = FlagOfQuery<&Query::tracked, true, false>()},
};

consteval bool IsInOrderOfIds() {
  for (size_t i = 0; i < std::size(kFields); ++i) {
    if (static_cast<size_t>(kFields[i].id) != i) return false;
  }
  return true;
}
static_assert(IsInOrderOfIds());
static_assert(std::size(kFields) == static_cast<size_t>(FieldId::kTracked) + 1);

}  // namespace

std::string Field::Label() const {
  return is_option() ? "--" + std::string(name) : std::string(words);
}

std::span<const Field> AllFields() { return kFields; }

const Field& GetField(FieldId id) { return kFields[static_cast<size_t>(id)]; }

const Field* FindField(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kFields), std::end(kFields),
                   [name](const Field& field) { return field.name == name; });
  return found == std::end(kFields) ? nullptr : found;
}

const Field* FindPlanField(FieldOwner owner, std::string_view plan_key) {
  const auto found =
      std::find_if(std::begin(kFields), std::end(kFields),
                   [owner, plan_key](const Field& field) {
                     return field.owner == owner && field.plan_key == plan_key;
                   });
  return found == std::end(kFields) ? nullptr : found;
}

const std::vector<std::string>& Texts(const Field& field, const View& view,
                                      const Query& query) {
  const TextLists& lists = field.texts;
  if (lists.of_query != nullptr) return query.*lists.of_query;
  if (lists.of_keep != nullptr) return view.keep.*lists.of_keep;
  return view.*lists.of_view;
}

std::string TypeLetters(const TypeSet& types) {
  std::string letters;
  if (types.files) letters += 'f';
  if (types.directories) letters += 'd';
  if (types.symlinks) letters += 'l';
  return letters;
}

}  // namespace finder
