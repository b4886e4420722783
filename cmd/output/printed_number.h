// Numbers in the form that people read. Pure; any thread.
#ifndef FINDER_CMD_OUTPUT_PRINTED_NUMBER_H_
#define FINDER_CMD_OUTPUT_PRINTED_NUMBER_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace finder {

// "1,234,567"
inline std::string WithCommas(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_PRINTED_NUMBER_H_
