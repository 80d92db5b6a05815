#include "services/nudge/settings.h"

#include <sys/stat.h>

#include <cctype>
#include <fstream>
#include <sstream>

#include "broker/base/bytes.h"

namespace switchboard::nudge {
namespace {

constexpr size_t kWebhookKeyBytesMin = 16;

// The file's text without the line's end. As for keys: nobody else may read it.
Result<std::string> read_secret(const std::string& file) {
  struct stat st {};
  if (::stat(file.c_str(), &st) != 0 || !S_ISREG(st.st_mode)) {
    return error(v1::CODE_INVALID, file + " is not there or not a file");
  }
  if ((st.st_mode & 077) != 0) {
    return error(v1::CODE_INVALID, "others can read " + file + ": chmod 600");
  }
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  std::string secret = text.str();
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  if (secret.empty()) return error(v1::CODE_INVALID, file + " is empty");
  return secret;
}

// Collects what is wrong, one a line.
class Problems {
 public:
  void add(const std::string& text) { text_ += (text_.empty() ? "" : "\n") + text; }
  template <typename T>
  T take(Result<T> result, const char* field) {
    if (result.ok()) return std::move(result).value();
    add(std::string(field) + ": " + result.error().text);
    return T{};
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

bool is_mail_address(const std::string& text) {
  const size_t at = text.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == text.size()) return false;
  for (const char c : text) {
    if (std::isgraph(static_cast<unsigned char>(c)) == 0 || c == '<' || c == '>') return false;
  }
  return true;
}

Relay read_relay(const v1::NudgeConfig& c, Problems& problems) {
  Relay relay{.url = c.smtp_url(), .user = c.smtp_user(), .from = c.mail_from()};
  const bool secure = relay.url.starts_with("smtps://");
  const std::string host = host_of(relay.url);
  if ((!secure && !relay.url.starts_with("smtp://")) || host.empty() ||
      relay.url.find('@') != std::string::npos) {
    problems.add("smtp_url: must be smtp://host:port or smtps://host:port");
  }
  if (!is_mail_address(relay.from)) problems.add("mail_from: must be a mail address");
  if (c.smtp_tls() == "off") {
    relay.tls = false;
    if (!secure && !is_loopback(host)) {
      problems.add("smtp_tls: off is for a relay on loopback only; use required");
    }
  } else if (c.smtp_tls() != "required") {
    problems.add("smtp_tls: must be required or off");
  }
  if (relay.user.empty() != c.smtp_password_file().empty()) {
    problems.add("smtp_user and smtp_password_file: give both or none");
  }
  if (!c.smtp_password_file().empty()) {
    relay.password = problems.take(read_secret(c.smtp_password_file()), "smtp_password_file");
  }
  return relay;
}

std::string read_webhook_key(const std::string& file, Problems& problems) {
  const std::string hex = problems.take(read_secret(file), "webhook_secret_file");
  if (hex.empty()) return {};
  const auto key = from_hex(hex);
  if (!key || key->size() < kWebhookKeyBytesMin) {
    problems.add("webhook_secret_file: must hold at least 32 hex digits");
    return {};
  }
  return *key;
}

}  // namespace

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]";
}

std::string host_of(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  std::string rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find('/'));
  if (rest.starts_with('[')) {
    const size_t end = rest.find(']');
    return end == std::string::npos ? std::string() : rest.substr(0, end + 1);
  }
  return rest.substr(0, rest.find(':'));
}

Result<Settings> read_settings(const v1::NudgeConfig& config) {
  Problems problems;
  Settings settings;
  if (!config.smtp_url().empty()) settings.relay = read_relay(config, problems);
  if (!config.webhook_secret_file().empty()) {
    settings.webhook_key = read_webhook_key(config.webhook_secret_file(), problems);
  }
  if (!settings.relay && !settings.webhook_key) {
    problems.add("smtp_url, webhook_secret_file: neither is given, so nothing can be sent");
  }
  if (config.timeout_s() == 0 || config.timeout_s() > 60) {
    problems.add("timeout_s: must be 1 to 60, as what is not reported is handed out again");
  }
  if (config.poll_ms() == 0) problems.add("poll_ms: must not be 0");
  if (config.attempts_max() == 0) problems.add("attempts_max: must not be 0");
  if (config.retry_s() == 0) problems.add("retry_s: must not be 0");
  settings.ca_file = config.ca_file();
  settings.poll = milliseconds(config.poll_ms());
  settings.timeout = seconds(config.timeout_s());
  settings.attempts_max = config.attempts_max();
  settings.retry = seconds(config.retry_s());
  if (!problems.text().empty()) return error(v1::CODE_INVALID, problems.text());
  return settings;
}

}  // namespace switchboard::nudge
