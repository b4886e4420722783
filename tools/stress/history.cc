#include "tools/stress/history.h"

#include <stdlib.h>
#include <time.h>

#include <array>
#include <utility>

namespace finder {
namespace {

// Top directories. Most changes hit kHotPlaces of them, so that the stamps of
// all others get old enough to be trusted; every kStepsAPlace the heat moves.
constexpr uint64_t kPlaces = 24;
constexpr uint64_t kHotPlaces = 3;
constexpr uint64_t kStepsAPlace = 150;

// The facts of so many files take more than kMinPackedBytes of
// finder/cache/upkeep/upkeep.cc.
constexpr int64_t kBigBurst = 9000;

// Of OverlappingSubjects(), each after those above it; and those at the bottom.
constexpr std::array kRoots = {"p0",   "p0/a", "p0/a/b", "p1",
                               "p1/b", "p2",   "p2/out"};
constexpr std::array kDeepestRoots = {"p0/a/b", "p1/b", "p2/out"};

const std::array<std::string, 15>& Names() {
  static const auto& names = *new std::array<std::string, 15>{
      "a",
      "b",
      "a-b",
      "a.c",
      "x.h",
      "Android.bp",
      ".prune",
      "out",
      ".git",
      "caf\xe9.c",
      "gr\xc3\xbc\xc3\x9f.c",
      "line\nbreak",
      "esc\x1b[31m\"\\",
      "\xff\xfe\x80",
      std::string(255, 'n'),
  };
  return names;
}

}  // namespace

std::string ToText(const Step& step) {
  std::string text;
  for (const Operation& operation : step.before) {
    text += ToText(operation) + '\n';
  }
  for (const Interruption& one : step.during) {
    text += "at " + std::to_string(one.at_call) + ' ' + ToText(one.operation) +
            '\n';
  }
  for (const CacheAction& action : step.cache) text += ToText(action) + '\n';
  return text + "step " + std::to_string(step.subject) + ' ' +
         std::to_string(step.threads) + '\n';
}

std::string ToText(const std::vector<Step>& history) {
  std::string text;
  for (const Step& step : history) text += ToText(step);
  return text;
}

std::optional<std::vector<Step>> HistoryFromText(std::string_view text) {
  std::vector<Step> history;
  Step step;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    char* rest = nullptr;
    if (line.starts_with("step ")) {
      step.subject = strtoul(line.c_str() + 5, &rest, 10);
      step.threads = strtoul(rest, nullptr, 10);
      history.push_back(std::exchange(step, Step()));
      continue;
    }
    if (const auto action = CacheActionFromText(line)) {
      step.cache.push_back(*action);
      continue;
    }
    uint32_t at_call = 0;
    std::string_view operation_text = line;
    const bool during = line.starts_with("at ");
    if (during) {
      at_call = strtoul(line.c_str() + 3, &rest, 10);
      if (*rest != ' ') return std::nullopt;
      operation_text = rest + 1;
    }
    const std::optional<Operation> operation = FromText(operation_text);
    if (!operation) return std::nullopt;
    if (during) {
      step.during.push_back({at_call, *operation});
    } else {
      step.before.push_back(*operation);
    }
  }
  return history;
}

HistoryMaker::HistoryMaker(const HistoryOptions& options)
    : options_(options), random_(options.seed) {}

std::string HistoryMaker::Name() {
  // Usually one of a few, so that operations meet.
  if (!OneIn(40)) return Names()[Pick(Names().size())];
  std::string name;
  for (uint64_t i = 0, size = 1 + Pick(40); i < size; ++i) {
    const char c = static_cast<char>(1 + Pick(255));
    name += c == '/' ? '_' : c;
  }
  return name == "." || name == ".." ? "dots" : name;
}

std::string HistoryMaker::Place() {
  const uint64_t place = OneIn(12) ? Pick(kPlaces) : hot_ + Pick(kHotPlaces);
  return "p" + std::to_string(place % kPlaces);
}

std::string HistoryMaker::Path() {
  std::string path = Place();
  for (uint64_t depth = Pick(4); depth > 0; --depth) path += '/' + Name();
  return path;
}

std::string HistoryMaker::Target() {
  switch (Pick(6)) {
    case 0:
      return ".";
    case 1:
      return "..";
    case 2:
      return "../" + Place();
    case 3:
      return "/nowhere";
    case 4:
      return "../../" + Path();
    default:
      return Name();
  }
}

int64_t HistoryMaker::Time() {
  constexpr int64_t kDayNs = int64_t{24} * 3600 * 1'000'000'000;
  // Reading the clock makes two runs of a seed differ in nothing but this.
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  const int64_t now_ns = now.tv_sec * 1'000'000'000 + now.tv_nsec;
  switch (Pick(4)) {
    case 0:
      return now_ns + kDayNs;
    case 1:
      return now_ns + static_cast<int64_t>(Pick(4'000'000'000));
    case 2:
      return now_ns - static_cast<int64_t>(Pick(4'000'000'000));
    default:
      return now_ns - kDayNs;
  }
}

Operation HistoryMaker::Simple(OperationKind kind) {
  return {kind, Path(), "", 0};
}

Operation HistoryMaker::Mounting() {
  if (!mounted_.empty() && OneIn(2)) {
    std::string last = mounted_.back();
    mounted_.pop_back();
    return {OperationKind::kUnmount, std::move(last), "", 0};
  }
  std::string path = Place() + '/' + Name();
  if (mounted_.size() >= 6) return {OperationKind::kCreate, path, "", 0};
  mounted_.push_back(path);
  if (OneIn(2)) return {OperationKind::kMount, std::move(path), "", 0};
  return {OperationKind::kBind, std::move(path), OneIn(3) ? Place() : Path(),
          0};
}

Operation HistoryMaker::Change() {
  if (options_.hook && OneIn(4)) {
    return {OperationKind::kHook, "", "", static_cast<int64_t>(Pick(1 << 20))};
  }
  const auto two = [this](OperationKind kind) {
    return Operation{kind, Path(), Path(), 0};
  };
  switch (Pick(32)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
      return Simple(OperationKind::kCreate);
    case 6:
    case 7:
    case 8:
      return Simple(OperationKind::kRemove);
    case 9:
    case 10:
    case 11:
      return two(OperationKind::kRename);
    case 12:
      return two(OperationKind::kExchange);
    case 13:
      return {OperationKind::kExchange, Place(), Place(), 0};
    case 14:
      return two(OperationKind::kHardLink);
    case 15:
    case 16:
      return {OperationKind::kSymlink, Path(), Target(), 0};
    case 17:
      return {OperationKind::kMakePath, Place(), "", 0};
    case 18:
    case 19:
    case 20:
    case 21:
      return Simple(OperationKind::kMakePath);
    case 22:
      return {OperationKind::kRemoveTree, Place() + '/' + Name(), "", 0};
    case 23:
      return Simple(OperationKind::kReplace);
    case 24:
      return Simple(OperationKind::kModeAndBack);
    case 25:
      return {OperationKind::kSetTimes, Path(), "", Time()};
    case 26:
    case 27: {
      std::string directory = Path();
      std::string file = directory + '/' + Name();
      return {OperationKind::kTouchBack, std::move(directory), std::move(file),
              0};
    }
    case 28:
      return Simple(OperationKind::kFifo);
    case 29:
      if (OneIn(20)) return {OperationKind::kBurst, Path(), "", 1000};
      return {OperationKind::kRemoveTree, Path(), "", 0};
    case 30:
      if (options_.mounts) return Mounting();
      return {OperationKind::kChangeMode, Path(), "", OneIn(3) ? 0300 : 0755};
    default: {  // prune files come and go
      const std::string path = Place() + '/' + Name() + "/.prune";
      return {OneIn(3) ? OperationKind::kCreate : OperationKind::kRemove, path,
              "", 0};
    }
  }
}

// Changes in the middle of a run. Now and then a directory is away only for a
// few calls: what was seen meanwhile must not be kept.
void HistoryMaker::Disturb(Step& step) {
  const uint32_t first = static_cast<uint32_t>(Pick(120));
  if (OneIn(2)) {
    const bool whole = OneIn(2);
    const Operation there = {
        OperationKind::kExchange,
        whole ? "p" + std::to_string(Pick(kPlaces)) : Path(),
        whole ? "p" + std::to_string(Pick(kPlaces)) : Path(), 0};
    step.during.push_back({first, there});
    step.during.push_back({first + 1 + static_cast<uint32_t>(Pick(6)), there});
    return;
  }
  for (uint64_t i = 0, count = 1 + Pick(4); i < count; ++i) {
    step.during.push_back({first + static_cast<uint32_t>(Pick(12)), Change()});
  }
}

// Mostly nothing, so that entries are used; what is asked of the run itself
// comes last.
void HistoryMaker::TendCache(Step& step) {
  using Kind = CacheActionKind;
  constexpr std::array kKinds = {Kind::kUpkeep,    Kind::kUpkeep,   Kind::kPack,
                                 Kind::kPack,      Kind::kDrop,     Kind::kDrop,
                                 Kind::kKeep,      Kind::kKeep,     Kind::kKeep,
                                 Kind::kKeepSoong, Kind::kKeepSoong};
  // So that hardly any step has nothing to look at.
  if (!OneIn(4)) {
    for (const char* root : kRoots) {
      step.before.push_back({OperationKind::kRemove, root, "", 0});
    }
    for (const char* root : kDeepestRoots) {
      step.before.push_back({OperationKind::kMakePath, root, "", 0});
    }
  }
  if (OneIn(3)) {
    step.cache.push_back(
        {kKinds[Pick(kKinds.size())], static_cast<uint32_t>(Pick(1000))});
  }
  if (OneIn(12)) {
    // Else there is mostly an entry, and nothing is imported.
    if (OneIn(3)) step.cache.push_back({Kind::kClear, 0});
    step.cache.push_back({Kind::kImport, 0});
  }
  if (OneIn(12)) step.cache.push_back({Kind::kRefresh, 0});
}

Step HistoryMaker::First() {
  Step step;
  if (options_.shared_cache) {
    for (const char* root : kDeepestRoots) {
      step.before.push_back({OperationKind::kMakePath, root, "", 0});
    }
    // Entries worth packing, where hardly anything happens.
    step.before.push_back({OperationKind::kMakePath, "p20", "", 0});
    step.before.push_back({OperationKind::kBurst, "p20", "", kBigBurst});
  }
  for (uint64_t place = 0; place < kPlaces; ++place) {
    const std::string top = "p" + std::to_string(place);
    for (uint64_t i = 0, count = 3 + Pick(5); i < count; ++i) {
      std::string path = top;
      for (uint64_t depth = 1 + Pick(3); depth > 0; --depth) {
        path += '/' + Name();
      }
      step.before.push_back({OperationKind::kMakePath, path, "", 0});
      step.before.push_back(
          {OperationKind::kCreate, path + '/' + Name(), "", 0});
    }
  }
  return step;
}

Step HistoryMaker::Next() {
  if (++steps_ % kStepsAPlace == 0) hot_ = Pick(kPlaces);
  Step step;
  for (uint64_t i = 0, count = OneIn(4) ? 2 + Pick(6) : 1; i < count; ++i) {
    step.before.push_back(Change());
  }
  if (OneIn(60)) {
    // Past the age of trust, or just short of it.
    step.before.push_back(
        {OperationKind::kAge, "", "", OneIn(4) ? 2400 : 2700});
  }
  if (OneIn(3)) Disturb(step);
  step.subject = static_cast<uint32_t>(Pick(options_.subjects));
  step.threads = OneIn(2) ? 1 : static_cast<uint32_t>(1 + Pick(8));
  if (options_.shared_cache) TendCache(step);
  return step;
}

}  // namespace finder
