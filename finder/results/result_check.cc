#include "finder/results/result_check.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/object_kind.h"
#include "finder/kept/object_kinds.h"
#include "finder/results/hashes/kept_hashes.h"
#include "finder/results/payload_files.h"
#include "finder/results/result_key.h"
#include "finder/results/result_record.h"

namespace finder {
namespace {

absl::Status CheckResult(const CacheDirectory& cache, const std::string& key,
                         std::string_view text) {
  const auto record = DecodeRecord(text, OutsideOutputs::kAllowed);
  if (!record.ok()) return record.status();
  const auto ingredients = DecodeIngredients(text);
  if (!ingredients.ok()) return ingredients.status();
  if (key != std::string(kResultObject.key_prefix) + record->key) {
    return absl::DataLossError("the result of another key");
  }
  const PayloadLayout layout = LayOutPayloads(*record);
  const std::vector<ContentHash> hashes = PayloadHashes(*record);
  for (size_t i = 0; i < layout.places.size(); ++i) {
    PayloadPlace place = layout.places[i];
    place.path = cache.layout().Entry(key) + "/" + PartName(layout.part_of[i]);
    absl::Status read =
        ReadChecked(*cache.environment().files, place, hashes[i],
                    [](std::string_view) { return absl::OkStatus(); });
    if (!read.ok()) return read;
  }
  return absl::OkStatus();
}

absl::Status CheckText(const ObjectKind& kind, std::string_view text) {
  bool sound = true;
  if (kind.name == kManifestObject.name) {
    return DecodeInputSets(text).status();
  }
  if (kind.name == kHashesObject.name) sound = DecodeHashes(text).has_value();
  if (kind.name == kCommandObject.name) {
    sound = text.ends_with('\n') &&
            ParseResultKey(text.substr(0, text.size() - 1)).has_value();
  }
  return sound ? absl::OkStatus() : absl::DataLossError("damaged");
}

}  // namespace

absl::Status CheckResultEntry(const CacheDirectory& cache,
                              const std::string& key, std::string_view bytes) {
  const ObjectKind& kind = cache.KindOf(key);
  absl::Status status = kind.name == kResultObject.name
                            ? CheckResult(cache, key, bytes)
                            : CheckText(kind, bytes);
  if (absl::IsInvalidArgument(status)) {
    status = absl::DataLossError(status.message());
  }
  return status;
}

}  // namespace finder
