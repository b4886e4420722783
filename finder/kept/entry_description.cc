#include "finder/kept/entry_description.h"

#include <variant>

namespace finder {
namespace {

// Calls `visit(name, member)` for each member, in the order of the format.
template <typename Description, typename Visit>
void ForEachMember(Description& description, Visit visit) {
  visit("roots", description.roots);
  visit("view_id", description.view_id);
  visit("view", description.view);
  visit("writer", description.writer);
  visit("directories", description.directories);
  visit("files", description.files);
}

}  // namespace

ObjectDescription EncodeDescription(const EntryDescription& description) {
  ObjectDescription encoded;
  ForEachMember(description, [&](const char* name, const auto& member) {
    encoded.push_back({name, member});
  });
  return encoded;
}

EntryDescription DecodeDescription(const ObjectDescription& description) {
  EntryDescription decoded;
  for (const DescribedValue& described : description) {
    ForEachMember(decoded, [&]<typename T>(const char* name, T& member) {
      const T* const value = std::get_if<T>(&described.value);
      if (value != nullptr && described.name == name) member = *value;
    });
  }
  return decoded;
}

}  // namespace finder
