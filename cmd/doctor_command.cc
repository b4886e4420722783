#include "cmd/doctor_command.h"

#include <errno.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/doctor_finding.h"
#include "cmd/output/printed_text.h"
#include "cmd/output/report.h"
#include "finder/text/abseil_view.h"
#include "fs/file_system.h"
#include "fs/posix/surroundings.h"

namespace finder {
namespace {

constexpr int64_t kMillisecond = 1'000'000;

// A pause between two changes.
constexpr int64_t kPauseNs = 2 * kMillisecond;
constexpr int kStepsWanted = 2;

constexpr int kNameAttempts = 16;

// A directory of our own, removed at the end.
class Probe {
 public:
  Probe(const DoctorTools& tools, Program& program)
      : tools_(tools), files_(*program.files), clock_(*program.clock) {}
  ~Probe() {
    if (path_.empty()) return;
    for (const std::string_view name : {"/file", "/renamed", "/directory"}) {
      static_cast<void>(files_.Remove(absl::StrCat(path_, Abseil(name))));
    }
    static_cast<void>(files_.Remove(path_));
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  Outcome Make(const std::string& root) {
    for (int i = 0; i < kNameAttempts; ++i) {
      const std::string path =
          absl::StrCat(root, "/.finder-doctor-", clock_.BoottimeNs() + i);
      const Outcome made = files_.MakeDirectory(path, 0700);
      if (made.ok()) path_ = path;
      if (made.ok() || made.error().code() != EEXIST) return made;
    }
    return SystemError(EEXIST);
  }

  Result<MeasuredStamps> Measure() {
    MeasuredStamps measured;
    if (const Outcome o = MeasureGranularity(measured); !o.ok()) {
      return o.error();
    }
    const int64_t granularity_ns =
        measured.granularity_ns.value_or(kLongestWatchNs);
    const int64_t wait_ns = granularity_ns + kTickNs;
    const std::string from = path_ + "/file";
    const std::string to = path_ + "/renamed";
    Outcome outcome = Moves(wait_ns, measured.create, [&] {
      auto file = files_.CreateFile(from, 0600);
      return file.ok() ? file.value()->Commit() : Outcome(file.error());
    });
    if (!outcome.ok()) return outcome.error();
    if (const Result<FileStat> stat = Stat(); stat.ok()) {
      measured.ahead_ns = stat->change_ns - clock_.RealtimeNs();
    }
    outcome = Moves(wait_ns, measured.rename,
                    [&] { return files_.Rename(from, to); });
    if (!outcome.ok()) return outcome.error();
    outcome =
        Moves(wait_ns, measured.remove, [&] { return files_.Remove(to); });
    if (!outcome.ok()) return outcome.error();
    return measured;
  }

 private:
  Result<FileStat> Stat() {
    return files_.Stat(DirectoryHandle(), path_, SymlinkPolicy::kNoFollow);
  }

  // Whether `change` moves the stamp, once it is older than a step.
  template <typename Change>
  Outcome Moves(int64_t wait_ns, bool& moves, Change change) {
    tools_.sleep(wait_ns);
    const Result<FileStat> before = Stat();
    if (!before.ok()) return before.error();
    if (const Outcome outcome = change(); !outcome.ok()) return outcome;
    const Result<FileStat> after = Stat();
    if (!after.ok()) return after.error();
    moves = after->change_ns != before->change_ns;
    return {};
  }

  // Changes the directory again and again and takes the least step.
  Outcome MeasureGranularity(MeasuredStamps& measured) {
    const std::string child = path_ + "/directory";
    const int64_t end_ns = clock_.BoottimeNs() + kLongestWatchNs;
    Result<FileStat> last = Stat();
    int steps = -1;  // the first one begins somewhere within a step
    while (steps < kStepsWanted && clock_.BoottimeNs() < end_ns) {
      Outcome outcome = files_.MakeDirectory(child, 0700);
      if (outcome.ok()) outcome = files_.Remove(child);
      if (!outcome.ok()) return outcome;
      const Result<FileStat> now = Stat();
      if (!now.ok()) return now.error();
      if (last.ok() && now->change_ns != last->change_ns) {
        const int64_t step_ns = std::abs(now->change_ns - last->change_ns);
        if (++steps > 0) {
          measured.granularity_ns =
              std::min(measured.granularity_ns.value_or(step_ns), step_ns);
        }
        last = now;
      } else {
        measured.finer = false;
      }
      tools_.sleep(kPauseNs);
    }
    return {};
  }

  const DoctorTools& tools_;
  FileSystem& files_;
  Clock& clock_;
  std::string path_;  // empty until it is made
};

std::string Describe(const Examined& examined) {
  std::string text;
  for (const auto& [name, finding] : FindingsOf(examined)) {
    absl::StrAppendFormat(&text, "%-12s %s\n", Abseil(name), finding);
  }
  return text;
}

// Why there is no directory of ours in `root`, and what would help.
std::string NotMade(const std::string& root, SystemError error) {
  const std::string text =
      root + ": no directory can be made there to measure with: " +
      std::string(error.Message());
  return error.code() == EROFS
             ? text
             : text +
                   "; name one on the same file system that you may write to";
}

}  // namespace

ExitCode RunDoctor(CommandLine& command, Program& program) {
  const auto fail = [&program](const std::string& message) {
    Report(*program.err).Line(message);
    return ExitCode::kFailed;
  };
  const std::vector<std::string>& roots = command.operands;
  if (roots.size() > 1) return fail("doctor: more than one ROOT");
  if (!roots.empty() && roots[0].empty()) return fail("doctor: ROOT is empty");
  const std::string root = roots.empty() ? "." : roots[0];
  const DoctorTools tools = {.mount_type = MountType(root),
                             .inotify_watches = MostInotifyWatches(),
                             .sleep = SleepNs};
  return Doctor(root, tools, program);
}

ExitCode Doctor(const std::string& root, const DoctorTools& tools,
                Program& program) {
  Report report(*program.err);
  const auto fail = [&](SystemError error) {
    report.Line(root + ": " + error.Message());
    return ExitCode::kFailed;
  };
  const auto opened = program.files->OpenDirectory(DirectoryHandle(), root,
                                                   SymlinkPolicy::kFollow);
  if (!opened.ok()) return fail(opened.error());
  const Volume volume = program.files->IdentifyVolume(opened.value());
  const Result<FileStat> stat =
      program.files->Stat(opened.value(), "", SymlinkPolicy::kNoFollow);
  if (!stat.ok()) return fail(stat.error());
  Examined examined = {
      .mount_type = tools.mount_type,
      .volume = volume,
      .is_listed_always = StampMayLie(volume.trust, stat->inode, stat->links),
      .stamps = {},
      .max_open_files = static_cast<uint64_t>(program.host.max_open_files),
      .inotify_watches = tools.inotify_watches};
  // An image cannot be changed, and where nothing is believed there is nothing
  // to measure.
  if (volume.trust != StampTrust::kNever &&
      volume.trust != StampTrust::kMount) {
    Probe probe(tools, program);
    if (const Outcome made = probe.Make(root); !made.ok()) {
      report.Line(NotMade(root, made.error()));
      return ExitCode::kFailed;
    }
    const Result<MeasuredStamps> stamps = probe.Measure();
    if (!stamps.ok()) return fail(stamps.error());
    examined.stamps = stamps.value();
  }
  return PrintText(
      Describe(examined), program,
      Objection(examined).empty() ? ExitCode::kDone : ExitCode::kNo);
}

}  // namespace finder
