// Names as JSON strings, in both directions.
//
// Valid UTF-8 is stored as it is, with JSON's own escapes. A byte that belongs
// to no valid sequence is stored as U+0000 (which no name can hold) and two
// hexadecimal digits: "caf\u0000e9.c". doc/database_format.md, "Strings".
// Pure functions; any thread.
#ifndef FINDER_FINDER_TEXT_JSON_STRING_H_
#define FINDER_FINDER_TEXT_JSON_STRING_H_

#include <string>
#include <string_view>

namespace finder {

// Whether the bytes can stand between quotes as they are. Looks at a block of
// bytes at a time; says false for valid UTF-8 beyond ASCII too.
bool IsPlainAscii(std::string_view bytes);

// Length of the valid UTF-8 sequence at the start of `bytes` (1 to 4), or 0 if
// there is none. As strict as RFC 3629: no surrogates, nothing overlong.
size_t Utf8SequenceLength(std::string_view bytes);

// Appends `bytes` to `out`, quoted and escaped.
void AppendJsonString(std::string_view bytes, std::string& out);

// Undoes the U+0000 escape in a string that has no JSON escapes left. Appends
// to `out`; false if an escape is malformed.
bool AppendUnescapedBytes(std::string_view text, std::string& out);

}  // namespace finder

#endif  // FINDER_FINDER_TEXT_JSON_STRING_H_
