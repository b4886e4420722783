#include "cmd/doctor_finding.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/output/printed_number.h"
#include "finder/tree/stamp.h"

namespace finder {
namespace {

using Text = std::optional<std::string>;

// With as many a walk keeps all threads busy and parents open.
constexpr uint64_t kEnoughOpenFiles = 1024;

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
bool IsTooFarBehind(const Examined& examined) {
  const MeasuredStamps& stamps = *examined.stamps;
  const bool server = examined.volume.trust == StampTrust::kServer;
  const int64_t allowed_ns = server ? kForeignTrustAgeNs : kTrustAgeNs;
  return -stamps.ahead_ns > allowed_ns - StepNs(stamps);
}

// What its stamps prove, doc/consistency.md.
std::string TrustText(const Volume& volume) {
  switch (volume.trust) {
    case StampTrust::kLocal:
      return "its stamps are believed";
    case StampTrust::kServer:
      return "its stamps are believed once a directory is opened";
    case StampTrust::kMount:
    case StampTrust::kLayers:
      return volume.mount.empty()
                 ? "this kernel does not tell one mount of it from the next, "
                   "so nothing is believed"
                 : "its stamps are believed as long as it stays mounted";
    case StampTrust::kNever:
      break;
  }
  return "its stamps prove nothing, so all of it is listed on every run";
}

Text FileSystemText(const Examined& examined) {
  const std::string& type = examined.mount_type;
  return (type.empty() ? "unknown" : type) + "; " + TrustText(examined.volume);
}

Text RootText(const Examined& examined) {
  if (!examined.is_listed_always) return std::nullopt;
  return examined.volume.trust == StampTrust::kLayers
             ? "merged from several layers, so it is listed on every run; "
               "others may be as well"
             : "the top of a subvolume, so it is listed on every run";
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
  const std::string whose = examined.volume.trust == StampTrust::kServer
                                ? "a server's"
                                : "this machine's";
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
  if (IsTooFarBehind(examined)) {
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
    return objection + "; use --no-cache";
  }
  if (!examined.stamps) return "safe, until it is mounted anew";
  if (examined.volume.trust == StampTrust::kServer) {
    return "safe: its clock is not ours, so a directory is believed when two "
           "runs " +
           Seconds(kTrustAgeNs) + " apart saw the same stamp";
  }
  return "safe: a directory is believed " + Seconds(kTrustAgeNs) +
         " after its last change";
}

struct Examiner {
  std::string_view name;
  Text (*describe)(const Examined& examined);  // none: not found out
};

constexpr Examiner kExaminers[] = {
    {"file system", FileSystemText},
    {"root", RootText},
    {"create", CreateText},
    {"delete", DeleteText},
    {"rename", RenameText},
    {"granularity", GranularityText},
    {"clock", ClockText},
    {"descriptors", DescriptorsText},
    {"inotify", InotifyText},
    {"verdict", VerdictText},
};

}  // namespace

std::string Objection(const Examined& examined) {
  const Volume& volume = examined.volume;
  if (volume.trust == StampTrust::kNever ||
      (IsBoundToMount(volume.trust) && volume.mount.empty())) {
    return "no gain: the answer is right, and takes as long as a walk";
  }
  if (!examined.stamps) return "";
  const MeasuredStamps& stamps = *examined.stamps;
  if (!stamps.create || !stamps.remove || !stamps.rename) {
    return "not safe: a change does not move the stamp of its directory";
  }
  if (IsTooCoarse(stamps)) return "not safe: its stamps are too coarse";
  if (IsTooFarBehind(examined)) {
    return "not safe: its clock is too far behind this machine's";
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
