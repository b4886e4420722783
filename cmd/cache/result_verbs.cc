#include "cmd/cache/result_verbs.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/cache/cache_report.h"
#include "cmd/cache/result_report.h"
#include "cmd/output/printed_text.h"
#include "cmd/output/report.h"
#include "finder/cache/cache_listing.h"
#include "finder/kept/object_kinds.h"
#include "finder/results/result_record.h"

namespace finder {
namespace {

ExitCode Say(const std::string& what, ExitCode code, Program& program) {
  Report(*program.err).Line(what);
  return code;
}

// The lines of a record are JSON already.
std::string JsonOf(const ListedEntry& entry, std::string_view record) {
  const size_t head = record.find('\n') + 1;
  const size_t tail = record.find('\n', head) + 1;
  std::string text = "{\"entry\":" + EntryJson(entry) + ",\"record\":";
  text.append(record.substr(head, tail - 1 - head));
  text.append(",\"ingredients\":");
  text.append(record.substr(tail, record.size() - 1 - tail));
  return text + "}\n";
}

}  // namespace

ExitCode ShowResult(CacheDirectory& cache, std::string_view digits,
                    ReportForm form, Program& program) {
  if (digits.starts_with(kResultObject.key_prefix)) {
    digits.remove_prefix(kResultObject.key_prefix.size());
  }
  const std::string prefix =
      std::string(kResultObject.key_prefix) + std::string(digits);
  const absl::StatusOr<CacheListing> listing = ListCache(cache);
  if (!listing.ok()) {
    return Say(std::string(listing.status().message()), ExitCode::kFailed,
               program);
  }
  std::vector<const ListedEntry*> found;
  for (const ListedEntry& entry : listing->entries) {
    if (entry.key.starts_with(prefix)) found.push_back(&entry);
  }
  const std::string shown = "cache: show " + std::string(digits);
  if (found.empty()) {
    return Say(shown + ": no such result", ExitCode::kNo, program);
  }
  if (found.size() > 1) {
    return Say(shown + ": the keys of " + std::to_string(found.size()) +
                   " results begin so",
               ExitCode::kFailed, program);
  }
  const ListedEntry& entry = *found.front();
  const absl::StatusOr<std::string> text = cache.ReadEntry(entry.key);
  const auto fail = [&](const absl::Status& status) {
    return Say(entry.key + ": " + std::string(status.message()),
               ExitCode::kFailed, program);
  };
  if (!text.ok()) return fail(text.status());
  const auto record = DecodeRecord(*text, OutsideOutputs::kAllowed);
  if (!record.ok()) return fail(record.status());
  if (form == ReportForm::kJson)
    return PrintText(JsonOf(entry, *text), program);
  const auto ingredients = DecodeIngredients(*text);
  if (!ingredients.ok()) return fail(ingredients.status());
  return PrintText(
      ResultText(entry, *record, *ingredients, program.clock->RealtimeNs()),
      program);
}

bool IsMeantByKind(std::string_view word, const ObjectKind& kind) {
  if (kind.name == word) return true;
  return word == kResultObject.name && (kind.name == kManifestObject.name ||
                                        kind.name == kCommandObject.name);
}

}  // namespace finder
