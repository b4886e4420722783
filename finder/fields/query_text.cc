#include "finder/fields/query_text.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/fields/field.h"
#include "fs/path.h"

namespace finder {
namespace {

// Appends `text` so that it can be told where it ends, whatever its bytes.
void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c >= ' ' && c < 0x7f) {
      out += c;
    } else {
      absl::StrAppend(
          &out, "\\x",
          absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  out += '"';
}

// Of texts that mean the same, one.
std::string Canonical(TextRule rule, const std::string& text) {
  if (rule == TextRule::kPath) return CleanPath(text);
  const bool dotted = rule == TextRule::kExtension && text.starts_with('.');
  return dotted ? text.substr(1) : text;
}

// Returns what stands behind the field's name; none if it is not set.
std::optional<std::string> TextOf(const Field& field, const Query& query) {
  std::string out;
  switch (field.kind) {
    case FieldKind::kTexts: {
      std::vector<std::string> texts;
      for (const std::string& text : query.*field.texts.of_query) {
        texts.push_back(Canonical(field.rule, text));
      }
      std::sort(texts.begin(), texts.end());
      texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
      for (const std::string& text : texts) {
        out += ' ';
        AppendQuoted(text, out);
      }
      break;
    }
    case FieldKind::kNumber:
      if (const std::optional<uint64_t> number = field.number.get(query)) {
        absl::StrAppend(&out, " ", *number);
      }
      break;
    case FieldKind::kTypes:
      if (query.types.any()) out = ' ' + TypeLetters(query.types);
      break;
    case FieldKind::kFlag:
      if (field.flag.get == nullptr || !field.flag.get(View(), query)) break;
      return out;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

// `exclude` is the view's, but for this list of it.
bool IsOfQuery(const Field& field) {
  return field.owner == FieldOwner::kQuery || field.texts.of_query != nullptr;
}

}  // namespace

std::string CanonicalText(const Query& query) {
  std::string out = "finder query 1\n";
  for (const Field& field : AllFields()) {
    if (!IsOfQuery(field)) continue;
    const std::optional<std::string> text = TextOf(field, query);
    if (!text.has_value()) continue;
    out += field.on_disk();
    out += *text;
    out += '\n';
  }
  return out;
}

}  // namespace finder
