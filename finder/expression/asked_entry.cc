#include "finder/expression/asked_entry.h"

#include <errno.h>

namespace finder {

void AppendComponent(std::string_view name, std::string& path) {
  if (path.empty() || path.back() != '/') path += '/';
  path += name;
}

Result<FileDetails> FollowedDetails(FileSystem& files, std::string_view path) {
  Result<FileDetails> target = files.Details({}, path, SymlinkPolicy::kFollow);
  if (target.ok()) return target;
  const int code = target.error().code();
  if (code != ENOENT && code != ENOTDIR) return target;
  return files.Details({}, path, SymlinkPolicy::kNoFollow);
}

const std::string& AskedEntry::path() {
  if (!has_path_) {
    has_path_ = true;
    known_.path->resize(known_.path_size);
    if (known_.adds_name) AppendComponent(known_.name, *known_.path);
  }
  return *known_.path;
}

void AskedEntry::MovePathTo(std::string& path) {
  path.assign(AskedEntry::path());
  known_.path = &path;
}

Result<FileDetails> AskedEntry::Ask(SymlinkPolicy links) {
  if (links == SymlinkPolicy::kFollow) return FollowedDetails(*files_, path());
  return files_->Details({}, path(), links);
}

const Result<FileDetails>& AskedEntry::Details() {
  if (!details_) details_ = Ask(known_.links);
  return *details_;
}

const Result<FileDetails>& AskedEntry::OtherDetails() {
  if (!other_details_) {
    other_details_ =
        Ask(known_.links == SymlinkPolicy::kFollow ? SymlinkPolicy::kNoFollow
                                                   : SymlinkPolicy::kFollow);
  }
  return *other_details_;
}

const Result<std::string>& AskedEntry::LinkTarget() {
  if (!link_target_) link_target_ = files_->ReadLink({}, path());
  return *link_target_;
}

const Result<bool>& AskedEntry::IsEmptyDirectory() {
  if (is_empty_) return *is_empty_;
  if (known_.is_empty) return is_empty_.emplace(*known_.is_empty);
  const Result<DirectoryHandle> directory =
      files_->OpenDirectory({}, path(), known_.links);
  if (!directory.ok()) return is_empty_.emplace(directory.error());
  bool empty = true;
  const Outcome listed =
      files_->List(directory.value(),
                   [&empty](std::string_view, EntryKind) { empty = false; });
  if (!listed.ok()) return is_empty_.emplace(listed.error());
  return is_empty_.emplace(empty);
}

}  // namespace finder
