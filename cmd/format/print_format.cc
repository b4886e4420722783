#include "cmd/format/print_format.h"

#include <stdio.h>

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/format/printed_field.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr uint32_t kPermissionBits = 07777;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// The character that a letter after a backslash stands for, or 0.
char EscapedCharacter(char letter) {
  switch (letter) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
      return '\\';
    default:
      return '\0';
  }
}

// Appends `value` as printf(3) converts it.
template <typename Value>
void AppendConverted(const std::string& conversion, Value value,
                     std::string& out) {
  char few[128];
  // The conversion is made here, for this type of value.
  const int size = snprintf(few, sizeof(few), conversion.c_str(), value);
  if (size < 0) return;
  const size_t begin = out.size();
  if (static_cast<size_t>(size) < sizeof(few)) {
    out.append(few, static_cast<size_t>(size));
    return;
  }
  out.resize(begin + static_cast<size_t>(size) + 1);
  snprintf(out.data() + begin, static_cast<size_t>(size) + 1,
           conversion.c_str(), value);
  out.pop_back();
}

}  // namespace

class PrintFormat::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<PrintFormat> Parse();

 private:
  bool at_end() const { return at_ == text_.size(); }
  void AddText(std::string_view text) { piece_.text += text; }
  void AddPiece() {
    format_.pieces_.push_back(std::move(piece_));
    piece_ = Piece();
  }
  template <typename... Words>
  void Warn(const Words&... words) {
    format_.warnings_.push_back(absl::StrCat(words...));
  }

  // What comes after a backslash, and after a '%'.
  void ParseEscape();
  void ParseOctal();
  absl::Status ParseDirective();
  void AddDirective(FieldKind kind, std::string_view flags, char directive);

  const std::string_view text_;
  size_t at_ = 0;
  Piece piece_;
  PrintFormat format_;
};

absl::StatusOr<PrintFormat> PrintFormat::Parser::Parse() {
  while (!at_end() && !format_.flushes_) {
    const char c = text_[at_++];
    if (c == '\\') {
      ParseEscape();
    } else if (c == '%') {
      const absl::Status parsed = ParseDirective();
      if (!parsed.ok()) return parsed;
    } else {
      piece_.text += c;
    }
  }
  AddPiece();
  return std::move(format_);
}

void PrintFormat::Parser::ParseEscape() {
  if (at_end()) {
    Warn("nothing follows the last '\\'");
    AddText("\\");
    return;
  }
  const char letter = text_[at_];
  if (IsOctal(letter)) return ParseOctal();
  ++at_;
  if (letter == 'c') {
    format_.flushes_ = true;
  } else if (const char c = EscapedCharacter(letter); c != '\0') {
    piece_.text += c;
  } else {
    piece_.text.append(1, '\\').append(1, letter);
    Warn("unrecognized escape '\\", std::string(1, letter), "'");
  }
}

void PrintFormat::Parser::ParseOctal() {
  constexpr size_t kMostDigits = 3;
  unsigned value = 0;
  for (size_t i = 0; i < kMostDigits && !at_end() && IsOctal(text_[at_]); ++i) {
    value = value * 8 + static_cast<unsigned>(text_[at_++] - '0');
  }
  piece_.text += static_cast<char>(value);
}

absl::Status PrintFormat::Parser::ParseDirective() {
  const size_t begin = at_ - 1;
  const auto skip_digits = [this] {
    while (!at_end() && IsDigit(text_[at_])) ++at_;
  };
  constexpr std::string_view kFlags = "-+ #";
  while (!at_end() && kFlags.find(text_[at_]) != std::string_view::npos) ++at_;
  skip_digits();
  if (!at_end() && text_[at_] == '.') {
    ++at_;
    skip_digits();
  }
  const std::string_view start = text_.substr(begin, at_ - begin);
  if (at_end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", Abseil(start), "' at the end of the format"));
  }
  const char directive = text_[at_++];
  if (directive == '%') {
    AddText(start);
    return absl::OkStatus();
  }
  const std::string_view whole = text_.substr(begin, at_ - begin);
  if (directive == '{' || directive == '[' || directive == '(') {
    return absl::InvalidArgumentError(absl::StrCat(
        "the directive '", Abseil(whole), "' is reserved for the future"));
  }
  const FieldKind kind = KindOfField(directive);
  if (kind.conversion == FieldConversion::kNone) {
    AddText(whole);
    Warn("unrecognized format directive '", Abseil(whole), "'");
  } else if (kind.takes_letter && at_end()) {
    AddText(whole);
    Warn("a letter is missing after '", Abseil(whole), "'");
  } else {
    AddDirective(kind, start, directive);
  }
  return absl::OkStatus();
}

void PrintFormat::Parser::AddDirective(FieldKind kind, std::string_view flags,
                                       char directive) {
  piece_.directive = directive;
  if (kind.takes_letter) piece_.time_letter = text_[at_++];
  if (flags.size() > 1 || kind.conversion != FieldConversion::kText) {
    piece_.conversion = flags;
    piece_.conversion += static_cast<char>(kind.conversion);
  }
  format_.needs_details_ |= kind.needs_details;
  format_.needs_names_ |=
      directive == 'u' || directive == 'g' || directive == 'F';
  AddPiece();
}

absl::StatusOr<PrintFormat> PrintFormat::Parse(std::string_view text) {
  return Parser(text).Parse();
}

void PrintFormat::Append(PrintedEntry& entry, const PrintedNames& names,
                         PrintedFor reader, std::string& out) const {
  if (needs_details_ && entry.Details() == nullptr) return;
  for (const Piece& piece : pieces_) {
    out += piece.text;
    if (piece.directive != '\0') AppendValue(piece, entry, names, reader, out);
  }
}

void PrintFormat::AppendValue(const Piece& piece, PrintedEntry& entry,
                              const PrintedNames& names, PrintedFor reader,
                              std::string& out) {
  switch (KindOfField(piece.directive).conversion) {
    case FieldConversion::kNone:
      break;
    case FieldConversion::kDecimal:
      AppendConverted(piece.conversion, static_cast<int>(entry.depth()), out);
      break;
    case FieldConversion::kOctal:
      AppendConverted(piece.conversion, entry.Details()->mode & kPermissionBits,
                      out);
      break;
    case FieldConversion::kReal:
      AppendConverted(piece.conversion, Sparseness(*entry.Details()), out);
      break;
    case FieldConversion::kText: {
      // The commonest of all, without a copy.
      if (piece.directive == 'p' && piece.conversion.empty() &&
          reader == PrintedFor::kProgram) {
        out += entry.path();
        break;
      }
      const std::string text =
          FieldText(piece.directive, piece.time_letter, entry, names, reader);
      if (piece.conversion.empty()) {
        out += text;
      } else {
        AppendConverted(piece.conversion, text.c_str(), out);
      }
      break;
    }
  }
}

}  // namespace finder
