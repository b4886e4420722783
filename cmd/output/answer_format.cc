#include "cmd/output/answer_format.h"

#include <utility>

#include "cmd/output/printed_path.h"

namespace finder {

AnswerFormat::AnswerFormat(const OutputOptions& options, Reader reader,
                           std::string working_directory,
                           std::optional<LsColors> colors)
    : format_(options.format),
      path_style_(options.path_style),
      reader_(reader),
      working_directory_(std::move(working_directory)),
      colors_(std::move(colors)),
      is_plain_(reader == Reader::kProgram && !colors_.has_value()) {}

bool TakesDot(std::string_view path) {
  return !path.starts_with('/') && !path.starts_with("./") && path != ".." &&
         !path.starts_with("../");
}

void AppendPath(const Match& match, PathStyle style,
                std::string_view working_directory, std::string& out) {
  if (style == PathStyle::kAbsolute) {
    AppendAbsoluteDirectory(match.directory, working_directory, out);
  } else {
    if (style == PathStyle::kWithDot && TakesDot(match.directory)) out += "./";
    out += match.directory;
  }
  out += match.name;
}

void AnswerFormat::AppendPath(const Match& match, std::string& out) const {
  finder::AppendPath(match, path_style_, working_directory_, out);
}

void AnswerFormat::AppendColored(std::string_view color, std::string_view text,
                                 std::string& out) const {
  std::string safe;
  if (reader_ == Reader::kTerminal) {
    AppendForTerminal(text, safe);
    text = safe;
  }
  if (colors_.has_value()) {
    colors_->Append(color, text, out);
  } else {
    out += text;
  }
}

void AnswerFormat::AppendShown(const Match& match, std::string& out) const {
  std::string path;
  AppendPath(match, path);
  if (!colors_.has_value()) return AppendColored("", path, out);
  const std::string_view color = colors_->Of(match.kind, match.name);
  const std::string_view directory =
      std::string_view(path).substr(0, path.size() - match.name.size());
  if (color == colors_->directory()) return AppendColored(color, path, out);
  AppendColored(colors_->directory(), directory, out);
  AppendColored(color, match.name, out);
}

// OSC 8 ends by ST, and so does an empty one after it.
void AnswerFormat::AppendLink(const Match& match, std::string& out) const {
  std::string path;
  finder::AppendPath(match, PathStyle::kAbsolute, working_directory_, path);
  out += "\x1b]8;;file://";
  AppendUrlPath(*link_host_, out);
  AppendUrlPath(path, out);
  out += "\x1b\\";
  AppendShown(match, out);
  out += "\x1b]8;;\x1b\\";
}

void AnswerFormat::Append(const Match& match, std::string& out) const {
  switch (format_) {
    case OutputFormat::kLines:
      if (is_plain_) {
        AppendPath(match, out);
      } else if (link_host_.has_value()) {
        AppendLink(match, out);
      } else {
        AppendShown(match, out);
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
      out += static_cast<char>(match.kind);
      out += "\"}\n";
      return;
    }
    case OutputFormat::kCount:
    case OutputFormat::kNothing:
      return;
  }
}

}  // namespace finder
