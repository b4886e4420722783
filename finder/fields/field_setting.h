// Puts values into the fields of a view and a query.
//
// Pure; any thread.
#ifndef FINDER_FINDER_FIELDS_FIELD_SETTING_H_
#define FINDER_FINDER_FIELDS_FIELD_SETTING_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "finder/fields/field.h"

namespace finder {

// Reads a value as a command line has it: "c,h" for a list, which adds to what
// is there; "" for a flag, which turns it on. Fails with InvalidArgument and a
// message that is to follow the field's name; then nothing is set.
absl::Status SetField(const Field& field, std::string_view value,
                      const FieldTarget& to);

// Adds one text, as it is, to a field of kind kTexts.
void AppendText(const Field& field, std::string text, const FieldTarget& to);

// Why a view or a query with nothing but this text does not compile; empty if
// it does. For a field of kind kTexts.
std::string RefusalAlone(const Field& field, const std::string& text);

}  // namespace finder

#endif  // FINDER_FINDER_FIELDS_FIELD_SETTING_H_
