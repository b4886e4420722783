#include "finder/answer/answer_state.h"

#include <simdjson.h>
#include <zstd.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "finder/fields/field.h"
#include "finder/fields/query_text.h"
#include "finder/text/checksum.h"
#include "finder/text/json_string.h"
#include "fs/path.h"

namespace finder {
namespace {

namespace ondemand = simdjson::ondemand;

// Sorted paths repeat so much that the fastest level gets nearly all of it.
constexpr int kLevel = 1;

// No sorted list of different paths is packed better than this. It keeps a
// malformed line from asking for memory without end.
constexpr uint64_t kMostRatio = 4096;

constexpr size_t kHexDigits = 32;

constexpr std::string_view kFirstLine = "finder answers 1\n";
constexpr size_t kSumBytes = kHexDigits + 1;  // with its newline

std::string Pack(std::string_view paths) {
  std::string packed(ZSTD_compressBound(paths.size()), '\0');
  const size_t size = ZSTD_compress(packed.data(), packed.size(), paths.data(),
                                    paths.size(), kLevel);
  if (ZSTD_isError(size) != 0) return "";
  packed.resize(size);
  return absl::Base64Escape(packed);
}

std::optional<std::string> Unpack(const std::string& text) {
  std::string packed;
  if (!absl::Base64Unescape(text, &packed)) return std::nullopt;
  const unsigned long long size =
      ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ||
      size > packed.size() * kMostRatio) {
    return std::nullopt;
  }
  std::string paths(size, '\0');
  const size_t unpacked =
      ZSTD_decompress(paths.data(), paths.size(), packed.data(), packed.size());
  if (ZSTD_isError(unpacked) != 0 || unpacked != size) return std::nullopt;
  return paths;
}

bool GetText(ondemand::object& object, std::string_view key, std::string& to) {
  std::string_view text;
  const auto error = object[key].get_string().get(text);
  if (error == simdjson::NO_SUCH_FIELD) return true;
  to = text;
  return error == simdjson::SUCCESS;
}

void AppendField(std::string_view key, std::string_view value,
                 std::string& out) {
  if (!out.ends_with('{')) out += ',';
  AppendJsonString(key, out);
  out += ':';
  AppendJsonString(value, out);
}

// Parts are ended by a NUL, which neither paths nor names hold.
class KeyText {
 public:
  void Add(std::string_view part) {
    text_ += part;
    text_ += '\0';
  }
  // A set, whatever the order.
  void AddSorted(std::vector<std::string> parts) {
    std::sort(parts.begin(), parts.end());
    AddAll(parts);
  }
  void AddAll(const std::vector<std::string>& parts) {
    for (const std::string& part : parts) Add(part);
    Add("");
  }
  std::string Hash() const { return Checksum128Hex(text_); }

 private:
  std::string text_;
};

bool IsSum(std::string_view text) {
  return text.size() == kHexDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

absl::Status Damaged(const char* what) {
  return absl::DataLossError(std::string("kept answers are damaged: ") + what);
}

// Reads a list of states of `document` that may be left out.
bool GetStates(ondemand::document& document, std::string_view key,
               std::vector<AnswerState>& to) {
  ondemand::array states;
  const auto error = document[key].get_array().get(states);
  if (error == simdjson::NO_SUCH_FIELD) return true;
  if (error != simdjson::SUCCESS) return false;
  for (auto element : states) {
    ondemand::object object;
    AnswerState state;
    if (element.get_object().get(object) != simdjson::SUCCESS ||
        !GetText(object, "key", state.key) ||
        !GetText(object, "digest", state.digest) || !IsSum(state.key) ||
        !IsSum(state.digest)) {
      return false;
    }
    to.push_back(std::move(state));
  }
  return true;
}

// The last line: the sum of all before it.
std::string SumLine(std::string_view text) {
  return Checksum128Hex(text) + "\n";
}

}  // namespace

absl::StatusOr<AnswerStates> AnswerStates::Decode(std::string_view text) {
  if (!text.starts_with(kFirstLine)) {
    return absl::DataLossError(text.starts_with(kAnswersMagic)
                                   ? "kept answers are of another version"
                                   : "no kept answers of finder");
  }
  if (text.size() < kFirstLine.size() + kSumBytes) return Damaged("cut short");
  const std::string_view summed = text.substr(0, text.size() - kSumBytes);
  if (text.substr(summed.size()) != SumLine(summed)) {
    return Damaged("the checksum differs");
  }
  AnswerStates states;
  const simdjson::padded_string line(summed.substr(kFirstLine.size()));
  ondemand::parser parser;
  ondemand::document document;
  ondemand::array answers;
  if (parser.iterate(line).get(document) != simdjson::SUCCESS ||
      document["answers"].get_array().get(answers) != simdjson::SUCCESS) {
    return Damaged("malformed");
  }
  for (auto element : answers) {
    ondemand::object object;
    Entry entry;
    if (element.get_object().get(object) != simdjson::SUCCESS ||
        !GetText(object, "key", entry.key) ||
        !GetText(object, "digest", entry.digest) ||
        !GetText(object, "paths_digest", entry.paths_digest) ||
        !GetText(object, "paths", entry.packed_paths) || !IsSum(entry.key) ||
        !IsSum(entry.digest) ||
        (!entry.paths_digest.empty() && !IsSum(entry.paths_digest))) {
      return Damaged("malformed");
    }
    states.entries_.push_back(std::move(entry));
  }
  if (!GetStates(document, "pending", states.pending_)) {
    return Damaged("malformed");
  }
  return states;
}

std::string AnswerStates::Encode() const {
  std::string out(kFirstLine);
  out += "{\"answers\":[";
  for (const Entry& entry : entries_) {
    if (!out.ends_with('[')) out += ',';
    out += '{';
    AppendField("key", entry.key, out);
    AppendField("digest", entry.digest, out);
    if (!entry.paths_digest.empty()) {
      AppendField("paths_digest", entry.paths_digest, out);
      AppendField("paths", entry.packed_paths, out);
    }
    out += '}';
  }
  out += ']';
  AppendPending(out);
  out += "}\n";
  out += SumLine(out);
  return out;
}

void AnswerStates::AppendPending(std::string& out) const {
  if (pending_.empty()) return;
  out += ",\"pending\":[";
  for (const AnswerState& state : pending_) {
    if (!out.ends_with('[')) out += ',';
    out += '{';
    AppendField("key", state.key, out);
    AppendField("digest", state.digest, out);
    out += '}';
  }
  out += ']';
}

const AnswerStates::Entry* AnswerStates::Find(std::string_view key) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(),
                   [key](const Entry& entry) { return entry.key == key; });
  return found == entries_.end() ? nullptr : &*found;
}

std::optional<std::string> AnswerStates::Digest(std::string_view key) const {
  const Entry* entry = Find(key);
  if (entry == nullptr) return std::nullopt;
  return entry->digest;
}

std::optional<std::string> AnswerStates::PathsDigest(
    std::string_view key) const {
  const Entry* entry = Find(key);
  if (entry == nullptr || entry->paths_digest.empty()) return std::nullopt;
  return entry->paths_digest;
}

std::optional<AnswerPaths> AnswerStates::Paths(std::string_view key) const {
  const Entry* entry = Find(key);
  if (entry == nullptr || entry->paths_digest.empty()) return std::nullopt;
  std::optional<std::string> paths = Unpack(entry->packed_paths);
  if (!paths.has_value() || Checksum128Hex(*paths) != entry->paths_digest) {
    return std::nullopt;
  }
  return AnswerPaths{entry->paths_digest, *std::move(paths)};
}

void AnswerStates::Keep(const AnswerState& state, const AnswerPaths* paths) {
  Entry entry;
  if (const Entry* known = Find(state.key); known != nullptr) {
    entry = *known;
    entries_.erase(entries_.begin() + (known - entries_.data()));
  }
  entry.key = state.key;
  entry.digest = state.digest;
  if (paths != nullptr && paths->digest != entry.paths_digest) {
    entry.packed_paths = Pack(paths->paths);
    entry.paths_digest = paths->digest;
  }
  entries_.insert(entries_.begin(), std::move(entry));
  DropOldest();
  DropPending(state.key);
}

std::optional<std::string> AnswerStates::Pending(std::string_view key) const {
  const auto found = std::find_if(
      pending_.begin(), pending_.end(),
      [key](const AnswerState& state) { return state.key == key; });
  if (found == pending_.end()) return std::nullopt;
  return found->digest;
}

void AnswerStates::SetPending(const AnswerState& state) {
  DropPending(state.key);
  pending_.insert(pending_.begin(), state);
  if (pending_.size() > kMostStates) pending_.resize(kMostStates);
}

void AnswerStates::DropPending(std::string_view key) {
  std::erase_if(pending_,
                [key](const AnswerState& state) { return state.key == key; });
}

bool AnswerStates::Promote(std::string_view key) {
  const std::optional<std::string> digest = Pending(key);
  if (!digest.has_value()) return false;
  Keep({std::string(key), *digest}, nullptr);
  return true;
}

void AnswerStates::DropOldest() {
  if (entries_.size() > kMostStates) entries_.resize(kMostStates);
  size_t packed_bytes = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    packed_bytes += entries_[i].packed_paths.size();
    // The newest is kept whatever it weighs.
    if (i > 0 && packed_bytes > kMostPackedBytes) {
      entries_.resize(i);
      return;
    }
  }
}

std::string AnswerKey(const View& view, const Query& query,
                      std::string_view working_directory,
                      std::string_view view_id, std::string_view path_style) {
  KeyText text;
  text.Add("finder answer 1");
  text.Add(view_id);
  text.Add(path_style);
  View canonical = view;
  for (std::string& root : canonical.roots) {
    // As it is printed, and where it is.
    root = CleanPath(root) + '\0' + AbsolutePath(root, working_directory);
  }
  canonical.keep.Canonicalize();
  for (const Field& field : AllFields()) {
    if (field.owner != FieldOwner::kView) continue;
    if (field.kind == FieldKind::kFlag) {
      const bool on = field.flag.get(view, query);
      if (on || !field.in_keys_if_set) text.Add(on ? field.on_disk() : "");
    } else if (field.texts.of_query == nullptr) {
      // Else it is the text of the query that has it, beside another field.
      text.AddSorted(Texts(field, canonical, query));
    }
  }
  text.Add(CanonicalText(query));
  return text.Hash();
}

}  // namespace finder
