#include "cmd/doctor_command.h"

#include <errno.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/command_line.h"
#include "cmd/help.h"
#include "cmd/printed_text.h"
#include "cmd/report.h"
#include "cmd/subcommand_table.h"
#include "finder/tree/stamp.h"
#include "fs/file_system.h"
#include "fs/surroundings.h"

namespace finder {
namespace {

constexpr int64_t kMillisecond = 1'000'000;

// A pause between two changes, and how long the stamps are watched: FAT, the
// coarsest in use, stamps in steps of 2 s.
constexpr int64_t kPauseNs = 2 * kMillisecond;
constexpr int64_t kLongestWatchNs = 4'500 * kMillisecond;
constexpr int kStepsWanted = 2;

// The kernel's coarse clock may be behind by a tick, and a stamp ahead by one.
constexpr int64_t kTickNs = 20 * kMillisecond;

constexpr int kNameAttempts = 16;

struct Measured {
  bool create = false;  // moves the stamp
  bool remove = false;
  bool rename = false;
  // None: the stamp moved less than twice while it was watched.
  std::optional<int64_t> granularity_ns;
  bool finer = true;     // every change moved it, so steps may be finer still
  int64_t ahead_ns = 0;  // of our clock; negative: behind
  StampTrust trust = StampTrust::kNever;
};

std::string Seconds(int64_t ns) {
  return absl::StrFormat("%.3f s", static_cast<double>(ns) / 1e9);
}

// A directory of our own, removed at the end.
class Probe {
 public:
  Probe(const DoctorTools& tools, Session& session)
      : tools_(tools), files_(*session.files), clock_(*session.clock) {}
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

  Result<Measured> Measure() {
    Measured measured;
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
    const auto handle = files_.OpenDirectory(DirectoryHandle(), path_,
                                             SymlinkPolicy::kNoFollow);
    if (handle.ok()) {
      measured.trust = files_.IdentifyVolume(handle.value()).trust;
    }
    return measured;
  }

 private:
  static absl::string_view Abseil(std::string_view text) {
    return {text.data(), text.size()};
  }

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
  Outcome MeasureGranularity(Measured& measured) {
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

// Why the cache may not be used there; empty if it may.
std::string Objection(const Measured& measured) {
  if (!measured.create || !measured.remove || !measured.rename) {
    return "a change does not move the stamp of its directory";
  }
  const bool local = measured.trust == StampTrust::kLocal;
  const int64_t allowed_ns = local ? kTrustAgeNs : kForeignTrustAgeNs;
  const int64_t step_ns = measured.granularity_ns.value_or(kLongestWatchNs);
  if (step_ns > kTrustAgeNs - kTickNs) return "its stamps are too coarse";
  if (-measured.ahead_ns > allowed_ns - step_ns) {
    return "its clock is too far behind this machine's";
  }
  return "";
}

std::string Verdict(const Measured& measured) {
  const std::string objection = Objection(measured);
  if (!objection.empty()) {
    return "not safe: " + objection + "; use --no-cache";
  }
  if (measured.trust == StampTrust::kLocal) {
    return "safe: a directory is believed " + Seconds(kTrustAgeNs) +
           " after its last change";
  }
  return "safe: its clock is not known to be ours, so a directory is believed "
         "when two runs " +
         Seconds(kTrustAgeNs) + " apart saw the same stamp";
}

std::string Line(std::string_view name, const std::string& value) {
  return absl::StrFormat("%-12s %s\n",
                         absl::string_view(name.data(), name.size()), value);
}

std::string Describe(const Measured& measured, const DoctorTools& tools,
                     const Host& host) {
  const auto moves = [](bool yes) {
    return std::string(yes ? "moves the stamp" : "does not move the stamp");
  };
  const std::string granularity =
      measured.granularity_ns ? Seconds(*measured.granularity_ns) +
                                    (measured.finer ? " or finer" : "")
                              : "more than " + Seconds(kLongestWatchNs / 2);
  const int64_t ahead_ns = measured.ahead_ns;
  const std::string skew =
      std::abs(ahead_ns) <= measured.granularity_ns.value_or(0) + kTickNs
          ? "agrees with this machine's"
          : Seconds(std::abs(ahead_ns)) +
                (ahead_ns > 0 ? " ahead of" : " behind") + " this machine's";
  const std::string whose = measured.trust == StampTrust::kLocal
                                ? "this machine's"
                                : "perhaps another's";
  return Line("file system",
              tools.mount_type.empty() ? "unknown" : tools.mount_type) +
         Line("create", moves(measured.create)) +
         Line("delete", moves(measured.remove)) +
         Line("rename", moves(measured.rename)) +
         Line("granularity", granularity) + Line("clock", whose + "; " + skew) +
         Line("descriptors", absl::StrCat(host.max_open_files)) +
         Line("inotify", tools.inotify_watches
                             ? absl::StrCat(*tools.inotify_watches, " watches")
                             : "none") +
         Line("verdict", Verdict(measured));
}

}  // namespace

ExitCode RunDoctor(const std::vector<std::string>& arguments,
                   Session& session) {
  const SubcommandSpec& self = GetSubcommand(Subcommand::kDoctor);
  const absl::StatusOr<CommandLine> command =
      ParseSubcommandLine(self, arguments);
  const auto fail = [&session](const std::string& message) {
    Report(*session.err).Line(message);
    return ExitCode::kFailed;
  };
  if (!command.ok()) return fail(std::string(command.status().message()));
  if (command->action == Action::kHelp) {
    return PrintText(HelpText(self), session);
  }
  const std::vector<std::string>& roots = command->operands;
  if (roots.size() > 1) return fail("doctor: more than one ROOT");
  if (!roots.empty() && roots[0].empty()) return fail("doctor: ROOT is empty");
  const std::string root = roots.empty() ? "." : roots[0];
  const DoctorTools tools = {.mount_type = MountType(root),
                             .inotify_watches = MostInotifyWatches(),
                             .sleep = SleepNs};
  return Doctor(root, tools, session);
}

ExitCode Doctor(const std::string& root, const DoctorTools& tools,
                Session& session) {
  Report report(*session.err);
  const auto fail = [&](SystemError error) {
    report.Line(root + ": " + error.Message());
    return ExitCode::kFailed;
  };
  const auto opened = session.files->OpenDirectory(DirectoryHandle(), root,
                                                   SymlinkPolicy::kFollow);
  if (!opened.ok()) return fail(opened.error());
  Probe probe(tools, session);
  if (const Outcome made = probe.Make(root); !made.ok()) {
    return fail(made.error());
  }
  const Result<Measured> measured = probe.Measure();
  if (!measured.ok()) return fail(measured.error());
  return PrintText(
      Describe(measured.value(), tools, session.host), session,
      Objection(measured.value()).empty() ? ExitCode::kDone : ExitCode::kNo);
}

}  // namespace finder
