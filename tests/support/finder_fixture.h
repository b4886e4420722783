// A fake machine with a finder on it: tests edit the tree, move the clock, run
// the finder and look at all results of a run. No I/O, no real clock.
//
// Not thread-safe; a run uses as many threads as its options say.
#ifndef FINDER_TESTS_SUPPORT_FINDER_FIXTURE_H_
#define FINDER_TESTS_SUPPORT_FINDER_FIXTURE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "finder/diagnostics.h"
#include "finder/facade/finder.h"
#include "finder/metrics.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/host.h"

namespace finder {

inline constexpr int64_t kSecondNs = 1'000'000'000;

struct RunResult {
  absl::Status status;  // of the scan; the rest is empty if it failed
  absl::Status saved;   // of writing the database
  std::vector<std::string> lines;  // "f src/a.c": type letter and printed path
  std::vector<Diagnostic> diagnostics;
  Metrics metrics;
  FakeCalls::Counters calls;  // of this run
};

struct FinderFixture {
  FinderFixture();

  Environment environment();
  // The view of `roots` and nothing else.
  static View ViewOf(std::vector<std::string> roots);
  // Options of a run with the database at kDatabase, on one thread.
  static Options OptionsOf(View view);

  // One run, from loading to saving.
  RunResult Run(const Options& options, const Query& query = Query());
  // The same over several queries of one scan; `lines` has the lines of one
  // query after those of another, each with the query's index before it.
  RunResult Run(const Options& options, const std::vector<Query>& queries);
  // A run that looks only at what the query needs.
  RunResult RunScoped(const Options& options, const Query& query);
  // A run with the database, and one without it.
  RunResult Warm(const View& view) { return Run(OptionsOf(view)); }
  RunResult Cold(const View& view);

  // Moves the clock so far that every stamp is old enough to be trusted.
  void Age() { clock.Advance(60 * kSecondNs); }

  static constexpr char kDatabase[] = "/db/finder.db";

  FakeClock clock;
  FakeTree tree;
  FakeFileSystem files;
  Host host;
  std::string working_directory = "/";
};

// One run in any environment, a real one for instance; `calls` stays empty.
RunResult RunFinder(const Environment& environment, const Options& options,
                    const std::vector<Query>& queries);

// The same for one query, which is all that is looked for.
RunResult RunFinderScoped(const Environment& environment,
                          const Options& options, const Query& query);

// What a scanned finder answers, in lines as in RunResult::lines.
std::vector<std::string> AnswersOf(Finder& finder, const CompiledQuery& query);

// A query for files, directories and symlinks.
Query OfAllTypes();

// "f src/a.c", as in RunResult::lines.
void AppendLine(const Match& match, std::string& out);

// For messages: one line each, and newlines in names written as "\n".
std::string JoinLines(const std::vector<std::string>& lines);
std::string Printable(std::string text);

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_FINDER_FIXTURE_H_
