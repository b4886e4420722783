// Histories: what happens to a tree, and when somebody looks. A seed gives
// the same history on every machine.
#ifndef FINDER_TOOLS_STRESS_HISTORY_H_
#define FINDER_TOOLS_STRESS_HISTORY_H_

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tools/stress/operation.h"
#include "tools/stress/shared_cache.h"

namespace finder {

// An operation that hits while the finder runs: when it makes its `at_call`th
// call of the file system.
struct Interruption {
  uint32_t at_call = 0;
  Operation operation;
};

// Some changes, a run that is disturbed (if `during` has any), and then a run
// whose answer is compared.
struct Step {
  std::vector<Operation> before;
  std::vector<Interruption> during;
  std::vector<CacheAction> cache;  // before the runs, after `before`
  uint32_t subject = 0;  // index into Subjects(), or OverlappingSubjects()
  uint32_t threads = 1;
};

// Lines of text, ended by one `step SUBJECT THREADS`; and back.
std::string ToText(const Step& step);
std::string ToText(const std::vector<Step>& history);
std::optional<std::vector<Step>> HistoryFromText(std::string_view text);

struct HistoryOptions {
  uint64_t seed = 1;
  uint32_t subjects = 1;
  bool mounts = false;        // needs root
  bool shared_cache = false;  // something happens to it too
  bool hook = false;          // is called among the changes
};

class HistoryMaker {
 public:
  explicit HistoryMaker(const HistoryOptions& options);

  // A tree to start from.
  Step First();
  Step Next();

 private:
  uint64_t Pick(uint64_t below) { return random_() % below; }
  bool OneIn(uint64_t n) { return Pick(n) == 0; }
  std::string Name();
  std::string Place();
  std::string Path();
  std::string Target();
  int64_t Time();
  Operation Mounting();
  Operation Change();
  Operation Simple(OperationKind kind);
  void Disturb(Step& step);
  void TendCache(Step& step);

  const HistoryOptions options_;
  std::mt19937_64 random_;
  std::vector<std::string> mounted_;
  uint64_t steps_ = 0;
  uint64_t hot_ = 0;  // the places that change now; the others grow old
};

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_HISTORY_H_
