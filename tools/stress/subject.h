// The finder under stress: as a library within this process, or as a program.
#ifndef FINDER_TOOLS_STRESS_SUBJECT_H_
#define FINDER_TOOLS_STRESS_SUBJECT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/view/view.h"

namespace finder {

// One way to ask. Subjects with the same `database` share it.
struct Subject {
  View view;
  TypeSet types;
  uint32_t database = 0;
  // Runs of these look only at what they need.
  std::optional<uint32_t> max_depth = std::nullopt;
  std::optional<uint64_t> max_results = std::nullopt;
};

// What remains of the answers of a whole walk, each ended by a NUL, when depth
// and number are bounded.
std::string Bounded(const Subject& subject, const std::string& answers);

// All of them; views that differ in their rules share a database.
const std::vector<Subject>& Subjects();

// Views for one shared cache: of the whole tree, of parts of it and of several,
// with all names or some, by every policy. Many are parts of others.
const std::vector<Subject>& OverlappingSubjects();

// The options for the command line.
std::vector<std::string> Flags(const Subject& subject);

struct Run {
  const Subject* subject = nullptr;
  std::string top;       // the working directory
  std::string database;  // unless cache is kNone
  CacheUse cache = CacheUse::kUse;
  unsigned threads = 1;
  // RunProgram only:
  std::string cache_directory = {};  // if not empty, instead of `database`
  std::string import = {};           // if not empty
  DatabaseFormat format = DatabaseFormat::kNative;
};

struct RunResult {
  std::string answers;  // each ended by a NUL
  std::string problem;  // empty if it went well
  // In-process runs only.
  uint64_t directories = 0;
  uint64_t list_calls = 0;
};

// Runs within this process; calls `before_call` before each call of the file
// system that a scan makes, from any thread.
RunResult RunInProcess(const Run& run, std::function<void()> before_call);

// Runs `program`, calls `meanwhile` once it has started.
RunResult RunProgram(const std::string& program, const Run& run,
                     const std::function<void()>& meanwhile);

// Runs a command line, calls `meanwhile` once it has started; `answers` are its
// standard output.
RunResult RunCommand(std::vector<std::string> arguments,
                     const std::function<void()>& meanwhile);

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_SUBJECT_H_
