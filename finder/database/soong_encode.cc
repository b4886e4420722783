// The writing half of soong_format.h.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "finder/database/soong_format.h"
#include "finder/text/json_string.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// As Go's encoding/json writes a string: HTML-safe, with bytes that are not
// UTF-8 replaced by U+FFFD.
void AppendGoString(std::string_view bytes, std::string& out) {
  out += '"';
  for (size_t i = 0; i < bytes.size();) {
    const size_t length = Utf8SequenceLength(bytes.substr(i));
    const std::string_view piece = bytes.substr(i, std::max<size_t>(length, 1));
    i += piece.size();
    const unsigned char c = static_cast<unsigned char>(piece[0]);
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += piece;
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&') {
      out += fmt::format("\\u{:04x}", c);
    } else if (piece == "\u2028" || piece == "\u2029") {
      out += piece == "\u2028" ? "\\u2028" : "\\u2029";
    } else {
      out += piece;
    }
  }
  out += '"';
}

// An option that was never given is null there.
void AppendGoStrings(const std::vector<std::string>& strings,
                     std::string& out) {
  if (strings.empty()) {
    out += "null";
    return;
  }
  char before = '[';
  for (const std::string& text : strings) {
    out += before;
    AppendGoString(text, out);
    before = ',';
  }
  out += ']';
}

struct SoongDirectory {
  std::string path;  // absolute
  const Directory* directory = nullptr;
};

void Collect(const Root& root, std::vector<SoongDirectory>& out) {
  const Directory* top = root.directory;
  VisitTree(*top, [&](const Directory& d) {
    const bool seen = &d == top || d.visible();
    if (seen && d.knowledge == Knowledge::kListed) {
      std::string path = root.absolute;
      if (&d != top) {
        if (path.back() != '/') path += '/';
        AppendRelativePath(d, path);
      }
      out.push_back({std::move(path), &d});
    }
    return seen && d.open() ? Descent::kInside : Descent::kOver;
  });
}

// The deepest directory that holds both, without the slash at its end.
std::string_view CommonAncestor(std::string_view a, std::string_view b) {
  size_t same = 0;
  for (size_t i = 0;; ++i) {
    const bool a_ends = i == a.size() || a[i] == '/';
    const bool b_ends = i == b.size() || b[i] == '/';
    if (a_ends && b_ends) same = i;
    if (i == a.size() || i == b.size() || a[i] != b[i]) break;
  }
  return same == 0 ? "/" : a.substr(0, same);
}

class SoongEncoder {
 public:
  explicit SoongEncoder(const SoongRequest& request)
      : request_(request), keep_(request.view->keep) {}

  // One block: a group for each device, in order of first appearance.
  void AppendBlock(const SoongDirectory* begin, const SoongDirectory* end,
                   std::string& out) {
    std::vector<uint16_t> devices;
    for (const SoongDirectory* d = begin; d != end; ++d) {
      const uint16_t device = d->directory->device;
      if (std::find(devices.begin(), devices.end(), device) == devices.end()) {
        devices.push_back(device);
      }
    }
    char before = '[';
    for (uint16_t device : devices) {
      out += before;
      before = ',';
      AppendGroup(begin, end, device, out);
    }
    out += ']';
  }

 private:
  void AppendGroup(const SoongDirectory* begin, const SoongDirectory* end,
                   uint16_t device, std::string& out) {
    std::optional<std::string_view> ancestor;
    for (const SoongDirectory* d = begin; d != end; ++d) {
      if (d->directory->device != device) continue;
      ancestor = CommonAncestor(ancestor.value_or(d->path), d->path);
    }
    out += fmt::format("{{\"Device\":{},\"Root\":",
                       request_.tree->devices[device].number);
    AppendGoString(*ancestor, out);
    out += ",\"Dirs\":";
    char before = '[';
    for (const SoongDirectory* d = begin; d != end; ++d) {
      if (d->directory->device != device) continue;
      out += before;
      before = ',';
      std::string_view below = d->path;
      below.remove_prefix(std::min(ancestor->size(), below.size()));
      if (below.starts_with('/')) below.remove_prefix(1);
      out += "{\"P\":";
      AppendGoString(below, out);
      out += fmt::format(",\"T\":{},\"I\":{},\"F\":", d->directory->change_ns,
                         d->directory->inode);
      AppendFiles(*d->directory, out);
      out += '}';
    }
    out += "]}";
  }

  void AppendFiles(const Directory& d, std::string& out) {
    if (d.listing().empty()) {
      out += "null";
      return;
    }
    out += '[';
    const size_t start = out.size();
    for (auto it = d.listing().begin(); !d.pruned && !it.at_end(); ++it) {
      if (it->kind == EntryKind::kLinkToDirectory) continue;
      if (!keep_.Keeps(it->name)) continue;
      if (out.size() != start) out += ',';
      AppendGoString(it->name, out);
    }
    out += ']';
  }

  const SoongRequest& request_;
  const KeepFilter keep_;
};

}  // namespace

std::string EncodeSoongConfiguration(const SoongRequest& request) {
  const View& view = *request.view;
  std::vector<std::string> roots = view.roots;
  if (roots.empty()) roots.push_back(".");
  std::string out = "{\"WorkingDirectory\":";
  AppendGoString(request.working_directory, out);
  out += ",\"RootDirs\":";
  AppendGoStrings(roots, out);
  out += ",\"FollowSymlinks\":";
  out += view.links == LinkPolicy::kFollow ? "true" : "false";
  out += ",\"ExcludeDirs\":";
  AppendGoStrings(view.exclude_dirs, out);
  out += ",\"PruneFiles\":";
  AppendGoStrings(view.prune_files, out);
  out += ",\"IncludeFiles\":";
  AppendGoStrings(view.keep.names, out);
  out += ",\"IncludeSuffixes\":";
  AppendGoStrings(view.keep.suffixes, out);
  out += ",\"FilesystemView\":";
  AppendGoString(request.view_id, out);
  out += '}';
  return out;
}

std::string EncodeSoong(const SoongRequest& request) {
  std::vector<SoongDirectory> directories;
  for (const Root& root : request.tree->roots) {
    if (root.kind == RootKind::kDirectory) Collect(root, directories);
  }
  std::sort(directories.begin(), directories.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  std::string out(kSoongFirstLine);
  out += EncodeSoongConfiguration(request);
  const size_t count = directories.size();
  const size_t blocks = std::min<size_t>(count, size_t{2} * request.processors);
  SoongEncoder encoder(request);
  for (size_t i = 0; i < blocks; ++i) {
    out += '\n';
    encoder.AppendBlock(directories.data() + count * i / blocks,
                        directories.data() + count * (i + 1) / blocks, out);
  }
  return out;
}

}  // namespace finder
