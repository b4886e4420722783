// What databases and answers say of themselves in the cache: of which view they
// are, for `finder cache list` and for clearing by root.
// doc/cache_directory.md, "object.info".
//
// Pure; any thread.
#ifndef FINDER_FINDER_KEPT_ENTRY_DESCRIPTION_H_
#define FINDER_FINDER_KEPT_ENTRY_DESCRIPTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "finder/cache/disk/cache_info.h"

namespace finder {

// Bytes of any kind.
struct EntryDescription {
  std::vector<std::string> roots;  // absolute paths
  std::string view_id;             // user@host or what was given
  std::string view;                // canonical text of the rules; may be empty
  std::string writer;              // program and version
  uint64_t directories = 0;
  uint64_t files = 0;
};

// For the cache, and back. What is missing or of another type is left as it is
// by default.
ObjectDescription EncodeDescription(const EntryDescription& description);
EntryDescription DecodeDescription(const ObjectDescription& description);

}  // namespace finder

#endif  // FINDER_FINDER_KEPT_ENTRY_DESCRIPTION_H_
