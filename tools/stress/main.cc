// Plays random histories until a step goes wrong, the steps are done or the
// time is over. `tools/stress/run` builds and runs this; its help tells more.

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tools/stress/history.h"
#include "tools/stress/player.h"
#include "tools/stress/shrink.h"
#include "tools/stress/subject.h"

namespace finder {
namespace {

constexpr char kUsage[] =
    "usage: stress --directory DIR [--seed N] [--steps N] [--seconds N]\n"
    "              [--program FINDER] [--mounts] [--label NAME]\n"
    "              [--shared-cache] [--tree DIR] [--behind DIR]\n"
    "              [--hook PROGRAM]\n"
    "              [--keep DIR] [--shrink-seconds N] [--replay FILE]\n";

// A longer history is for the file alone.
constexpr size_t kMostPrinted = 4000;

struct Settings {
  PlayerOptions player;
  HistoryOptions history;
  uint64_t steps = 1000;
  int64_t seconds = 0;  // none if 0
  int64_t shrink_seconds = 120;
  std::string label = "stress";
  std::string keep;  // where a failure is kept
  std::string replay;
};

int64_t Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

std::optional<Settings> ParseSettings(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--mounts") {
      settings.history.mounts = true;
      continue;
    }
    if (flag == "--shared-cache") {
      settings.history.shared_cache = settings.player.shared_cache = true;
      continue;
    }
    if (i + 1 == argc) return std::nullopt;
    const std::string value = argv[++i];
    const auto number = strtoull(value.c_str(), nullptr, 10);
    if (flag == "--directory")
      settings.player.directory = value;
    else if (flag == "--seed")
      settings.history.seed = number;
    else if (flag == "--steps")
      settings.steps = number;
    else if (flag == "--seconds")
      settings.seconds = static_cast<int64_t>(number);
    else if (flag == "--tree")
      settings.player.tree = value;
    else if (flag == "--behind")
      settings.player.behind = value;
    else if (flag == "--hook")
      settings.player.hook = value;
    else if (flag == "--program")
      settings.player.program = value;
    else if (flag == "--label")
      settings.label = value;
    else if (flag == "--keep")
      settings.keep = value;
    else if (flag == "--replay")
      settings.replay = value;
    else if (flag == "--shrink-seconds")
      settings.shrink_seconds = static_cast<int64_t>(number);
    else
      return std::nullopt;
  }
  if (settings.player.directory.empty()) return std::nullopt;
  if (settings.player.shared_cache && settings.player.program.empty()) {
    return std::nullopt;
  }
  settings.history.hook = !settings.player.hook.empty();
  if (settings.keep.empty())
    settings.keep = settings.player.directory + ".failure";
  settings.history.subjects = static_cast<uint32_t>(
      (settings.player.shared_cache ? OverlappingSubjects() : Subjects())
          .size());
  return settings;
}

void PrintCounts(const Settings& settings, const PlayCounts& counts) {
  printf("%s: seed %llu, %llu steps, %llu runs, %llu of them disturbed",
         settings.label.c_str(),
         static_cast<unsigned long long>(settings.history.seed),
         static_cast<unsigned long long>(counts.steps),
         static_cast<unsigned long long>(counts.runs),
         static_cast<unsigned long long>(counts.disturbed));
  if (counts.directories > 0) {
    printf(", %.1f%% of the directories listed again",
           100.0 * static_cast<double>(counts.list_calls) /
               static_cast<double>(counts.directories));
  }
  printf("\n");
}

int Report(const Settings& settings, const std::vector<Step>& history,
           const std::string& problem, const Player& player) {
  printf("%s: seed %llu, step %zu: %s", settings.label.c_str(),
         static_cast<unsigned long long>(settings.history.seed), history.size(),
         problem.c_str());
  player.KeepDatabases(settings.keep);
  std::ofstream(settings.keep + "/history") << ToText(history);
  printf("kept in %s; shrinking\n", settings.keep.c_str());
  fflush(stdout);
  PlayerOptions again = settings.player;
  again.directory += ".shrink";
  const ShrinkResult shrunken = Shrink(history, again, settings.shrink_seconds);
  if (!shrunken.reproduced) {
    printf("not seen again when played once more; it may hang on time\n");
    return 1;
  }
  const std::string text = ToText(shrunken.history);
  std::ofstream(settings.keep + "/shrunken") << text;
  printf("%zu steps are enough: --replay %s/shrunken\n%s%s",
         shrunken.history.size(), settings.keep.c_str(),
         text.size() <= kMostPrinted ? text.c_str() : "",
         shrunken.problem.c_str());
  return 1;
}

int Replay(const Settings& settings) {
  std::ifstream file(settings.replay);
  std::ostringstream text;
  text << file.rdbuf();
  const auto history = HistoryFromText(text.str());
  if (!history) {
    fprintf(stderr, "stress: %s: no history\n", settings.replay.c_str());
    return 2;
  }
  auto player = std::make_unique<Player>(settings.player);
  for (const Step& step : *history) {
    if (const auto problem = player->Play(step)) {
      printf("%sthe tree stays in %s\n", problem->c_str(),
             settings.player.directory.c_str());
      static_cast<void>(player.release());  // leaves the tree
      return 1;
    }
  }
  printf("no difference\n");
  return 0;
}

int Play(const Settings& settings) {
  const int64_t end = settings.seconds > 0 ? Now() + settings.seconds : 0;
  Player player(settings.player);
  HistoryMaker maker(settings.history);
  std::vector<Step> history = {maker.First()};
  while (true) {
    if (const auto problem = player.Play(history.back())) {
      return Report(settings, history, *problem, player);
    }
    if (history.size() >= settings.steps) break;
    if (end > 0 && Now() >= end) break;
    history.push_back(maker.Next());
  }
  PrintCounts(settings, player.counts());
  fputs(player.CacheInfo().c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) {
  const auto settings = finder::ParseSettings(argc, argv);
  if (!settings) {
    fputs(finder::kUsage, stderr);
    return 2;
  }
  return settings->replay.empty() ? finder::Play(*settings)
                                  : finder::Replay(*settings);
}
