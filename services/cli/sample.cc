#include "services/cli/sample.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

using Take = std::function<Status(v1::Item&&)>;

Status read_lines(const std::string& text, const std::string& file, const Take& take) {
  std::istringstream lines(text);
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    v1::Event event;
    google::protobuf::util::JsonParseOptions later_fields;
    later_fields.ignore_unknown_fields = true;
    // The parser's own words may quote the line.
    if (!google::protobuf::util::JsonStringToMessage(line, &event, later_fields).ok()) {
      return error(v1::CODE_INVALID,
                   plain(file) + ":" + std::to_string(number) + ": not an event in JSON");
    }
    TRY_DO(take(to_item(event)));
  }
  return ok();
}

Status read_one(const std::string& path, const EventDefaults& defaults, const Take& take) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return error(v1::CODE_NOT_FOUND, "cannot read " + plain(path));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return ok();
  if (text[first] == '{') return read_lines(text, path, take);
  TRY(auto event, read_event(text, path));
  TRY_DO(complete_event(event, defaults));
  return take(to_item(event));
}

}  // namespace

Status read_sample(const std::string& path, const EventDefaults& defaults, const Take& take) {
  std::error_code failed;
  if (!std::filesystem::is_directory(path, failed)) return read_one(path, defaults, take);
  std::vector<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(path, failed)) {
    if (file.is_regular_file(failed)) files.push_back(file.path().string());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) return error(v1::CODE_NOT_FOUND, plain(path) + ": no files");
  for (const auto& file : files) TRY_DO(read_one(file, defaults, take));
  return ok();
}

}  // namespace switchboard::cli
