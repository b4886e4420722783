#include "finder/answer/plan_decode.h"

#include <algorithm>
#include <utility>

#include "finder/text/json_string.h"

namespace finder {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view Describe(simdjson::error_code error) {
  switch (error) {
    case simdjson::EMPTY:
      return "the file is empty";
    case simdjson::UTF8_ERROR:
      return "not valid UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "a string is not closed";
    case simdjson::UNESCAPED_CHARS:
      return "a control character in a string";
    case simdjson::STRING_ERROR:
      return "a malformed escape in a string";
    default:
      return "not valid JSON";
  }
}

// Where bytes that are no UTF-8 begin.
size_t FirstInvalid(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t size = Utf8SequenceLength(text.substr(at));
    if (size == 0) return at;
    at += size;
  }
  return text.size();
}

}  // namespace

std::string PlanDecoder::Place(const char* at, std::string_view key) const {
  const char* const begin = padded_.data();
  const char* const end = std::clamp(at, begin, begin + padded_.size());
  const auto line = 1 + std::count(begin, end, '\n');
  return key.empty() ? fmt::format("{}:{}", name_, line)
                     : fmt::format("{}:{}: {}", name_, line, key);
}

bool PlanDecoder::FailJson(simdjson::error_code error) {
  const char* at = padded_.data() + padded_.size();
  if (error == simdjson::UTF8_ERROR) {
    at = padded_.data() + FirstInvalid(text_);
  } else if (const char* current = nullptr;
             started_ &&
             document_.current_location().get(current) == simdjson::SUCCESS) {
    at = current;
  }
  return Fail(at, "", Describe(error));
}

bool PlanDecoder::ReadDocument(absl::FunctionRef<bool(Value)> read) {
  padded_ = simdjson::padded_string(text_);
  if (const auto error = parser_.iterate(padded_).get(document_)) {
    return FailJson(error);
  }
  started_ = true;
  Type type;
  if (const auto error = document_.type().get(type)) return FailJson(error);
  if (type != Type::object) {
    return Fail(StartOfText(), "", "expected an object");
  }
  Value value;
  if (const auto error = document_.get_value().get(value)) {
    return FailJson(error);
  }
  if (!read(value)) return false;
  // Nothing may follow.
  if (document_.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    return FailJson(simdjson::TAPE_ERROR);
  }
  return true;
}

bool PlanDecoder::ReadObject(
    Value value,
    absl::FunctionRef<bool(const char* at, std::string_view key, Value)> read) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) {
    return FailJson(error);
  }
  for (auto entry : object) {
    ondemand::field field;
    if (const auto error = std::move(entry).get(field)) return FailJson(error);
    const char* const at = field.key().raw();
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) {
      return FailJson(error);
    }
    if (!read(at, key, field.value())) return false;
  }
  return true;
}

bool PlanDecoder::ReadArray(Value value, std::string_view expected,
                            const std::string& key,
                            absl::FunctionRef<bool(size_t index, Value)> read) {
  if (!IsA(value, Type::array, expected, key)) return false;
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return FailJson(error);
  size_t index = 0;
  for (auto element : array) {
    Value item;
    if (const auto error = element.get(item)) return FailJson(error);
    if (!read(index++, item)) return false;
  }
  return true;
}

bool PlanDecoder::IsA(Value value, Type type, std::string_view expected,
                      const std::string& key) {
  Type actual;
  if (const auto error = value.type().get(actual)) return FailJson(error);
  if (actual == type) return true;
  return Fail(StartOf(value), key, fmt::format("expected {}", expected));
}

bool PlanDecoder::ReadText(Value value, const std::string& key,
                           std::string& to) {
  if (!IsA(value, Type::string, "a string", key)) return false;
  const char* const start = StartOf(value);
  std::string_view text;
  if (const auto error = value.get_string().get(text)) return FailJson(error);
  if (text.empty()) return Fail(start, key, "the string is empty");
  if (text.find('\0') != std::string_view::npos) {
    return Fail(start, key, "the string holds a NUL");
  }
  to = text;
  return true;
}

bool PlanDecoder::ReadStrings(Value value, const std::string& key,
                              CheckText check, std::vector<std::string>& to) {
  constexpr std::string_view kExpected = "an array of strings";
  return ReadArray(value, kExpected, key, [&](size_t index, Value item) {
    if (!IsA(item, Type::string, kExpected, key)) return false;
    const char* const start = StartOf(item);
    const std::string item_key = fmt::format("{}[{}]", key, index);
    std::string text;
    if (!ReadText(item, item_key, text)) return false;
    if (const std::string reason = check(text); !reason.empty()) {
      return Fail(start, item_key, reason);
    }
    to.push_back(std::move(text));
    return true;
  });
}

bool PlanDecoder::ReadBool(Value value, const std::string& key, bool& to) {
  if (!IsA(value, Type::boolean, "true or false", key)) return false;
  if (const auto error = value.get_bool().get(to)) return FailJson(error);
  return true;
}

bool PlanDecoder::ReadNumber(Value value, const std::string& key, uint64_t min,
                             uint64_t max, uint64_t& to) {
  const std::string expected =
      fmt::format("a whole number from {} to {}", min, max);
  if (!IsA(value, Type::number, expected, key)) return false;
  const char* const start = StartOf(value);
  if (value.get_uint64().get(to) != simdjson::SUCCESS || to < min || to > max) {
    return Fail(start, key, "expected " + expected);
  }
  return true;
}

}  // namespace finder
