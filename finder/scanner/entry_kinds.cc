#include "finder/scanner/entry_kinds.h"

namespace finder {
namespace {

Result<FileStat> StatEntry(const EntryBase& base, std::string_view name,
                           SymlinkPolicy symlinks) {
  if (base.prefix.empty()) {
    return base.files.Stat(base.handle, name, symlinks);
  }
  std::string path(base.prefix);
  path += name;
  return base.files.Stat(base.handle, path, symlinks);
}

}  // namespace

EntryKind LinkTarget(const EntryBase& base, std::string_view name,
                     FileStat* target) {
  const Result<FileStat> stat = StatEntry(base, name, SymlinkPolicy::kFollow);
  if (!stat.ok() || stat->kind != EntryKind::kDirectory) {
    return EntryKind::kSymlink;
  }
  if (target != nullptr) *target = stat.value();
  return EntryKind::kLinkToDirectory;
}

uint64_t ResolveLinks(const EntryBase& base, Directory& d, Arena& arena,
                      absl::FunctionRef<bool(std::string_view)> asked) {
  uint64_t stat_calls = 0;
  char* copy = nullptr;
  for (auto it = d.listing().begin(); !it.at_end(); ++it) {
    if (!IsLink(it->kind) || !asked(it->name)) continue;
    ++stat_calls;
    const EntryKind kind = LinkTarget(base, it->name);
    if (kind == it->kind) continue;
    if (copy == nullptr) {
      copy = const_cast<char*>(arena.Copy(d.listing().bytes()).data());
    }
    copy[it->offset - 1] = static_cast<char>(kind);
  }
  if (copy != nullptr) d.listing_bytes = copy;
  return stat_calls;
}

uint64_t ResolveKinds(const EntryBase& base, Directory& d, Arena& arena) {
  uint64_t stat_calls = 0;
  ListingBuilder listing;
  for (auto it = d.listing().begin(); !it.at_end(); ++it) {
    ++stat_calls;
    const Result<FileStat> stat =
        StatEntry(base, it->name, SymlinkPolicy::kNoFollow);
    if (!stat.ok() || stat->kind == EntryKind::kDirectory) continue;
    EntryKind kind = EntryKind::kFile;
    if (stat->kind == EntryKind::kOther) kind = EntryKind::kOther;
    if (stat->kind == EntryKind::kSymlink) {
      ++stat_calls;
      kind = LinkTarget(base, it->name);
    }
    listing.Add(it->name, kind);
  }
  const size_t size = listing.size_bytes();
  char* bytes = arena.AllocateBytes(size);
  listing.Write(bytes);
  d.set_listing({bytes, size});
  d.has_special = listing.has_special();
  d.kinds_unknown = false;
  return stat_calls;
}

bool SameFacts(Listing a, Listing b) {
  if (a.bytes() == b.bytes()) return true;
  if (a.bytes().size() != b.bytes().size()) return false;
  auto x = a.begin();
  auto y = b.begin();
  for (; !x.at_end() && !y.at_end(); ++x, ++y) {
    const bool same_kind =
        x->kind == y->kind || (IsLink(x->kind) && IsLink(y->kind));
    if (x->name != y->name || !same_kind) return false;
  }
  return x.at_end() && y.at_end();
}

}  // namespace finder
