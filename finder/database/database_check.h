// Whether the text of a whole database is sound, whatever view it is for: what
// `finder cache verify` asks. Nothing is compared with the disk.
//
// Pure; any thread.
#ifndef FINDER_FINDER_DATABASE_DATABASE_CHECK_H_
#define FINDER_FINDER_DATABASE_DATABASE_CHECK_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "finder/database/database_format.h"

namespace finder {

struct DatabaseContents {
  DatabaseHeader header;
  uint64_t blocks = 0;
  uint64_t directories = 0;
};

// Checks every sum and decodes every block of a database of the version that is
// written. DataLoss says what is wrong; a foreign text, or one of another
// version, is wrong too.
absl::StatusOr<DatabaseContents> CheckDatabase(std::string_view text);

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_DATABASE_CHECK_H_
