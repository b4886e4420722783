// `finder cache show KEY`, and which kinds of entries --kind means.
#ifndef FINDER_CMD_CACHE_RESULT_VERBS_H_
#define FINDER_CMD_CACHE_RESULT_VERBS_H_

#include <cstdint>
#include <string_view>

#include "cmd/exit_code.h"
#include "cmd/program.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/object_kind.h"

namespace finder {

enum class ReportForm : uint8_t { kText, kJson };

// Prints the one result whose key begins with these digits. Exit code 1 if
// there is none.
ExitCode ShowResult(CacheDirectory& cache, std::string_view digits,
                    ReportForm form, Program& program);

// Whether `clear --kind WORD` means an entry of this kind: with results goes
// what is noted of their commands.
bool IsMeantByKind(std::string_view word, const ObjectKind& kind);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_RESULT_VERBS_H_
