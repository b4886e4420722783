#include "cmd/doctor_finding.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/printed_number.h"
#include "finder/tree/stamp.h"

namespace finder {
namespace {

using Text = std::optional<std::string>;

// With as many a walk keeps all threads busy and parents open.
constexpr uint64_t kEnoughOpenFiles = 1024;

constexpr std::string_view kMadeUp[] = {
    "proc",       "sysfs",    "cgroup",      "cgroup2", "debugfs",
    "tracefs",    "configfs", "securityfs",  "bpf",     "pstore",
    "selinuxfs",  "efivarfs", "binfmt_misc", "fusectl", "devpts",
    "rpc_pipefs", "autofs",
};

std::string Seconds(int64_t ns) {
  return absl::StrFormat("%.3f s", static_cast<double>(ns) / 1e9);
}

int64_t StepNs(const MeasuredStamps& stamps) {
  return stamps.granularity_ns.value_or(kLongestWatchNs);
}

bool IsTooCoarse(const MeasuredStamps& stamps) {
  return StepNs(stamps) > kTrustAgeNs - kTickNs;
}

// Whether a change could bear a stamp that is believed already.
bool IsTooFarBehind(const MeasuredStamps& stamps) {
  const bool local = stamps.clock == ClockSource::kLocal;
  const int64_t allowed_ns = local ? kTrustAgeNs : kForeignTrustAgeNs;
  return -stamps.ahead_ns > allowed_ns - StepNs(stamps);
}

Text FileSystemText(const Examined& examined) {
  const std::string& type = examined.mount_type;
  if (type.empty()) return "unknown, which does not matter";
  if (!IsMadeUp(type)) return type;
  return type +
         ": the kernel makes up what is in it, and no stamp tells of a change";
}

Text ChangeText(const Examined& examined, bool MeasuredStamps::*moves) {
  if (!examined.stamps) return std::nullopt;
  return (*examined.stamps).*moves
             ? "moves the stamp of the directory, so it is noticed"
             : "does not move the stamp of the directory, so it would be "
               "missed; use --no-cache";
}

Text CreateText(const Examined& examined) {
  return ChangeText(examined, &MeasuredStamps::create);
}
Text DeleteText(const Examined& examined) {
  return ChangeText(examined, &MeasuredStamps::remove);
}
Text RenameText(const Examined& examined) {
  return ChangeText(examined, &MeasuredStamps::rename);
}

Text GranularityText(const Examined& examined) {
  if (!examined.stamps) return std::nullopt;
  const MeasuredStamps& stamps = *examined.stamps;
  const std::string step =
      stamps.granularity_ns
          ? Seconds(*stamps.granularity_ns) + (stamps.finer ? " or finer" : "")
          : "more than " + Seconds(kLongestWatchNs / 2);
  if (IsTooCoarse(stamps)) {
    return step + ", too coarse to tell two changes apart; use --no-cache";
  }
  return step + ", fine enough";
}

Text ClockText(const Examined& examined) {
  if (!examined.stamps) return std::nullopt;
  const MeasuredStamps& stamps = *examined.stamps;
  const std::string whose = stamps.clock == ClockSource::kLocal
                                ? "this machine's"
                                : "perhaps another machine's";
  const int64_t ahead_ns = stamps.ahead_ns;
  if (std::abs(ahead_ns) <= stamps.granularity_ns.value_or(0) + kTickNs) {
    return whose + ", and right";
  }
  const std::string off = whose + ", but " + Seconds(std::abs(ahead_ns)) +
                          (ahead_ns > 0 ? " ahead" : " behind");
  if (ahead_ns > 0) {
    return off +
           ": what changes is listed again for that long; set the clocks "
           "alike to save that";
  }
  if (IsTooFarBehind(stamps)) {
    return off +
           ": changes could be missed; set the clocks alike, or use "
           "--no-cache";
  }
  return off + ", which is allowed for";
}

Text DescriptorsText(const Examined& examined) {
  const std::string number = WithCommas(examined.max_open_files);
  if (examined.max_open_files >= kEnoughOpenFiles) {
    return number + " may be open at once, enough for all threads";
  }
  return number +
         " may be open at once, so that few threads work; raise it with "
         "ulimit -n " +
         std::to_string(kEnoughOpenFiles);
}

Text InotifyText(const Examined& examined) {
  return (examined.inotify_watches
              ? WithCommas(*examined.inotify_watches) + " watches"
              : "none") +
         std::string("; not used by this version");
}

Text VerdictText(const Examined& examined) {
  const std::string objection = Objection(examined);
  if (!objection.empty()) {
    return "not safe: " + objection + "; use --no-cache";
  }
  if (examined.stamps->clock == ClockSource::kLocal) {
    return "safe: a directory is believed " + Seconds(kTrustAgeNs) +
           " after its last change";
  }
  return "safe: its clock is not known to be ours, so a directory is believed "
         "when two runs " +
         Seconds(kTrustAgeNs) + " apart saw the same stamp";
}

struct Examiner {
  std::string_view name;
  Text (*describe)(const Examined& examined);  // none: not found out
};

constexpr Examiner kExaminers[] = {
    {"file system", FileSystemText},  {"create", CreateText},
    {"delete", DeleteText},           {"rename", RenameText},
    {"granularity", GranularityText}, {"clock", ClockText},
    {"descriptors", DescriptorsText}, {"inotify", InotifyText},
    {"verdict", VerdictText},
};

}  // namespace

bool IsMadeUp(std::string_view mount_type) {
  return std::find(std::begin(kMadeUp), std::end(kMadeUp), mount_type) !=
         std::end(kMadeUp);
}

std::string Objection(const Examined& examined) {
  if (!examined.stamps) return "nothing is kept of what the kernel makes up";
  const MeasuredStamps& stamps = *examined.stamps;
  if (!stamps.create || !stamps.remove || !stamps.rename) {
    return "a change does not move the stamp of its directory";
  }
  if (IsTooCoarse(stamps)) return "its stamps are too coarse";
  if (IsTooFarBehind(stamps)) {
    return "its clock is too far behind this machine's";
  }
  return "";
}

std::vector<Finding> FindingsOf(const Examined& examined) {
  std::vector<Finding> findings;
  for (const auto& [name, describe] : kExaminers) {
    if (Text text = describe(examined)) {
      findings.push_back({name, *std::move(text)});
    }
  }
  return findings;
}

}  // namespace finder
