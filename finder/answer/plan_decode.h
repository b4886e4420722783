// The JSON of a plan: values of the expected types, and messages with the place
// of any other value. finder/answer/plan.cc knows what the keys mean. Part of
// finder/answer/plan.h.
//
// One thread, one text.
#ifndef FINDER_FINDER_ANSWER_PLAN_DECODE_H_
#define FINDER_FINDER_ANSWER_PLAN_DECODE_H_

#include <fmt/core.h>
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace finder {

// Says why a string cannot be used; empty if it can.
using CheckText = absl::FunctionRef<std::string(const std::string&)>;

// Every function returns false and sets status() if the text is not as
// expected. A `key` is the whole key: "lists[3].names".
class PlanDecoder {
 public:
  using Value = simdjson::ondemand::value;
  using Type = simdjson::ondemand::json_type;

  PlanDecoder(std::string_view text, std::string_view name)
      : text_(text), name_(name) {}

  // Reads the text, which must be one object. Once, and wholly.
  bool ReadDocument(absl::FunctionRef<bool(Value)> read);
  bool ReadObject(
      Value value,
      absl::FunctionRef<bool(const char* at, std::string_view key, Value)>
          read);
  bool ReadArray(Value value, std::string_view expected, const std::string& key,
                 absl::FunctionRef<bool(size_t index, Value)> read);
  // A string that is neither empty nor holds a NUL.
  bool ReadText(Value value, const std::string& key, std::string& to);
  // Appends strings that pass the check.
  bool ReadStrings(Value value, const std::string& key, CheckText check,
                   std::vector<std::string>& to);
  bool ReadBool(Value value, const std::string& key, bool& to);
  // A whole number from `min` to `max`.
  bool ReadNumber(Value value, const std::string& key, uint64_t min,
                  uint64_t max, uint64_t& to);
  bool IsA(Value value, Type type, std::string_view expected,
           const std::string& key);

  // Where a value begins.
  static const char* StartOf(Value value) {
    return value.raw_json_token().data();
  }
  const char* StartOfText() const { return padded_.data(); }
  // "NAME:LINE: KEY"
  std::string Place(const char* at, std::string_view key) const;

  bool Fail(const char* at, std::string_view key, std::string_view reason) {
    return FailAt(Place(at, key), reason);
  }
  bool FailAt(std::string_view place, std::string_view reason) {
    status_ = absl::InvalidArgumentError(fmt::format("{}: {}", place, reason));
    return false;
  }
  const absl::Status& status() const { return status_; }

 private:
  bool FailJson(simdjson::error_code error);

  const std::string_view text_;
  const std::string_view name_;
  simdjson::padded_string padded_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  bool started_ = false;  // the document may be asked
  absl::Status status_;
};

}  // namespace finder

#endif  // FINDER_FINDER_ANSWER_PLAN_DECODE_H_
