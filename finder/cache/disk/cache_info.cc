#include "finder/cache/disk/cache_info.h"

#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

namespace ondemand = simdjson::ondemand;

// What tells a cache.info from somebody else's file of this name.
constexpr std::string_view kProgramKey = "program";
constexpr std::string_view kProgram = "finder";

constexpr std::string_view kPlainName = "plain";
constexpr std::string_view kZstdName = "zstd";
// Format 1 has this name for the size of whatever an entry holds.
constexpr std::string_view kDataBytesKey = "database_bytes";
constexpr std::string_view kPrivateName = "private";
constexpr std::string_view kGroupName = "group";

// Writes the members of one JSON object.
class ObjectWriter {
 public:
  void String(std::string_view key, std::string_view value) {
    Key(key);
    AppendJsonString(value, text_);
  }
  template <typename T>
  void Number(std::string_view key, T value) {
    Key(key);
    absl::StrAppend(&text_, value);
  }
  // null stands for none.
  template <typename T>
  void Optional(std::string_view key, std::optional<T> value) {
    if (value) return Number(key, *value);
    Key(key);
    text_.append("null");
  }
  void Strings(std::string_view key, const std::vector<std::string>& values) {
    Key(key);
    text_ += '[';
    for (const std::string& value : values) {
      if (text_.back() != '[') text_ += ',';
      AppendJsonString(value, text_);
    }
    text_ += ']';
  }
  std::string Finish() && { return std::move(text_.append("}\n")); }

 private:
  void Key(std::string_view key) {
    text_ += text_.empty() ? '{' : ',';
    text_.append("\"").append(key).append("\":");
  }

  std::string text_;
};

// Each reads one value; false if it is of another type or out of range.
bool Read(ondemand::value value, std::string& to) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  to.clear();
  return AppendUnescapedBytes(text, to);
}
bool Read(ondemand::value value, int64_t& to) {
  return value.get_int64().get(to) == simdjson::SUCCESS;
}
bool Read(ondemand::value value, uint64_t& to) {
  return value.get_uint64().get(to) == simdjson::SUCCESS;
}
template <typename T>
bool Read(ondemand::value value, std::optional<T>& to) {
  if (value.is_null()) {
    to = std::nullopt;
    return true;
  }
  T number = 0;
  if (!Read(value, number) || number < 0) return false;
  to = number;
  return true;
}
bool Read(ondemand::value value, std::vector<std::string>& to) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return false;
  to.clear();
  for (auto item : array) {
    ondemand::value element;
    std::string text;
    if (item.get(element) != simdjson::SUCCESS || !Read(element, text)) {
      return false;
    }
    to.push_back(std::move(text));
  }
  return true;
}
template <typename Enum>
bool ReadChoice(ondemand::value value, std::string_view first, Enum first_value,
                std::string_view second, Enum second_value, Enum& to) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  to = text == second ? second_value : first_value;
  return text == first || text == second;
}

// Calls `read(key, value)` for each member; it returns false to fail.
template <typename ReadMember>
bool ForEachMember(ondemand::document& document, ReadMember read) {
  ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return false;
  for (auto member : object) {
    std::string_view key;
    ondemand::value value;
    ondemand::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return false;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    value = field.value();
    if (!read(key, value)) return false;
  }
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

bool ReadCacheMember(std::string_view key, ondemand::value value,
                     CacheInfo& info) {
  if (key == "format") return Read(value, info.format);
  // What follows may have been given another meaning.
  if (info.format > kCacheFormat) return true;
  if (key == "boot_id") return Read(value, info.boot_id);
  if (key == "created_ns") return Read(value, info.created_ns);
  if (key == "max_bytes") return Read(value, info.limits.max_bytes);
  if (key == "max_entries") return Read(value, info.limits.max_entries);
  if (key == "max_age_ns") return Read(value, info.limits.max_age_ns);
  if (key == "sharing") {
    return ReadChoice(value, kPrivateName, CacheSharing::kPrivate, kGroupName,
                      CacheSharing::kGroup, info.sharing);
  }
  return true;
}

// What the cache does not know is the owner's, if it is of a type that owners
// use.
bool ReadDescription(std::string_view key, ondemand::value value,
                     ObjectDescription& description) {
  DescribedValue described;
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == ondemand::json_type::string) {
    if (!Read(value, described.value.emplace<std::string>())) return false;
  } else if (type == ondemand::json_type::number) {
    if (!Read(value, described.value.emplace<uint64_t>())) return true;
  } else if (type == ondemand::json_type::array) {
    auto& strings = described.value.emplace<std::vector<std::string>>();
    if (!Read(value, strings)) return true;
  } else {
    return true;
  }
  described.name = key;
  description.push_back(std::move(described));
  return true;
}

bool ReadEntryMember(std::string_view key, ondemand::value value,
                     EntryInfo& info) {
  if (key == "key") return Read(value, info.key);
  if (key == "kind") return Read(value, info.kind);
  if (key == "created_ns") return Read(value, info.created_ns);
  if (key == kDataBytesKey) return Read(value, info.data_bytes);
  if (key == "accounted_bytes") return Read(value, info.accounted_bytes);
  if (key == "packing") {
    return ReadChoice(value, kPlainName, Packing::kPlain, kZstdName,
                      Packing::kZstd, info.packing);
  }
  return ReadDescription(key, value, info.description);
}

// Writes values of each type.
struct DescriptionWriter {
  ObjectWriter& writer;
  const std::string& name;

  void operator()(const std::string& text) const { writer.String(name, text); }
  void operator()(const std::vector<std::string>& texts) const {
    writer.Strings(name, texts);
  }
  void operator()(uint64_t number) const { writer.Number(name, number); }
};

}  // namespace

std::string EncodeCacheInfo(const CacheInfo& info) {
  ObjectWriter writer;
  writer.String(kProgramKey, kProgram);
  writer.Number("format", info.format);
  writer.String("boot_id", info.boot_id);
  writer.Number("created_ns", info.created_ns);
  writer.Optional("max_bytes", info.limits.max_bytes);
  writer.Optional("max_entries", info.limits.max_entries);
  writer.Optional("max_age_ns", info.limits.max_age_ns);
  writer.String("sharing", info.sharing == CacheSharing::kGroup ? kGroupName
                                                                : kPrivateName);
  return std::move(writer).Finish();
}

std::string EncodeEntryInfo(const EntryInfo& info) {
  ObjectWriter writer;
  writer.Number("format", kCacheFormat);
  writer.String("key", info.key);
  writer.String("kind", info.kind);
  writer.Number("created_ns", info.created_ns);
  writer.Number(kDataBytesKey, info.data_bytes);
  writer.Number("accounted_bytes", info.accounted_bytes);
  writer.String("packing",
                info.packing == Packing::kZstd ? kZstdName : kPlainName);
  for (const DescribedValue& described : info.description) {
    std::visit(DescriptionWriter{writer, described.name}, described.value);
  }
  return std::move(writer).Finish();
}

class EntryInfoDecoder::Parser {
 public:
  // False if the text is no JSON object, or `read` says so.
  template <typename ReadMember>
  bool Parse(std::string_view text, ReadMember read) {
    const size_t wanted = text.size() + simdjson::SIMDJSON_PADDING;
    if (buffer_.size() < wanted) buffer_.resize(2 * wanted);
    std::copy(text.begin(), text.end(), buffer_.begin());
    ondemand::document document;
    if (parser_.iterate(buffer_.data(), text.size(), buffer_.size())
            .get(document) != simdjson::SUCCESS) {
      return false;
    }
    return ForEachMember(document, read);
  }

 private:
  ondemand::parser parser_;
  std::string buffer_;
};

EntryInfoDecoder::EntryInfoDecoder() : parser_(std::make_unique<Parser>()) {}
EntryInfoDecoder::~EntryInfoDecoder() = default;

std::optional<EntryInfo> EntryInfoDecoder::Decode(std::string_view text) {
  EntryInfo info;
  int64_t format = 0;
  const bool parsed =
      parser_->Parse(text, [&](std::string_view key, ondemand::value value) {
        if (key == "format") return Read(value, format);
        return format > kCacheFormat || ReadEntryMember(key, value, info);
      });
  if (!parsed || format < 1 || format > kCacheFormat || info.key.empty()) {
    return std::nullopt;
  }
  return info;
}

std::optional<CacheInfo> DecodeCacheInfo(std::string_view text) {
  CacheInfo info;
  info.format = 0;
  simdjson::padded_string padded(text);
  ondemand::parser parser;
  ondemand::document document;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::string program;
  const bool parsed =
      ForEachMember(document, [&](std::string_view key, ondemand::value value) {
        return key == kProgramKey ? Read(value, program)
                                  : ReadCacheMember(key, value, info);
      });
  if (!parsed || info.format < 1) return std::nullopt;
  if (info.format <= kCacheFormat && program != kProgram) return std::nullopt;
  return info;
}

}  // namespace finder
