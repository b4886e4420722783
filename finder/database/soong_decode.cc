// The reading half of soong_format.h.
#include <fmt/core.h>
#include <simdjson.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "finder/database/soong_format.h"
#include "finder/tree/child_links.h"

namespace finder {
namespace {

namespace ondemand = simdjson::ondemand;

// U+FFFD in UTF-8: what the Go tool wrote for bytes it could not represent.
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool HoldsLostBytes(std::string_view name) {
  return name.find(kReplacement) != std::string_view::npos;
}

// A file of this format does not say when its directories were stamped. All of
// that happened before it was written, and no scan takes longer than this.
constexpr int64_t kLongestScanNs = int64_t{600} * 1'000'000'000;

// Directories of one piece of work.
constexpr uint32_t kPieceDirectories = 256;

struct Fact {
  std::string path;  // absolute, with a '/' at its end: sorts in pre-order
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t change_ns = 0;
  bool lost_name = false;
  std::vector<std::string> files;
};

absl::Status Malformed(size_t line) {
  return absl::InvalidArgumentError(
      fmt::format("Soong database is damaged: line {}", line));
}

bool GetText(simdjson::simdjson_result<ondemand::value> value,
             std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool DecodeFiles(simdjson::simdjson_result<ondemand::value> result,
                 Fact& fact) {
  ondemand::value value;
  if (result.get(value) != simdjson::SUCCESS) return false;
  bool is_null;
  if (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) return true;
  ondemand::array names;
  if (value.get_array().get(names) != simdjson::SUCCESS) return false;
  for (auto element : names) {
    std::string name;
    if (!GetText(element, name)) return false;
    if (name.empty() || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos) {
      return false;
    }
    if (HoldsLostBytes(name)) fact.lost_name = true;
    fact.files.push_back(std::move(name));
  }
  return true;
}

bool DecodeDirectory(ondemand::object object, std::string_view root,
                     uint64_t device, std::vector<Fact>& facts) {
  Fact fact;
  std::string below;
  if (!GetText(object["P"], below) ||
      object["T"].get_int64().get(fact.change_ns) != simdjson::SUCCESS ||
      object["I"].get_uint64().get(fact.inode) != simdjson::SUCCESS ||
      !DecodeFiles(object["F"], fact)) {
    return false;
  }
  fact.device = device;
  fact.path = root;
  if (!fact.path.ends_with('/')) fact.path += '/';
  if (!below.empty()) fact.path += below + '/';
  facts.push_back(std::move(fact));
  return true;
}

bool DecodeGroup(ondemand::object group, std::vector<Fact>& facts) {
  uint64_t device;
  std::string root;
  ondemand::array directories;
  if (group["Device"].get_uint64().get(device) != simdjson::SUCCESS ||
      !GetText(group["Root"], root) || !root.starts_with('/') ||
      group["Dirs"].get_array().get(directories) != simdjson::SUCCESS) {
    return false;
  }
  for (auto element : directories) {
    ondemand::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS ||
        !DecodeDirectory(object, root, device, facts)) {
      return false;
    }
  }
  return true;
}

bool DecodeLine(std::string_view line, std::vector<Fact>& facts) {
  const simdjson::padded_string text(line);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::array groups;
  if (parser.iterate(text).get(document) != simdjson::SUCCESS ||
      document.get_array().get(groups) != simdjson::SUCCESS) {
    return false;
  }
  for (auto element : groups) {
    ondemand::object group;
    if (element.get_object().get(group) != simdjson::SUCCESS ||
        !DecodeGroup(group, facts)) {
      return false;
    }
  }
  return true;
}

// The name of the directory at `path`, which ends with '/'.
std::string_view LastComponent(std::string_view path) {
  path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

// Turns sorted facts into a tree.
class TreeBuilder {
 public:
  TreeBuilder(const LoadRequest& request, int64_t trusted_before_ns)
      : request_(request),
        trusted_before_ns_(trusted_before_ns),
        arena_(database_.tree.NewArena()) {}

  LoadedDatabase Build(const std::vector<Fact>& facts) {
    Directory* const all = arena_.NewArray<Directory>(facts.size());
    uint32_t count = 0;
    for (const Fact& fact : facts) {
      if (Place(fact, all[count])) {
        Fill(fact, all[count]);
        ++count;
      } else {
        all[count] = Directory();
      }
    }
    for (uint32_t i = 0; i < count; i += kPieceDirectories) {
      database_.pieces.push_back(
          {all + i, std::min(kPieceDirectories, count - i)});
    }
    database_.directories = count;
    return std::move(database_);
  }

 private:
  struct Level {
    std::string_view path;
    Directory* directory;
    Directory* last_child;
  };

  // Links `d` below its parent; false if the facts lack the parent and it is
  // no root.
  bool Place(const Fact& fact, Directory& d) {
    while (!spine_.empty() && !fact.path.starts_with(spine_.back().path)) {
      spine_.pop_back();
    }
    std::string absolute = fact.path;
    if (absolute.size() > 1) absolute.pop_back();
    const auto& roots = request_.absolute_roots;
    if (spine_.empty()) {
      if (std::find(roots.begin(), roots.end(), absolute) == roots.end()) {
        return false;
      }
      database_.tree.known.push_back({"", absolute, &d});
    } else {
      Level& above = spine_.back();
      const std::string_view name = LastComponent(fact.path);
      // The same directory twice, or one whose parent is missing.
      if (above.path.size() + name.size() + 1 != fact.path.size()) return false;
      d.set_name(arena_.Copy(name));
      // The name is lost, so the parent must be asked for it.
      if (HoldsLostBytes(name)) above.directory->trusted = false;
      ChildLinks::Add(*above.directory, above.last_child, d);
      above.last_child = &d;
    }
    spine_.push_back({fact.path, &d, nullptr});
    return true;
  }

  void Fill(const Fact& fact, Directory& d) {
    listing_.Clear();
    for (const std::string& name : fact.files) {
      listing_.Add(name, EntryKind::kFile);
    }
    char* bytes = arena_.AllocateBytes(listing_.size_bytes());
    listing_.Write(bytes);
    d.set_listing({bytes, listing_.size_bytes()});
    d.knowledge = Knowledge::kListed;
    d.kinds_unknown = !fact.files.empty();
    d.inode = fact.inode;
    d.change_ns = fact.change_ns;
    d.device = DeviceIndex(fact.device);
    d.trusted = !fact.lost_name && fact.change_ns < trusted_before_ns_;
    d.excluded = request_.rules->Excludes(d.name());
  }

  uint16_t DeviceIndex(uint64_t number) {
    std::vector<Device>& devices = database_.tree.devices;
    const auto is_it = [number](const Device& d) { return d.number == number; };
    const auto found = std::find_if(devices.begin(), devices.end(), is_it);
    const auto index = static_cast<size_t>(found - devices.begin());
    if (index >= kNoDevice) return kNoDevice;
    if (found == devices.end()) devices.push_back({number, std::nullopt});
    return static_cast<uint16_t>(index);
  }

  const LoadRequest& request_;
  const int64_t trusted_before_ns_;
  LoadedDatabase database_;
  Arena& arena_;
  ListingBuilder listing_;
  std::vector<Level> spine_;
};

}  // namespace

absl::StatusOr<LoadedDatabase> DecodeSoong(std::string_view text,
                                           const LoadRequest& request,
                                           int64_t written_ns) {
  if (!text.starts_with(kSoongFirstLine)) {
    return absl::InvalidArgumentError("file is not a Soong database");
  }
  if (request.view->links == LinkPolicy::kFollow) {
    return absl::InvalidArgumentError(
        "Soong database does not tell which directories are behind symlinks");
  }
  const uint64_t bytes = text.size();
  text.remove_prefix(kSoongFirstLine.size());
  SoongRequest ours;
  ours.view = request.view;
  ours.working_directory = request.working_directory;
  ours.view_id = request.view_id;
  const size_t end = std::min(text.find('\n'), text.size());
  if (text.substr(0, end) != EncodeSoongConfiguration(ours)) {
    return absl::InvalidArgumentError(
        "Soong database was made for another configuration");
  }
  text.remove_prefix(std::min(end + 1, text.size()));
  std::vector<Fact> facts;
  for (size_t line = 3; !text.empty(); ++line) {
    const size_t newline = std::min(text.find('\n'), text.size());
    // The last line has no newline: one at the end is where a cut was made.
    if (newline + 1 == text.size()) return Malformed(line);
    if (!DecodeLine(text.substr(0, newline), facts)) return Malformed(line);
    text.remove_prefix(std::min(newline + 1, text.size()));
  }
  std::sort(facts.begin(), facts.end(),
            [](const Fact& a, const Fact& b) { return a.path < b.path; });
  const int64_t before =
      std::min(written_ns - kLongestScanNs, request.now.realtime_ns) -
      kTrustAgeNs;
  LoadedDatabase database = TreeBuilder(request, before).Build(facts);
  if (database.tree.known.empty()) {
    return absl::InvalidArgumentError("Soong database does not hold the roots");
  }
  database.keep = request.view->StoredKeep();
  database.blind_excludes = request.view->exclude_dirs;
  database.blind_prunes = request.view->prune_files;
  database.scanned_at_ns = written_ns;
  database.bytes = bytes;
  database.legacy = true;
  return database;
}

}  // namespace finder
