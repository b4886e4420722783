// The reading half of database_format.h.
#include <fmt/core.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

#include "finder/database/database_format.h"
#include "finder/database/database_record.h"
#include "finder/text/checksum.h"
#include "finder/text/json_cursor.h"
#include "finder/text/json_string.h"
#include "finder/tree/child_links.h"

namespace finder {
namespace {

namespace ondemand = simdjson::ondemand;

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("{} is malformed", what));
}

bool GetBytes(simdjson::simdjson_result<ondemand::value> value,
              std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  return AppendUnescapedBytes(text, out);
}

bool GetStrings(ondemand::object& object, std::string_view key,
                std::vector<std::string>& out) {
  ondemand::array array;
  if (object[key].get_array().get(array) != simdjson::SUCCESS) return false;
  for (auto element : array) {
    std::string text;
    if (!GetBytes(element, text)) return false;
    out.push_back(std::move(text));
  }
  return true;
}

bool GetHex64(simdjson::simdjson_result<ondemand::value> value, uint64_t& out) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  if (text.size() != 16) return false;
  out = 0;
  for (char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return false;
    out = out << 4 | static_cast<uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return true;
}

template <typename Integer>
bool GetNumber(simdjson::simdjson_result<ondemand::value> value, Integer& out) {
  if constexpr (std::is_signed_v<Integer>) {
    int64_t number;
    if (value.get_int64().get(number) != simdjson::SUCCESS) return false;
    out = number;
  } else {
    uint64_t number;
    if (value.get_uint64().get(number) != simdjson::SUCCESS) return false;
    if (number > std::numeric_limits<Integer>::max()) return false;
    out = static_cast<Integer>(number);
  }
  return true;
}

bool DecodeBlockInfo(ondemand::array fields, BlockInfo& info) {
  size_t index = 0;
  bool ok = true;
  for (auto field : fields) {
    if (field.error() != simdjson::SUCCESS) return false;
    switch (index++) {
      case 0:
        ok = GetNumber(field, info.size_bytes);
        break;
      case 1:
        ok = GetNumber(field, info.directories);
        break;
      case 2:
        ok = GetNumber(field, info.files);
        break;
      case 3:
        ok = GetHex64(field, info.checksum);
        break;
      default:
        return false;
    }
    if (!ok) return false;
  }
  return index == 4;
}

// False for a name of a later version: what it proves is not known.
bool GetTrust(simdjson::simdjson_result<ondemand::value> value,
              StampTrust& trust) {
  std::string_view name;
  if (value.get_string().get(name) != simdjson::SUCCESS) return false;
  for (const StampTrust one :
       {StampTrust::kNever, StampTrust::kLocal, StampTrust::kServer,
        StampTrust::kMount, StampTrust::kLayers}) {
    if (name != TrustName(one)) continue;
    trust = one;
    return true;
  }
  return false;
}

// A number, and perhaps the volume: trust, identity and mount.
bool DecodeDevice(ondemand::array fields, Device& device) {
  size_t index = 0;
  Volume volume;
  for (auto field : fields) {
    if (field.error() != simdjson::SUCCESS) return false;
    const bool ok = index == 0   ? GetNumber(field, device.number)
                    : index == 1 ? GetTrust(field, volume.trust)
                    : index == 2 ? GetBytes(field, volume.identity)
                    : index == 3 ? GetBytes(field, volume.mount)
                                 : false;
    if (!ok) return false;
    ++index;
  }
  if (index == 4) device.volume = std::move(volume);
  return index == 1 || index == 4;
}

}  // namespace

absl::StatusOr<DatabaseHeader> DecodeHeader(std::string_view line) {
  const simdjson::padded_string text(line);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(text).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    return Malformed("header");
  }
  DatabaseHeader header;
  bool follow = false;
  const bool ok =
      GetBytes(object["writer"], header.writer) &&
      GetBytes(object["view"], header.view_id) &&
      GetStrings(object, "roots", header.roots) &&
      GetStrings(object, "names", header.keep.names) &&
      GetStrings(object, "suffixes", header.keep.suffixes) &&
      object["follow"].get_bool().get(follow) == simdjson::SUCCESS &&
      GetStrings(object, "blind_excludes", header.blind_excludes) &&
      GetStrings(object, "blind_prunes", header.blind_prunes) &&
      GetBytes(object["boot"], header.boot_id) &&
      GetNumber(object["time"], header.time.realtime_ns) &&
      GetNumber(object["uptime"], header.time.boottime_ns);
  if (!ok) return Malformed("header");
  header.links = follow ? LinkPolicy::kFollow : LinkPolicy::kNoFollow;
  ondemand::array devices;
  if (object["devices"].get_array().get(devices) != simdjson::SUCCESS) {
    return Malformed("header");
  }
  for (auto fields : devices) {
    ondemand::array device;
    if (fields.get_array().get(device) != simdjson::SUCCESS ||
        !DecodeDevice(device, header.devices.emplace_back())) {
      return Malformed("header");
    }
  }
  return header;
}

absl::StatusOr<DatabaseTrailer> DecodeTrailer(std::string_view line) {
  // `,"sum":"<16 digits>"}` ends the line and protects all before it.
  constexpr size_t kSumBytes = 8 + 16 + 2;
  if (line.size() < kSumBytes) return Malformed("trailer");
  const simdjson::padded_string text(line);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  ondemand::array blocks;
  if (parser.iterate(text).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS ||
      object["blocks"].get_array().get(blocks) != simdjson::SUCCESS) {
    return Malformed("trailer");
  }
  DatabaseTrailer trailer;
  uint64_t directories = 0;
  uint64_t files = 0;
  for (auto block : blocks) {
    ondemand::array fields;
    if (block.get_array().get(fields) != simdjson::SUCCESS) {
      return Malformed("trailer");
    }
    BlockInfo& info = trailer.blocks.emplace_back();
    if (!DecodeBlockInfo(fields, info)) return Malformed("trailer");
    directories += info.directories;
    files += info.files;
  }
  uint64_t stated_directories;
  uint64_t stated_files;
  uint64_t sum;
  if (!GetNumber(object["directories"], stated_directories) ||
      !GetNumber(object["files"], stated_files) ||
      !GetHex64(object["header"], trailer.header_checksum) ||
      !GetHex64(object["sum"], sum)) {
    return Malformed("trailer");
  }
  if (sum != Checksum64(line.substr(0, line.size() - kSumBytes)) ||
      directories != stated_directories || files != stated_files) {
    return absl::InvalidArgumentError("trailer's checksum differs");
  }
  return trailer;
}

// Parses one block at a time into a DecodedBlock.
class BlockDecoder::Parser {
 public:
  absl::StatusOr<DecodedBlock> Decode(std::string_view line,
                                      const BlockInfo& info, uint32_t block,
                                      size_t devices, Arena& arena);

 private:
  bool DecodeAll(JsonCursor& text);
  bool DecodeRecord(JsonCursor& text);
  bool DecodeFacts(JsonCursor& text, bool plain_name, Directory& d);
  bool Link(Directory& d);
  // A view of the text itself, or a decoded copy if it has escapes.
  bool TakeText(JsonCursor& text, size_t most_bytes, std::string_view& out,
                bool& plain);

  std::string scratch_;
  Arena* arena_ = nullptr;
  size_t devices_ = 0;
  uint32_t block_ = 0;
  uint32_t capacity_ = 0;
  uint16_t block_device_ = kNoDevice;
  uint32_t depth_ = 0;
  // The last directory at each depth from that of the first one on; null where
  // it lies in an earlier block.
  std::vector<Directory*> spine_;
  DecodedBlock decoded_;
};

bool BlockDecoder::Parser::TakeText(JsonCursor& text, size_t most_bytes,
                                    std::string_view& out, bool& plain) {
  if (!text.TakeString(out, plain, scratch_) || out.size() > most_bytes) {
    return false;
  }
  if (!plain) out = arena_->Copy(out);
  return true;
}

bool BlockDecoder::Parser::Link(Directory& d) {
  if (decoded_.count == 0) spine_.assign(depth_ + size_t{1}, nullptr);
  if (depth_ > spine_.size()) return false;
  spine_.resize(depth_ + size_t{1});
  Directory* before = spine_[depth_];
  d.parent = depth_ == 0 ? nullptr : spine_[depth_ - 1];
  if (d.parent == nullptr) {
    decoded_.tops.push_back({&d, depth_});
  } else {
    ChildLinks::Add(*d.parent, before, d);
  }
  spine_[depth_] = &d;
  return true;
}

// What follows the name: `,change,inode,"listing"` and perhaps flags and the
// device.
bool BlockDecoder::Parser::DecodeFacts(JsonCursor& text, bool plain_name,
                                       Directory& d) {
  std::string_view listing;
  bool plain_listing = false;
  if (!text.TakeSigned(d.change_ns) || !text.Take(',') ||
      !text.TakeNumber(d.inode) || !text.Take(',') ||
      !TakeText(text, std::numeric_limits<uint32_t>::max(), listing,
                plain_listing)) {
    return false;
  }
  unsigned flags = 0;
  if (text.Take(',')) {
    if (!text.TakeNumber(flags) || flags > kAllFlags) return false;
    if (text.Take(',') && !text.TakeNumber(d.device)) return false;
  }
  if (d.device >= devices_) return false;
  d.set_listing(listing);
  d.knowledge = Knowledge::kListed;
  d.trusted = (flags & kFlagUntrusted) == 0;
  d.via_link = (flags & kFlagViaLink) != 0;
  d.has_special = d.listing().HasSpecial();
  // What symlinks point to is written into a copy of the listing.
  d.as_stored = plain_name && plain_listing && !d.has_special;
  decoded_.latest_change_ns = std::max(decoded_.latest_change_ns, d.change_ns);
  return true;
}

bool BlockDecoder::Parser::DecodeRecord(JsonCursor& text) {
  if (decoded_.count == capacity_) return false;
  Directory& d = decoded_.directories[decoded_.count];
  d.block = block_;
  std::string_view name;
  bool plain = false;
  if (!text.Take('[') || !text.TakeNumber(depth_) || !text.Take(',') ||
      !TakeText(text, std::numeric_limits<uint16_t>::max(), name, plain) ||
      name.find('/') != std::string_view::npos) {
    return false;
  }
  d.set_name(name);
  if (text.Take(',')) {
    d.device = block_device_;
    if (!DecodeFacts(text, plain, d)) return false;
  }
  // Depths that no path can have would cost memory without end.
  if (decoded_.count == 0 && depth_ > decoded_.parent_path.size() + 1) {
    return false;
  }
  if (!Link(d)) return false;
  ++decoded_.count;
  return text.Take(']');
}

bool BlockDecoder::Parser::DecodeAll(JsonCursor& text) {
  std::string_view parent_path;
  bool plain = false;
  if (!text.Take('[') || !text.TakeNumber(decoded_.root) || !text.Take(',') ||
      !text.TakeNumber(block_device_) || !text.Take(',') ||
      !text.TakeString(parent_path, plain, scratch_)) {
    return false;
  }
  decoded_.parent_path = parent_path;
  while (text.Take(',')) {
    if (!DecodeRecord(text)) return false;
  }
  return text.Take(']') && text.at_end();
}

absl::StatusOr<DecodedBlock> BlockDecoder::Parser::Decode(std::string_view line,
                                                          const BlockInfo& info,
                                                          uint32_t block,
                                                          size_t devices,
                                                          Arena& arena) {
  if (line.size() != info.size_bytes || Checksum64(line) != info.checksum) {
    return absl::InvalidArgumentError(
        fmt::format("block {}'s checksum differs", block));
  }
  const std::string name = fmt::format("block {}", block);
  if (info.directories > line.size() / kLeastRecordBytes) {
    return Malformed(name);
  }
  arena_ = &arena;
  devices_ = devices;
  block_ = block;
  capacity_ = info.directories;
  decoded_ = DecodedBlock();
  decoded_.directories = arena.NewArray<Directory>(capacity_);
  JsonCursor text(line);
  if (!DecodeAll(text) || decoded_.count != capacity_ || capacity_ == 0) {
    return Malformed(name);
  }
  return std::move(decoded_);
}

BlockDecoder::BlockDecoder() : parser_(std::make_unique<Parser>()) {}
BlockDecoder::~BlockDecoder() = default;

absl::StatusOr<DecodedBlock> BlockDecoder::Decode(std::string_view line,
                                                  const BlockInfo& info,
                                                  uint32_t block,
                                                  size_t devices,
                                                  Arena& arena) {
  return parser_->Decode(line, info, block, devices, arena);
}

}  // namespace finder
