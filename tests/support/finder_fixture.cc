#include "tests/support/finder_fixture.h"

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "finder/query/scan_scope.h"

namespace finder {
namespace {

// Puts `before` before each line.
void AppendAnswers(Finder& finder, const CompiledQuery& query,
                   const std::string& before, std::vector<std::string>& lines) {
  for (const std::string& line : AnswersOf(finder, query)) {
    lines.push_back(before + line);
  }
}

void Finish(Finder& finder, RunResult& result) {
  result.saved = finder.Save();
  result.diagnostics = finder.diagnostics().Sorted();
  result.metrics = finder.metrics();
}

}  // namespace

// Cuts at NUL, which no name holds, so that names may hold newlines.
std::vector<std::string> AnswersOf(Finder& finder, const CompiledQuery& query) {
  std::vector<std::string> lines;
  finder.Answer(
      query,
      [](const Match& match, std::string& text) {
        AppendLine(match, text);
        text += '\0';
      },
      [&lines](std::string_view text) {
        for (size_t end; (end = text.find('\0')) != text.npos;
             text.remove_prefix(end + 1)) {
          lines.emplace_back(text.substr(0, end));
        }
        return true;
      });
  return lines;
}

Query OfAllTypes() {
  Query query;
  query.types = {.files = true, .directories = true, .symlinks = true};
  return query;
}

FinderFixture::FinderFixture() : tree(&clock), files(&tree) {
  host.user = "builder";
  host.name = "example";
  host.boot_id = "first boot";
  host.user_id = FakeUser().id;
  host.processors = 2;
  host.max_open_files = 1024;
  tree.MakeDirectories("/db");
}

Environment FinderFixture::environment() {
  return {&files, &clock, host, working_directory};
}

View FinderFixture::ViewOf(std::vector<std::string> roots) {
  View view;
  view.roots = std::move(roots);
  return view;
}

Options FinderFixture::OptionsOf(View view) {
  Options options;
  options.view = std::move(view);
  options.cache = CacheUse::kUse;
  options.database = kDatabase;
  options.threads = 1;
  return options;
}

RunResult FinderFixture::Run(const Options& options, const Query& query) {
  RunResult result = Run(options, std::vector<Query>{query});
  for (std::string& line : result.lines) line.erase(0, 2);
  return result;
}

RunResult FinderFixture::Run(const Options& options,
                             const std::vector<Query>& queries) {
  files.calls().Reset();
  RunResult result = RunFinder(environment(), options, queries);
  result.calls = files.calls().counters();
  return result;
}

RunResult FinderFixture::Cold(const View& view) {
  Options options = OptionsOf(view);
  options.cache = CacheUse::kNone;
  return Run(options);
}

RunResult FinderFixture::RunScoped(const Options& options, const Query& query) {
  files.calls().Reset();
  RunResult result = RunFinderScoped(environment(), options, query);
  result.calls = files.calls().counters();
  return result;
}

RunResult RunFinder(const Environment& environment, const Options& options,
                    const std::vector<Query>& queries) {
  RunResult result;
  Finder finder(environment, options);
  result.status = finder.Scan();
  if (!result.status.ok()) return result;
  for (size_t i = 0; i < queries.size(); ++i) {
    absl::StatusOr<CompiledQuery> query =
        CompiledQuery::Compile(queries[i], options.view);
    if (!query.ok()) {
      result.status = query.status();
      return result;
    }
    AppendAnswers(finder, *query, std::to_string(i) + " ", result.lines);
  }
  Finish(finder, result);
  return result;
}

RunResult RunFinderScoped(const Environment& environment,
                          const Options& options, const Query& query) {
  RunResult result;
  const absl::StatusOr<CompiledQuery> compiled =
      CompiledQuery::Compile(query, options.view);
  result.status = compiled.status();
  if (!result.status.ok()) return result;
  Finder finder(environment, options);
  result.status = finder.Scan(ScopeOf(query, *compiled, options.view));
  if (!result.status.ok()) return result;
  AppendAnswers(finder, *compiled, "", result.lines);
  Finish(finder, result);
  return result;
}

void AppendLine(const Match& match, std::string& out) {
  out += static_cast<char>(match.kind);
  out += ' ';
  out += match.directory;
  out += match.name;
}

std::string Printable(std::string text) {
  for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) {
    text.replace(at, 1, "\\n");
  }
  return text;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

}  // namespace finder
