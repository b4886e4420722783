#include "finder/cache/disk/object_kind.h"

#include <algorithm>

namespace finder {
namespace {

constexpr std::string_view kPartPrefix = "part-";
// A million million of them.
constexpr size_t kMaxPartDigits = 12;

}  // namespace

const ObjectKind& KindOf(ObjectKinds kinds, std::string_view key) {
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [key](const ObjectKind& one) {
        return !one.key_prefix.empty() && key.starts_with(one.key_prefix);
      });
  return kind == kinds.end() ? kinds.front() : *kind;
}

std::string DataName(const ObjectKind& kind, Packing packing) {
  std::string name = "data/";
  name += kind.name;
  if (packing == Packing::kZstd) name += ".zst";
  return name;
}

std::string PartName(size_t number) {
  return "data/" + std::string(kPartPrefix) + std::to_string(number);
}

bool IsPartName(std::string_view name) {
  if (!name.starts_with(kPartPrefix)) return false;
  name.remove_prefix(kPartPrefix.size());
  return !name.empty() && name.size() <= kMaxPartDigits &&
         name.find_first_not_of("0123456789") == name.npos;
}

std::vector<std::string> AllDataNames(ObjectKinds kinds) {
  std::vector<std::string> names;
  for (const ObjectKind& kind : kinds) {
    names.push_back(DataName(kind, Packing::kPlain));
    if (kind.packs) names.push_back(DataName(kind, Packing::kZstd));
  }
  return names;
}

}  // namespace finder
