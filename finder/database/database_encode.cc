// The writing half of database_format.h.
#include <charconv>
#include <optional>

#include "finder/database/database_format.h"
#include "finder/database/database_record.h"
#include "finder/text/checksum.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

template <typename Integer>
void AppendNumber(Integer value, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, end.ptr);
}

void AppendStrings(const std::vector<std::string>& strings, std::string& out) {
  out += '[';
  for (size_t i = 0; i < strings.size(); ++i) {
    if (i != 0) out += ',';
    AppendJsonString(strings[i], out);
  }
  out += ']';
}

void AppendDevice(const Device& device, std::string& out) {
  out += '[';
  AppendNumber(device.number, out);
  if (const std::optional<Volume>& volume = device.volume) {
    out += ",\"";
    out += TrustName(volume->trust);
    out += "\",";
    AppendJsonString(volume->identity, out);
    out += ',';
    AppendJsonString(volume->mount, out);
  }
  out += ']';
}

void AppendKey(std::string_view key, std::string& out) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += key;
  out += "\":";
}

// Enough for a record's numbers, and for most names.
constexpr size_t kMostFactsBytes = 1024;

// What a symlink points to is no fact: it is stored as a symlink.
std::string_view WithoutLinkTargets(Listing listing, std::string& scratch) {
  scratch = listing.bytes();
  for (auto it = listing.begin(); !it.at_end(); ++it) {
    if (it->kind == EntryKind::kLinkToDirectory) {
      scratch[it->offset - 1] = static_cast<char>(EntryKind::kSymlink);
    }
  }
  return scratch;
}

// `"name",change,inode,"listing"` of a directory that has not changed.
std::string_view StoredText(const Directory& d) {
  const char* begin = d.name_bytes - 1;
  const char* end = d.listing_bytes + d.listing_size + 1;
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

std::string_view TrustName(StampTrust trust) {
  switch (trust) {
    case StampTrust::kNever:
      break;
    case StampTrust::kLocal:
      return "local";
    case StampTrust::kServer:
      return "server";
    case StampTrust::kMount:
      return "mount";
    case StampTrust::kLayers:
      return "layers";
  }
  return "never";
}

std::string EncodeHeader(const DatabaseHeader& header) {
  std::string out(kDatabaseFirstLine);
  out += '{';
  AppendKey("writer", out);
  AppendJsonString(header.writer, out);
  AppendKey("view", out);
  AppendJsonString(header.view_id, out);
  AppendKey("roots", out);
  AppendStrings(header.roots, out);
  AppendKey("names", out);
  AppendStrings(header.keep.names, out);
  AppendKey("suffixes", out);
  AppendStrings(header.keep.suffixes, out);
  AppendKey("follow", out);
  out += header.links == LinkPolicy::kFollow ? "true" : "false";
  AppendKey("blind_excludes", out);
  AppendStrings(header.blind_excludes, out);
  AppendKey("blind_prunes", out);
  AppendStrings(header.blind_prunes, out);
  AppendKey("boot", out);
  AppendJsonString(header.boot_id, out);
  AppendKey("time", out);
  AppendNumber(header.time.realtime_ns, out);
  AppendKey("uptime", out);
  AppendNumber(header.time.boottime_ns, out);
  AppendKey("devices", out);
  out += '[';
  for (size_t i = 0; i < header.devices.size(); ++i) {
    if (i != 0) out += ',';
    AppendDevice(header.devices[i], out);
  }
  out += "]}\n";
  return out;
}

std::string EncodeTrailer(const DatabaseTrailer& trailer) {
  uint64_t directories = 0;
  uint64_t files = 0;
  std::string out = "{\"blocks\":[";
  for (const BlockInfo& block : trailer.blocks) {
    if (directories != 0) out += ',';
    directories += block.directories;
    files += block.files;
    out += '[';
    AppendNumber(block.size_bytes, out);
    out += ',';
    AppendNumber(block.directories, out);
    out += ',';
    AppendNumber(block.files, out);
    out += ",\"" + Hex64(block.checksum) + "\"]";
  }
  out += ']';
  AppendKey("directories", out);
  AppendNumber(directories, out);
  AppendKey("files", out);
  AppendNumber(files, out);
  AppendKey("header", out);
  out += '"' + Hex64(trailer.header_checksum) + '"';
  // The sum of everything before it, so that the sums are protected as well.
  const uint64_t sum = Checksum64(out);
  AppendKey("sum", out);
  out += '"' + Hex64(sum) + "\"}\n";
  return out;
}

void BlockEncoder::Begin(size_t root, uint16_t device,
                         std::string_view parent_path) {
  device_ = device;
  info_ = BlockInfo();
  line_.clear();
  line_ += '[';
  AppendNumber(root, line_);
  line_ += ',';
  AppendNumber(device, line_);
  line_ += ',';
  AppendJsonString(parent_path, line_);
}

void BlockEncoder::Add(const Directory& directory, size_t depth) {
  ++info_.directories;
  // A huge listing would be copied each time the line grows.
  if (directory.listing_size > line_.capacity() - line_.size()) {
    line_.reserve(line_.size() + directory.listing_size + kMostFactsBytes);
  }
  line_ += ",[";
  AppendNumber(depth, line_);
  line_ += ',';
  if (directory.as_stored && directory.block != Directory::kNoBlock) {
    line_ += StoredText(directory);
  } else if (!AddFacts(directory)) {
    line_ += ']';
    return;
  }
  info_.files += directory.listing().CountEntries();
  const unsigned flags = (directory.trusted ? 0 : kFlagUntrusted) |
                         (directory.via_link ? kFlagViaLink : 0);
  if (flags != 0 || directory.device != device_) {
    line_ += ',';
    AppendNumber(flags, line_);
  }
  if (directory.device != device_) {
    line_ += ',';
    AppendNumber(directory.device, line_);
  }
  line_ += ']';
}

// False if there is no more than a name.
bool BlockEncoder::AddFacts(const Directory& directory) {
  AppendJsonString(directory.name(), line_);
  if (directory.knowledge != Knowledge::kListed) return false;
  line_ += ',';
  AppendNumber(directory.change_ns, line_);
  line_ += ',';
  AppendNumber(directory.inode, line_);
  line_ += ',';
  AppendJsonString(directory.has_special
                       ? WithoutLinkTargets(directory.listing(), scratch_)
                       : directory.listing().bytes(),
                   line_);
  return true;
}

BlockInfo BlockEncoder::Finish() {
  line_ += ']';
  info_.size_bytes = line_.size();
  info_.checksum = Checksum64(line_);
  return info_;
}

}  // namespace finder
