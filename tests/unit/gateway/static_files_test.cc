#include "services/gateway/static_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace switchboard::gateway {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

class Pages : public testing::Test {
 protected:
  Pages() {
    std::filesystem::create_directories(dir.file("web/assets"));
    dir.write("web/index.html", "<!doctype html>");
    dir.write("web/favicon.svg", "<svg/>");
    dir.write("web/assets/app-1a2b.js", "let long = 1;");
    dir.write("web/assets/app-1a2b.js.gz", "packed");
    dir.write("web/assets/app-1a2b.css", "a{}");
    dir.write("secret.txt", "outside");
  }
  StaticFiles open() { return StaticFiles::open(dir.file("web")).value(); }
  Response get(const std::string& path, std::map<std::string, std::string> headers = {}) {
    return open().get({.path = path, .headers = std::move(headers)});
  }
  std::string header(const Response& response, const char* name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }
  TempDir dir;
};

TEST_F(Pages, AFileIsServedWithItsType) {
  EXPECT_EQ(get("/favicon.svg").body, "<svg/>");
  EXPECT_EQ(get("/favicon.svg").type, "image/svg+xml");
  EXPECT_EQ(get("/assets/app-1a2b.js").type, "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/assets/app-1a2b.css").type, "text/css; charset=utf-8");
  EXPECT_EQ(get("/").type, "text/html; charset=utf-8");
}

TEST_F(Pages, AnAddressWithinThePageIsThePage) {
  for (const char* path : {"/", "/index.html", "/team/a/alerts/17", "/sent", "/a%"}) {
    const Response page = get(path);
    EXPECT_EQ(page.status, 200u) << path;
    EXPECT_EQ(page.body, "<!doctype html>") << path;
    EXPECT_EQ(header(page, "Cache-Control"), "no-cache") << path;
  }
}

TEST_F(Pages, AFileThatIsNotThereIsNotFound) {
  for (const char* path : {"/assets/app-old.js", "/robots.txt", "/team/a.json"}) {
    EXPECT_EQ(get(path).status, 404u) << path;
  }
}

TEST_F(Pages, NoPathLeadsOutOfTheFolder) {
  for (const std::string path :
       {"/../secret.txt", "/assets/../../secret.txt", "/..", "/assets/..", "/%2e%2e/secret.txt",
        "/..\\secret.txt", "\\..\\secret.txt", "//secret.txt", "secret.txt", "/./secret.txt"}) {
    const Response response = get(path);
    EXPECT_EQ(response.status, 404u) << path;
    EXPECT_THAT(response.body, Not(HasSubstr("outside"))) << path;
  }
  EXPECT_EQ(get(std::string("/index.html\0.txt", 16)).status, 404u);
  EXPECT_EQ(get(std::string("/secret.txt\0", 12)).status, 404u);
}

TEST_F(Pages, HashedNamesAreKeptForEver) {
  EXPECT_EQ(header(get("/assets/app-1a2b.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/favicon.svg"), "Cache-Control"), "no-cache");
  // The page under such an address must not be: it is another one after the next release.
  EXPECT_EQ(header(get("/assets/nothing"), "Cache-Control"), "no-cache");
}

TEST_F(Pages, WhatTheBrowserHasIsNotSentAgain) {
  const std::string etag = header(get("/"), "ETag");
  ASSERT_THAT(etag, testing::MatchesRegex("\"[0-9a-f]+\""));
  for (const std::string& known : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    const Response again = get("/", {{"if-none-match", known}});
    EXPECT_EQ(again.status, 304u) << known;
    EXPECT_EQ(again.body, "") << known;
    EXPECT_EQ(header(again, "ETag"), etag) << known;
  }
  EXPECT_EQ(get("/", {{"if-none-match", "\"other\""}}).status, 200u);
}

TEST_F(Pages, AnotherContentHasAnotherTag) {
  const std::string before = header(get("/"), "ETag");
  dir.write("web/index.html", "<!doctype html >");
  EXPECT_NE(header(get("/"), "ETag"), before);
}

TEST_F(Pages, ThePackedFormGoesToThoseThatTakeIt) {
  const char* path = "/assets/app-1a2b.js";
  for (const char* takes : {"gzip", "br, gzip;q=0.5", "deflate , gzip"}) {
    const Response packed = get(path, {{"accept-encoding", takes}});
    EXPECT_EQ(packed.body, "packed") << takes;
    EXPECT_EQ(header(packed, "Content-Encoding"), "gzip") << takes;
    EXPECT_EQ(packed.type, "text/javascript; charset=utf-8") << takes;
  }
  for (const char* not_taken : {"", "br", "gzip;q=0", "gzip; q=0.000", "xgzip"}) {
    const Response plain = get(path, {{"accept-encoding", not_taken}});
    EXPECT_EQ(plain.body, "let long = 1;") << not_taken;
    EXPECT_THAT(plain.headers, Not(Contains(Key("Content-Encoding")))) << not_taken;
    EXPECT_THAT(plain.headers, Contains(Pair("Vary", "Accept-Encoding"))) << not_taken;
  }
  EXPECT_NE(header(get(path), "ETag"), header(get(path, {{"accept-encoding", "gzip"}}), "ETag"));
  EXPECT_EQ(get("/assets/app-1a2b.js.gz").status, 404u);
}

TEST_F(Pages, TheFolderIsReadOnce) {
  const StaticFiles files = open();
  std::filesystem::remove_all(dir.file("web"));
  EXPECT_EQ(files.get({.path = "/"}).body, "<!doctype html>");
}

TEST_F(Pages, AFolderThatCannotServeIsNamed) {
  const auto none = StaticFiles::open(dir.file("nowhere"));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, v1::CODE_INVALID);
  EXPECT_THAT(none.error().text, HasSubstr(dir.file("nowhere")));
  std::filesystem::remove(dir.file("web/index.html"));
  const auto no_page = StaticFiles::open(dir.file("web"));
  ASSERT_FALSE(no_page.ok());
  EXPECT_EQ(no_page.error().code, v1::CODE_INVALID);
  EXPECT_THAT(no_page.error().text, HasSubstr("web/index.html"));
}

TEST_F(Pages, AFolderIsHeldUpToABound) {
  const size_t bytes = 15 + 6 + 13 + 6 + 3;
  EXPECT_TRUE(StaticFiles::open(dir.file("web"), bytes).ok());
  const auto over = StaticFiles::open(dir.file("web"), bytes - 1);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, v1::CODE_INVALID);
}

}  // namespace
}  // namespace switchboard::gateway
