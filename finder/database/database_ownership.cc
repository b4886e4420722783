#include "finder/database/database_ownership.h"

#include "finder/database/database_format.h"
#include "finder/database/soong_format.h"

namespace finder {

bool IsDatabaseOrEmpty(std::string_view head) {
  static_assert(kDatabaseMagic.size() <= kOwnershipBytes &&
                kSoongFirstLine.size() <= kOwnershipBytes);
  for (const std::string_view magic : {kDatabaseMagic, kSoongFirstLine}) {
    if (head.starts_with(magic) || magic.starts_with(head)) return true;
  }
  return false;
}

}  // namespace finder
