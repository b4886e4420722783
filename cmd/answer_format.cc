#include "cmd/answer_format.h"

#include <utility>

#include "cmd/printed_path.h"

namespace finder {

AnswerFormat::AnswerFormat(const OutputOptions& options, Reader reader,
                           std::string working_directory)
    : format_(options.format),
      path_style_(options.path_style),
      reader_(reader),
      working_directory_(std::move(working_directory)) {}

void AppendPath(const Match& match, PathStyle style,
                std::string_view working_directory, std::string& out) {
  if (style == PathStyle::kAbsolute) {
    AppendAbsoluteDirectory(match.directory, working_directory, out);
  } else {
    out += match.directory;
  }
  out += match.name;
}

void AnswerFormat::AppendPath(const Match& match, std::string& out) const {
  finder::AppendPath(match, path_style_, working_directory_, out);
}

void AnswerFormat::Append(const Match& match, std::string& out) const {
  switch (format_) {
    case OutputFormat::kLines:
      if (reader_ == Reader::kTerminal) {
        std::string path;
        AppendPath(match, path);
        AppendForTerminal(path, out);
      } else {
        AppendPath(match, out);
      }
      out += '\n';
      return;
    case OutputFormat::kNul:
      AppendPath(match, out);
      out += '\0';
      return;
    case OutputFormat::kJson: {
      std::string path;
      AppendPath(match, path);
      out += '{';
      AppendJsonPath("path", path, out);
      out += ",\"type\":\"";
      out += static_cast<char>(match.type);
      out += "\"}\n";
      return;
    }
    case OutputFormat::kCount:
    case OutputFormat::kNothing:
      return;
  }
}

}  // namespace finder
