#include "services/gateway/static_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "broker/base/bytes.h"
#include "broker/base/hash.h"

namespace switchboard::gateway {
namespace {

namespace fs = std::filesystem;
constexpr const char* kIndex = "/index.html";

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"}};

std::string type_of(const std::string& path) {
  const std::string extension = fs::path(path).extension().string();
  for (const auto& [known, type] : kTypes) {
    if (extension == known) return std::string(type);
  }
  return "application/octet-stream";
}

std::string etag_of(std::string_view body) {
  constexpr size_t kDigits = 32;
  return '"' + to_hex(view(hash(body))).substr(0, kDigits) + '"';
}

Error unusable(const std::string& path, const char* why) {
  return error(v1::CODE_INVALID, path + ": " + why);
}

// Every regular file below `folder`, by its path from there; at most so many bytes.
Result<std::map<std::string, std::string>> read_all(const std::string& folder, size_t bytes_max) {
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, failed);
  if (failed) return unusable(folder, "not a folder that can be read");
  std::map<std::string, std::string> out;
  size_t bytes = 0;
  for (const fs::recursive_directory_iterator end; at != end; at.increment(failed)) {
    if (failed) return unusable(folder, "cannot be listed");
    if (!at->is_regular_file(failed)) continue;
    const fs::path& path = at->path();
    const uintmax_t size = at->file_size(failed);
    if (failed || size > bytes_max - bytes) return unusable(folder, "more than can be held");
    std::ifstream in(path, std::ios::binary);
    std::string body(size, '\0');
    in.read(body.data(), static_cast<std::streamsize>(size));
    if (static_cast<uintmax_t>(in.gcount()) != size) return unusable(path, "cannot be read");
    bytes += size;
    out.emplace("/" + fs::relative(path, folder, failed).generic_string(), std::move(body));
    if (out.size() > StaticFiles::kFilesMax) return unusable(folder, "too many files");
  }
  if (failed) return unusable(folder, "cannot be listed");
  return out;
}

// One item of a list such as Accept-Encoding or If-None-Match, without the spaces around it.
std::string_view take_item(std::string_view& list) {
  std::string_view item = list.substr(0, list.find(','));
  list.remove_prefix(std::min(list.size(), item.size() + 1));
  while (item.starts_with(' ') || item.starts_with('\t')) item.remove_prefix(1);
  while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
  return item;
}

// "gzip;q=0" says that it is not taken.
bool takes_gzip(std::string_view list) {
  while (!list.empty()) {
    const std::string_view item = take_item(list);
    const std::string_view coding = item.substr(0, item.find_first_of("; \t"));
    if (coding != "gzip" && coding != "x-gzip") continue;
    const size_t weight = item.find("q=");
    if (weight == item.npos) return true;
    return item.substr(weight + 2).find_first_of("123456789") != item.npos;
  }
  return false;
}

bool known_already(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    std::string_view item = take_item(list);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == etag || item == "*") return true;
  }
  return false;
}

}  // namespace

Result<StaticFiles> StaticFiles::open(const std::string& folder, size_t bytes_max) {
  TRY(auto all, read_all(folder, bytes_max));
  if (!all.contains(kIndex)) return unusable(folder + kIndex, "there is no such file");
  StaticFiles out;
  for (auto& [path, body] : all) {
    if (path.ends_with(".gz") && all.contains(path.substr(0, path.size() - 3))) continue;
    File file{.type = type_of(path), .etag = etag_of(body)};
    if (const auto packed = all.find(path + ".gz"); packed != all.end()) {
      file.gzip = packed->second;
      file.gzip_etag = etag_of(file.gzip);
    }
    file.body = body;
    out.files_.emplace(path, std::move(file));
  }
  return out;
}

// A path with a '.' in its last part names a file, which is there or not; any other is the page's.
const StaticFiles::File* StaticFiles::find(std::string_view path) const {
  const auto at = files_.find(path);
  if (at != files_.end()) return &at->second;
  if (path.substr(path.rfind('/') + 1).find('.') != path.npos) return nullptr;
  return &files_.find(kIndex)->second;
}

Response StaticFiles::get(const Request& request) const {
  const File* file = find(request.path);
  if (!file) return problem(error(v1::CODE_NOT_FOUND, "There is no such page."));
  const bool packed = !file->gzip.empty() && takes_gzip(request.header("accept-encoding"));
  const std::string& etag = packed ? file->gzip_etag : file->etag;
  const bool hashed = request.path.starts_with("/assets/") && files_.contains(request.path);
  Response out{.type = file->type};
  out.headers = {{"ETag", etag},
                 {"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (!file->gzip.empty()) out.headers.emplace_back("Vary", "Accept-Encoding");
  if (known_already(request.header("if-none-match"), etag)) {
    out.status = 304;
    return out;
  }
  if (packed) out.headers.emplace_back("Content-Encoding", "gzip");
  out.body = packed ? file->gzip : file->body;
  return out;
}

Responder StaticFiles::pages() const {
  return
      [this](const Request& request, std::shared_ptr<Reply> reply) { reply->answer(get(request)); };
}

}  // namespace switchboard::gateway
