#include "fs/result.h"

#include <string.h>

#include <string>

namespace finder {

std::string SystemError::Message() const {
  // Not strerror(3), which follows the locale.
  const char* const text = strerrordesc_np(code_);
  if (text == nullptr) return "Unknown error " + std::to_string(code_);
  return text;
}

}  // namespace finder
