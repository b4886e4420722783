// Writing the database.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "finder/database/soong_format.h"
#include "finder/facade/finder_impl.h"

namespace finder {
namespace {

// Devices come and go with mounts. A walk of the whole tree finds those that
// are gone; a few of them do no harm.
constexpr size_t kDevicesWorthAWalk = 16;

}  // namespace

KeepRules Finder::Impl::StoredKeep() const {
  return loaded_.database.has_value() ? loaded_.database->keep
                                      : options_.view.StoredKeep();
}

absl::StatusOr<StoredCounts> Finder::Impl::SaveNative(const std::string& path) {
  SaveRequest request;
  request.header.writer = options_.writer;
  request.header.view_id = options_.view_id;
  request.header.keep = StoredKeep();
  request.header.links = options_.view.links;
  request.header.boot_id = environment_.host.boot_id;
  request.header.time = ended_;
  if (loaded_.database.has_value()) {
    request.header.blind_excludes = loaded_.database->blind_excludes;
    request.header.blind_prunes = loaded_.database->blind_prunes;
    request.loaded = &*loaded_.database;
  }
  if (tree_->devices.size() > kDevicesWorthAWalk) tree_->FreeUnusedDevices();
  request.tree = tree_;
  request.permissions = Permissions();
  SaveCounts counts;
  absl::Status status = SaveDatabase(*environment_.files, path, request, pool_,
                                     Workers(directories_), counts);
  metrics_.blocks_copied = counts.blocks_copied;
  metrics_.blocks_encoded = counts.blocks_encoded;
  metrics_.bytes_written = counts.bytes;
  if (!status.ok()) return status;
  return StoredCounts{counts.directories, counts.files};
}

absl::StatusOr<StoredCounts> Finder::Impl::SaveSoong(const std::string& path) {
  SoongRequest request;
  request.view = &options_.view;
  request.tree = tree_;
  request.working_directory = environment_.working_directory;
  request.view_id = options_.view_id;
  request.processors = environment_.host.processors;
  const std::string text = EncodeSoong(request);
  const auto fail = [&path](SystemError error) {
    return absl::UnavailableError(
        fmt::format("{}: cannot write database: {}", path, error.Message()));
  };
  auto file = environment_.files->CreateFile(path, Permissions());
  if (!file.ok()) return fail(file.error());
  Outcome outcome = file.value()->Append(text);
  if (outcome.ok()) outcome = file.value()->Commit();
  if (!outcome.ok()) return fail(outcome.error());
  metrics_.bytes_written = text.size();
  return StoredCounts{};  // the format has none
}

bool Finder::Impl::NeedsSaving() const {
  const bool has_facts = std::any_of(
      tree_->roots.begin(), tree_->roots.end(),
      [](const Root& root) { return root.kind == RootKind::kDirectory; });
  return has_facts && options_.cache != CacheUse::kNone &&
         (facts_changed_ || (options_.store_unchanged && !is_saved_));
}

absl::StatusOr<StoredCounts> Finder::Impl::WriteDatabase(
    const std::string& path) {
  const PhaseTimer timer = TimePhase("save", "save");
  return options_.format == DatabaseFormat::kSoong ? SaveSoong(path)
                                                   : SaveNative(path);
}

void Finder::Impl::NoteSaved() {
  metrics_.database_written = true;
  facts_changed_ = other_format_ = false;
  is_stored_ = is_saved_ = true;
}

absl::Status Finder::Impl::Save() {
  if (!NeedsSaving()) return absl::OkStatus();
  const absl::StatusOr<StoredCounts> written = WriteDatabase(options_.database);
  if (!written.ok()) return written.status();
  NoteSaved();
  return absl::OkStatus();
}

}  // namespace finder
