// What happens to a shared cache directory between the runs that use it, mostly
// by the program's own commands.
//
// Not part of the program. One thread; no run may be using the directory.
#ifndef FINDER_TOOLS_STRESS_SHARED_CACHE_H_
#define FINDER_TOOLS_STRESS_SHARED_CACHE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/stress/subject.h"

namespace finder {

enum class CacheActionKind : uint8_t {
  kUpkeep,     // finder cache gc
  kPack,       // the same, when no entry has been used for days
  kClear,      // finder cache clear
  kDrop,       // the `number`th entry is gone
  kKeep,       // a copy of the `number`th entry is what --import names
  kKeepSoong,  // a database of Soong's finder is, of the step's own view
  kRefresh,    // the step runs with --refresh
  kImport,     // the step runs with --import
};

// `number` counts the entries by key, and begins anew behind the last.
struct CacheAction {
  CacheActionKind kind = CacheActionKind::kUpkeep;
  uint32_t number = 0;
};

// One line without its newline; and back.
std::string ToText(const CacheAction& action);
std::optional<CacheAction> CacheActionFromText(std::string_view line);

class SharedCache {
 public:
  // Commands are `program`'s, on the cache in `directory`, which need not exist
  // yet. Beside it lies what is kept for imports.
  SharedCache(std::string program, std::string directory);

  // Does an action, or has it apply to `run`. The problem, if there is one.
  std::optional<std::string> Do(const CacheAction& action, Run& run);

  // What is wrong with the cache: unsound entries, something left in stage/.
  std::optional<std::string> FindProblem() const;

  // With what is kept beside it.
  void Remove() const;

  // Lines of `finder cache info`.
  std::string Info() const;

 private:
  std::vector<std::string> Keys() const;
  std::optional<std::string> Command(const std::string& verb) const;
  void LetAge() const;
  void CopyEntry(uint32_t number) const;

  const std::string program_;
  const std::string directory_;
  const std::string kept_;
};

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_SHARED_CACHE_H_
