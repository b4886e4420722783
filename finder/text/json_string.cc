#include "finder/text/json_string.h"

#include <cstddef>
#include <cstring>

#include "finder/text/byte_block.h"

namespace finder {
namespace {

// Whether a block holds a control, quote, backslash or what is not ASCII.
bool HasSpecialBytes(ByteBlock block) {
  return (block.ControlsAndHigh() | (block ^ ByteBlock::Repeated('"')).Zeros() |
          (block ^ ByteBlock::Repeated('\\')).Zeros())
      .any();
}

constexpr char kHexDigits[] = "0123456789abcdef";

void AppendHexByte(unsigned char byte, std::string& out) {
  out += kHexDigits[byte >> 4];
  out += kHexDigits[byte & 0xf];
}

void AppendAscii(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) {
    out += c;
    return;
  }
  out += "\\u00";
  AppendHexByte(static_cast<unsigned char>(c), out);
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

bool IsPlainAscii(std::string_view bytes) {
  constexpr size_t kSize = ByteBlock::kSize;
  if (bytes.size() < kSize) {
    char padded[kSize];
    std::memset(padded, ' ', kSize);
    // An empty view may have no address, which memcpy must not be given.
    if (!bytes.empty()) std::memcpy(padded, bytes.data(), bytes.size());
    return !HasSpecialBytes(ByteBlock::Load(padded));
  }
  for (size_t i = 0; i + kSize <= bytes.size(); i += kSize) {
    if (HasSpecialBytes(ByteBlock::Load(bytes.data() + i))) return false;
  }
  // The last block overlaps the one before.
  return !HasSpecialBytes(ByteBlock::Load(bytes.data() + bytes.size() - kSize));
}

size_t Utf8SequenceLength(std::string_view bytes) {
  const auto at = [bytes](size_t i) -> unsigned {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
  };
  const auto continues = [at](size_t i) { return (at(i) & 0xc0) == 0x80; };
  const unsigned first = at(0);
  if (bytes.empty()) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if ((first & 0xf0) == 0xe0) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = first == 0xed ? 0x9f : 0xbf;
    return at(1) >= low && at(1) <= high && continues(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80;
    const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
    return at(1) >= low && at(1) <= high && continues(2) && continues(3) ? 4
                                                                         : 0;
  }
  return 0;
}

void AppendJsonString(std::string_view bytes, std::string& out) {
  out += '"';
  if (IsPlainAscii(bytes)) {
    out.append(bytes);
  } else {
    for (size_t i = 0; i < bytes.size();) {
      const size_t length = Utf8SequenceLength(bytes.substr(i));
      if (length == 0) {
        out += "\\u0000";
        AppendHexByte(static_cast<unsigned char>(bytes[i]), out);
      } else if (length == 1) {
        AppendAscii(bytes[i], out);
      } else {
        out.append(bytes.substr(i, length));
      }
      i += length == 0 ? 1 : length;
    }
  }
  out += '"';
}

bool AppendUnescapedBytes(std::string_view text, std::string& out) {
  while (true) {
    const size_t at = text.find('\0');
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) return true;
    if (text.size() < at + 3) return false;
    const int high = HexValue(text[at + 1]);
    const int low = HexValue(text[at + 2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high << 4 | low);
    text.remove_prefix(at + 3);
  }
}

}  // namespace finder
