// The pages: a built web folder, held in memory, by its paths.
//
// Owns a copy of every file, read once at open and bounded; later changes of the folder are not
// seen. A request is a look-up in a map, so that no path leads out of it. "/assets/…" has hashed
// names and may be kept for ever; everything else is asked for again, and answered 304 by ETag. A
// path that names no file is the page itself (index.html), whose own router reads it. "x.gz" beside
// "x" is what browsers get that take it. Thread: any after open. Fails: open, with CODE_INVALID
// naming the file or folder.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

class StaticFiles {
 public:
  static constexpr size_t kBytesMax = 64 << 20;
  static constexpr size_t kFilesMax = 4096;

  static Result<StaticFiles> open(const std::string& folder, size_t bytes_max = kBytesMax);
  Response get(const Request& request) const;
  // For Router::set_fallback; this object must outlive it.
  Responder pages() const;

 private:
  struct File {
    std::string type;
    std::string body;
    std::string etag;
    std::string gzip;  // empty: there is none
    std::string gzip_etag;
  };
  const File* find(std::string_view path) const;
  std::map<std::string, File, std::less<>> files_;  // by "/assets/app-1a2b.js"
};

}  // namespace switchboard::gateway
