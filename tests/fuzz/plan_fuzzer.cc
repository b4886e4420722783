// Plans of arbitrary bytes: read or refused in one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "finder/answer/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto plan = finder::ParsePlan(text, "plan.json");
  if (plan.ok() && plan->view.roots.empty()) abort();
  if (!plan.ok() && plan.status().message().empty()) abort();
  return 0;
}
