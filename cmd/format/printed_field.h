// What the directives of a format stand for. Pure but for what a PrintedEntry
// and PrintedNames do; as thread-safe as those.
#ifndef FINDER_CMD_FORMAT_PRINTED_FIELD_H_
#define FINDER_CMD_FORMAT_PRINTED_FIELD_H_

#include <string>
#include <string_view>

#include "cmd/format/printed_entry.h"

namespace finder {

// How printf(3) converts the values of a directive.
enum class FieldConversion : char {
  kNone = '\0',  // no such directive
  kText = 's',
  kDecimal = 'd',  // the depth
  kOctal = 'o',    // the permissions
  kReal = 'g',     // the sparseness
};

struct FieldKind {
  FieldConversion conversion = FieldConversion::kNone;
  bool needs_details = false;
  bool takes_letter = false;  // how to print a time
};

FieldKind KindOfField(char directive);

// The text of a directive that has one. Fields of details require that there
// are some.
std::string FieldText(char directive, char time_letter, PrintedEntry& entry,
                      const PrintedNames& names, PrintedFor reader);

// How many bytes are stored for one that can be read: less than 1 for a file
// with holes.
double Sparseness(const FileDetails& details);

// The parts of a path as find has them, which differ from those of basename(1)
// where a path ends in slashes.
std::string_view BaseOfPath(std::string_view path);
std::string_view LeadingDirectories(std::string_view path);
// The path without the operand that it begins with.
std::string_view BelowStart(std::string_view path, std::string_view start,
                            uint32_t depth);

}  // namespace finder

#endif  // FINDER_CMD_FORMAT_PRINTED_FIELD_H_
